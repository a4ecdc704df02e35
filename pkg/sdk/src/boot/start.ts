// Turns a site into a running agent: fetches agent and config, connects everything once.
import type { Delivery, Explanation } from "../api.js";
import type { Command } from "../types.gen.js";
import type { AgentModule } from "./bridge.js";
import type { Book } from "../capture/book.js";
import type { Capture } from "../capture/watch.js";
import type { Surroundings } from "../outbox/index.js";
import type { RowsModule } from "../rows/index.js";
import type { VitalsModule } from "../vitals/index.js";
import { createPost, type Delivered } from "../transport/post.js";
import { errorCode, request, type Fetch } from "../transport/request.js";
import { throughHook, type Through } from "../transport/through.js";
import type { Backstage, Stage, StageModule } from "./backstage.js";
import { createBridge, type Hands } from "./bridge.js";
import type { Events } from "./events.js";
import { whenIdle } from "./idle.js";
import { createKeeping } from "./keeping.js";
import { languageOf, listen } from "./listen.js";
import type { Site } from "./options.js";
import { explain, guarded, type Report } from "./report.js";
import { createStorage } from "./storage.js";

/** What a start needs from the page. */
export interface Ground {
  page: Window;
  capture: Capture | undefined;
  fetch: Fetch;
  /** Dynamic import, so that tests need no server. */
  load: (url: string) => Promise<unknown>;
  events: Events;
  report: Report;
  /** Hears why the agent, once started, can run no longer. */
  fail: (reason: string) => void;
  /** Ends everything. */
  signal: AbortSignal;
}

/** Who waits for an answer of the agent. */
type Asked<T> = ((answer: T) => void) | undefined;

/** What the browser asks for in the person's name. */
type Signals = Navigator & { globalPrivacyControl?: boolean };

/** What runs, and may be called by the page. */
export interface Running extends Backstage {
  /** Calls the stage, which is fetched for that. */
  stage: (fn: (stage: Stage) => void) => void;
  /** Tells the agent if the page's address or language is another. */
  look: () => void;
  /** Shows the site's theme and language where something is shown. */
  restyle: () => void;
  /** The person allows this device to remember, and this page to be measured; or does not. */
  allow: (granted: boolean) => void;
  /** Who has asked with `explain` or `delivery`: the agent answers them in this order. */
  asked: ((answer: never) => void)[];
}

/**
 * Resolves once the agent runs; rejects when it cannot run here. `begin` makes up for the calls made
 * before: after the page's storage was read, before the agent knows page and config.
 */
export async function start(
  site: Site,
  ground: Ground,
  begin: (running: Running) => void,
): Promise<void> {
  const { page, capture, fetch, load, events, report, fail, signal } = ground;
  const asset = (name: keyof typeof __ASSETS__) =>
    site.assets + __ASSETS__[name];
  const getConfig = () =>
    request(fetch, `${site.endpoint}v1/config?k=${site.siteKey}&v=1`);

  const name = `firsthand:${site.siteKey}`;
  const { doNotTrack, globalPrivacyControl } = page.navigator as Signals;
  const isQuiet =
    !site.deaf && (globalPrivacyControl === true || doNotTrack === "1");
  const storage = createStorage(page, name, site.consent === 1);
  const firstConfig = getConfig();
  const { status, body } = await firstConfig;
  // After its format, a config says how many surveys it has; nobody knows without one.
  const asks = status !== 200 || body[1] !== 0;
  const agent = (await load(asset(asks ? "asker" : "agent"))) as AgentModule;
  await agent.default({
    module_or_path: asset(asks ? "askerWasm" : "agentWasm"),
  });
  agent.start(storage.load(), Date.now(), performance.now());

  let timer: number | undefined;
  let opened: Promise<Stage> | undefined;
  const stage = (fn: (stage: Stage) => void) => {
    if (signal.aborted) return;
    opened ??= load(asset("stage")).then((module) => {
      if (signal.aborted) throw new Error("destroyed");
      return (module as StageModule).createStage(running);
    });
    opened.then(guarded(report, fn), (error: unknown) => {
      if (signal.aborted) return;
      // The network may be back next time.
      opened = undefined;
      report("widget_failed", String(error));
      call("show_failed");
    });
  };
  const toStage = (command: Command) => stage((it) => it.hear(command));
  /** Without the stage nothing is shown: then there is nothing to do. */
  const ifStage = (command: Command) => opened && toStage(command);
  const takeConfig = async (answer: ReturnType<typeof getConfig>) => {
    const config = await answer;
    const { status, body, retryAfterMs } = config;
    if (status === 200) call("configure", body);
    else call("config_failed", status, retryAfterMs, errorCode(config));
  };
  const tick = guarded(report, () => {
    look();
    call("tick");
  });
  const hands: Hands = {
    fetch_config: () => void takeConfig(getConfig()),
    show: toStage,
    furnish: toStage,
    open(command) {
      // What is shown may be answered.
      if (storage.isAllowed()) keeping.prepare();
      ifStage(command);
    },
    hide(command) {
      events.hidden();
      ifStage(command);
    },
    delivery: ifStage,
    send: (command) => post.send(command),
    resend: ({ slot, attempt, exit }) => post.resend(slot, attempt, exit),
    forget: ({ slot }) => post.forget(slot),
    keep: (command) => keeping.keep(command),
    unkeep: (command) => keeping.unkeep(command),
    wake({ in_ms }) {
      page.clearTimeout(timer);
      timer = page.setTimeout(tick, in_ms);
    },
    save: ({ state }) => storage.save(state),
    wipe(command) {
      storage.wipe();
      ifStage(command);
    },
    emit({ event, survey, response }) {
      const answer = (event === "answered" && running.answer) || null;
      events.emit(event, survey ? { survey, response, answer } : ({} as never));
    },
    explained(command) {
      const done = running.asked.shift() as Asked<Explanation>;
      const kept = storage.isKept() ? "kept" : "memory";
      // What the agent says in numbers is put into words by the stage.
      stage((it) => done?.({ ...it.explain(command), storage: kept }));
    },
    counted({ do: _, ...counts }) {
      const done = running.asked.shift() as Asked<Delivery>;
      running.kept((state) => done?.({ ...counts, ...state }));
    },
    warn: ({ code, about }) => report(...explain(code, about)),
  };
  const failed = (error: unknown, fatal: boolean) => {
    if (!fatal) return report("internal", String(error));
    fail(String(error));
    hands.hide({ do: "hide" });
  };
  const call = createBridge(agent, hands, failed, signal);
  const hook = throughHook(site.beforeSend);
  const through: Through = (item) => hook(running.scrub(item));
  const tell = (it: Delivered) =>
    call(
      "delivered",
      it.slot,
      // No answer means less while the browser knows that it is offline.
      it.status || +(page.navigator.onLine === false),
      it.retryAfterMs,
      it.letters,
      it.code,
    );
  let leave = () => {};
  const gone = new Promise<undefined>(
    (done) => (leave = () => done(undefined)),
  );
  const post = createPost(
    site,
    fetch,
    tell,
    through,
    (...it) => around.handOff(...it),
    gone,
  );
  const marker = `${name}:kept`;
  const around: Surroundings = {
    page,
    name,
    marker,
    call,
    report,
    through,
    handOff: () => false,
    signal,
  };
  const keeping = createKeeping(
    around,
    () => load(asset("outbox")),
    () => storage.has(marker),
  );
  storage.onSaved((state) => call("synced", state), signal);
  storage.onMarked(marker, keeping.look, signal);
  signal.addEventListener("abort", () => {
    page.clearTimeout(timer);
    leave();
  });
  const look = listen(page, {
    site,
    call,
    saved: storage.load,
    guard: (fn) => guarded(report, fn),
    moved: () => running.moved(),
    leave,
    signal,
  });
  const running: Running = {
    ...ground,
    site,
    request,
    call,
    storage,
    language: () => languageOf(page, site),
    kept: (fn) => keeping.state(storage.isAllowed(), fn),
    answer: undefined,
    moved: () => {},
    asked: [],
    stage,
    look,
    restyle: () => opened && stage((it) => it.restyle()),
    scrub: (item) => item,
    allow(granted) {
      if (!granted) keeping.wipe();
      storage.setConsent(granted);
      // What earlier pages have seen counts again.
      if (granted) call("synced", storage.load());
      call("consent", +granted, +isQuiet);
      keeping.look();
    },
  };
  const measure = async (book: Book) => {
    try {
      const { connect } = (await load(asset("rows"))) as RowsModule;
      // The modules' glue fetches them by the page's own function.
      const modules = ["agent-", "asker-", "widget-"];
      const ours = modules.map((name) => `${site.assets}a/${name}`);
      ours.push(`${site.endpoint}v1/`);
      const { vital } = connect(book, ours, (...it) => call("measured", ...it));
      await new Promise<void>((idle) => whenIdle(page, idle));
      const vitals = (await load(asset("vitals"))) as VitalsModule;
      vitals.watchVitals(vital);
    } catch (error) {
      report("measuring_failed", String(error));
    }
  };
  if (isQuiet) capture?.stop();
  if (isQuiet || site.consent !== 1) call("consent", site.consent, +isQuiet);
  begin(running);
  look();
  keeping.look();
  if (capture && !isQuiet && site.consent > 0) void measure(capture.book);
  void takeConfig(firstConfig);
}
