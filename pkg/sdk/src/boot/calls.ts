// Turns the page's calls into inputs of the agent, now or once it runs, and never into exceptions.
import type { Explanation, Firsthand } from "../api.js";
import type { Fetch } from "../transport/request.js";
import type { Asked } from "./backstage.js";
import { CLOSED, SHOW } from "../commands.js";
import { flat, type Inputs } from "./bridge.js";
import { createEvents } from "./events.js";
import { whenIdle } from "./idle.js";
import { toSite, toTheme, type Site } from "./options.js";
import { createReport, guarded } from "./report.js";
import { start, type Running } from "./start.js";

type Methods = Omit<Firsthand, "version">;

export function createApi(
  page: Window,
  scriptUrl: string,
  fetch: Fetch,
  load: (url: string) => Promise<unknown>,
): Firsthand {
  const events = createEvents(page);
  const report = createReport((problem) => events.emit("error", problem));
  const end = new AbortController();
  const { signal } = end;
  let started = false;
  let running: Running | undefined;
  const waiting: ((running: Running) => void)[] = [];
  const asked = new Set<Asked>();
  /** Why nothing can be shown any more. */
  let broken: string | undefined;
  let telling = false;

  const explained = (explanation: Explanation) => {
    for (const it of asked) {
      if (it.survey !== explanation.survey || !asked.delete(it)) continue;
      it.done(explanation);
    }
  };
  const tellBroken = () => {
    // What a listener calls because of this is not told again, or it would never end.
    if (telling) return;
    telling = true;
    report("agent_failed", `surveys cannot run on this page: ${broken}`);
    telling = false;
    const gate = { gate: "running", needed: null, actual: broken ?? null };
    for (const { survey } of asked) {
      const gates = [{ ...gate, passes: false }];
      explained({ survey, eligible: false, gates, storage: "memory" });
    }
  };
  const fail = (error: unknown) => {
    broken = String(error);
    tellBroken();
  };
  const later = (fn: (running: Running) => void) => {
    if (signal.aborted) return report("destroyed", "nothing comes after it");
    if (!started)
      report(
        "not_started",
        "call init first, or give the script tag data-site-key",
      );
    if (broken !== undefined) tellBroken();
    else if (running) fn(running);
    else waiting.push(fn);
  };
  const tell = <I extends keyof Inputs>(input: I, ...args: Inputs[I]) =>
    later(({ call }) => call(input, ...args));
  const run = async (site: Site) => {
    if (signal.aborted) return;
    try {
      await start(
        site,
        { page, fetch, load, events, report, fail, explained, signal },
        (it) => {
          running = it;
          for (const fn of waiting.splice(0)) fn(it);
        },
      );
    } catch (error) {
      fail(error);
    }
  };

  const methods: Methods = {
    push(call) {
      if (typeof call === "function") return call(api);
      const [name, ...args] = call;
      const method: unknown = api[name];
      if (typeof method !== "function") {
        throw new Error(`there is no ${String(name)} to call`);
      }
      method(...(args as unknown[]));
    },
    init(options) {
      if (started) return report("already_started", "the first init counts");
      const site = toSite(options, scriptUrl, report);
      if (!site) return;
      started = true;
      whenIdle(page, () => void run(site));
    },
    identify(user) {
      const { id, signature, traits } = user ?? {};
      tell("identify", id ? JSON.stringify({ id: `${id}`, signature }) : "");
      if (traits) methods.setTraits(traits);
    },
    setTraits: (traits) => tell("traits", flat(traits)),
    track(name, properties) {
      if (/^\$/.test(name)) report("invalid_event", `${name}: $ is not yours`);
      else tell("track", String(name), flat(properties));
    },
    setLanguage: (tag) =>
      later(({ site, look, restyle }) => {
        site.language = String(tag);
        look();
        restyle();
      }),
    setTheme: (theme) =>
      later(({ site, restyle }) => {
        site.theme = toTheme(theme, report);
        restyle();
      }),
    setConsent: (consent) =>
      later(({ call, storage }) => {
        const granted = consent === true || consent === "granted";
        storage.setConsent(granted);
        if (!granted) storage.wipe();
        call("consent", +granted);
      }),
    show: (id, options) =>
      tell(
        "show",
        options?.ignoreConditions ? SHOW.ignoreConditions : 0,
        String(id),
      ),
    close: () => tell("closed", CLOSED.page),
    openFeedback: (id) =>
      later(({ call, stage }) => {
        // As a listener of clicks it is called with an event.
        if (typeof id === "string") call("show", SHOW.byPerson, id);
        else stage((it) => it.openFeedback());
      }),
    attachTo(target, id) {
      const open = guarded(report, (event: Event) => {
        const hit = event
          .composedPath()
          .some((at) =>
            typeof target === "string"
              ? (at as Partial<Element>).matches?.(target)
              : at === target,
          );
        if (hit) methods.openFeedback(id);
      });
      // Also elements that are not there yet, and those whose own listeners stop the event.
      page.document.addEventListener("click", open, { capture: true, signal });
      return () => page.document.removeEventListener("click", open, true);
    },
    on(event, listener) {
      if (typeof listener === "function") return events.on(event, listener);
      report("invalid_listener", `on("${event}") needs a function`);
      return () => {};
    },
    off: events.off,
    explain: (survey) =>
      new Promise((done) => {
        asked.add({ survey, done });
        tell("explain", survey);
      }),
    reset: () => tell("reset"),
    destroy() {
      // What waits to be sent goes now.
      running?.call("hidden");
      end.abort();
      events.clear();
    },
  };
  const made: Record<string, unknown> = { version: __VERSION__ };
  for (const [name, method] of Object.entries(methods)) {
    made[name] = guarded(report, method as (...args: unknown[]) => unknown);
  }
  const api = Object.freeze(made) as unknown as Firsthand;
  return api;
}
