// Turns a fake page, a fake agent and a fake widget into the story of one visit.
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import type { Firsthand } from "../src/api.js";
import { INPUTS, encode, flat, type AgentModule } from "../src/boot/bridge.js";
import { install } from "../src/boot/install.js";
import type { Backstage, Stage } from "../src/boot/backstage.js";
import type { Command } from "../src/types.gen.js";
import { fakePage, warnings, type FakePage } from "./page.js";
import { serve, type Noted } from "./server.js";

afterEach(() => vi.restoreAllMocks());

const SURVEY = { id: "nps", version: 3 };

const PAGE =
  'page 0 https://shop.example/cart de {"url":"https://shop.example/cart","language":"de"}';

type Emit = Extract<Command, { do: "emit" }>;

const emits = (
  event: Emit["event"],
  survey: Emit["survey"] = SURVEY,
): Command => ({ do: "emit", event, survey, response: null });

/** How the arguments of each input follow each other: number, bytes or text. */
const SHAPES: Partial<Record<(typeof INPUTS)[number], string>> = {
  closed: "n",
  configure: "b",
  config_failed: "nnt",
  page: "nttt",
  synced: "b",
  show: "nt",
  ready: "nb",
  busy: "n",
  answered: "nttt",
  delivered: "nnntt",
  track: "tt",
  traits: "t",
  identify: "t",
  sensed: "t",
  explain: "t",
  consent: "n",
};

/** Reads what {@link encode} writes, as the agent does. */
function decode(bytes: Uint8Array): (string | number | undefined)[] {
  let at = 0;
  const number = () => {
    for (let n = 0, unit = 1; ; unit *= 128) {
      const byte = bytes[at++] ?? 0;
      n += (byte & 127) * unit;
      if (byte < 128) return n;
    }
  };
  const text = () => {
    const end = number() + at;
    const content = bytes.subarray(at, end);
    at = end;
    return new TextDecoder().decode(content);
  };
  const name = INPUTS[number()] ?? "tick";
  const n = [number(), number(), number()];
  const b = [text()];
  const t = [text(), text(), text()];
  expect(at).toBe(bytes.length);
  const shape = [...(SHAPES[name] ?? "")] as ("n" | "b" | "t")[];
  return [name, ...shape.map((kind) => ({ n, b, t })[kind].shift())];
}

test.each(
  JSON.parse(
    readFileSync(
      new URL("../../../tests/fixtures/agent/inputs.json", import.meta.url),
      "utf8",
    ),
  ) as { input: unknown[]; hex: string }[],
)("$input is written as the agent reads it", ({ input, hex }) => {
  const [name, ...args] = input.map((arg) =>
    typeof arg === "object"
      ? Buffer.from((arg as { hex: string }).hex, "hex")
      : arg,
  );
  // Which of them it is, only the file knows.
  const bytes = encode(name as "tick", args as []);
  expect(Buffer.from(bytes).toString("hex")).toBe(hex);
});

test.each([7.5, -1, NaN, Infinity])("%d is written as too large", (n) => {
  expect(decode(encode("busy", [n]))[1]).toBeGreaterThan(2 ** 32);
});

test("properties are a flat list of what can be compared", () => {
  const listed = flat({
    plan: "pro\u001f",
    seats: 7.5,
    trial: false,
    none: null,
    nothing: undefined,
    list: [1],
  });
  const parts = ["plan", "pro", "seats", "7.5", "trial", "false"];
  expect(listed).toBe(parts.map((part) => `${part}\u001f`).join(""));
  expect([flat(null), flat(undefined), flat({})]).toEqual(["", "", ""]);
});

/** Everything around one visit: what the agent heard, what it is to say, the open widgets. */
class Visit {
  readonly fake: FakePage = fakePage();
  readonly heard: string[] = [];
  /** What the stage was told. */
  readonly staged: string[] = [];
  backstage: Backstage | undefined;
  /** What the agent answers to the input of this name. */
  readonly says: Partial<Record<string, Command[]>> = {};
  readonly saw: string[] = [];
  requests: Noted[] = [];
  private heardMore = () => {};

  get api(): Firsthand {
    return this.fake.page.firsthand as Firsthand;
  }

  /** Resolves once the agent has heard `input`, which starts with a name. */
  async hears(input: string): Promise<void> {
    while (!this.heard.some((it) => it.startsWith(input))) {
      await new Promise<void>((done) => (this.heardMore = done));
    }
  }

  note(line: string): void {
    this.heard.push(line);
    this.heardMore();
  }

  /** What cannot be fetched. */
  blocked = "";

  readonly load = (url: string): Promise<unknown> => {
    if (this.blocked && url.includes(this.blocked)) {
      return Promise.reject(new Error("blocked"));
    }
    if (url.endsWith("a/agent.js")) return Promise.resolve(this.agentModule());
    if (url.endsWith("a/stage.js")) return Promise.resolve(this.stageModule());
    return Promise.reject(new Error(`no ${url}`));
  };

  private agentModule(): AgentModule {
    return {
      default: () => Promise.resolve(),
      start: (state) => this.note(`start ${[...state].join(",")}`),
      hear: (bytes, ...clocks) => {
        expect(clocks.map((clock) => typeof clock)).toEqual([
          "number",
          "number",
        ]);
        const [name, ...args] = decode(bytes);
        this.note([name, ...args].join(" "));
        const commands = this.says[String(name)]?.splice(0) ?? [];
        return new TextEncoder().encode(JSON.stringify(commands));
      },
    };
  }

  private stageModule() {
    return {
      createStage: (backstage: Backstage): Stage => {
        this.backstage = backstage;
        return {
          hear: (command) => void this.staged.push(command.do),
          openFeedback: () => void this.staged.push("feedback"),
          restyle: () => {
            const { theme, language } = backstage.site;
            this.staged.push(`${theme} ${language}`);
          },
        };
      },
    };
  }

  /** Starts a page with `data` on its script tag, against a collector that has everything. */
  async start(data: DOMStringMap = { siteKey: "fh_demo_shop" }): Promise<void> {
    const server = await serve(({ url }, response) => {
      response.end(url.startsWith("/v1/batch") ? '{"r":"a"}' : `for ${url}`);
    });
    this.requests = server.requests;
    this.install(data, `${server.url}sdk.js`);
    this.fake.runTimers();
    await this.hears("configure");
  }

  install(data: DOMStringMap, url = "https://c.example/sdk.js"): void {
    install(this.fake.page, { url, data }, fetch, this.load);
  }
}

test("the page is told to the agent, with its config", async () => {
  const visit = new Visit();
  await visit.start();
  expect(visit.heard).toEqual([
    "start ",
    PAGE,
    "configure for /v1/config?k=fh_demo_shop&v=1",
  ]);
});

test("nothing is fetched before the page is idle", async () => {
  const visit = new Visit();
  const server = await serve((_, response) => response.end());
  const load = vi.spyOn(visit, "load");
  Object.assign(visit.fake.document, { readyState: "loading" });
  visit.install({ siteKey: "fh_demo_shop" }, `${server.url}sdk.js`);
  visit.fake.runTimers();
  expect(load).not.toHaveBeenCalled();
  visit.fake.page.dispatchEvent(new Event("load"));
  expect(server.requests).toEqual([]);
  visit.fake.runTimers();
  await visit.hears("configure");
});

test("calls made before the script and before the start are made up for", async () => {
  const visit = new Visit();
  const shown = vi.fn();
  const firsthand = [
    ["on", "shown", shown],
    ["identify", { id: "u1", traits: { plan: "pro" } }],
    ["show", "nps"],
    (api: Firsthand) => api.track("bought", { items: 2 }),
  ];
  Object.assign(visit.fake.page, { firsthand });
  visit.says["show"] = [emits("shown")];
  await visit.start();
  expect(visit.heard.slice(0, -1)).toEqual([
    "start ",
    'identify {"id":"u1"}',
    "traits plan\u001fpro\u001f",
    "show 0 nps",
    "track bought items\u001f2\u001f",
    PAGE,
  ]);
  const detail = { survey: SURVEY, response: null, answer: null };
  expect(shown).toHaveBeenCalledWith(detail);
});

test("a call by name works the same before and after the script has arrived", async () => {
  const visit = new Visit();
  await visit.start();
  visit.api.push(["show", "nps", { ignoreConditions: true }]);
  visit.api.push(["close"]);
  visit.api.push(["openFeedback", "feedback"]);
  expect(visit.heard.slice(-3)).toEqual([
    "show 2 nps",
    "closed 1",
    "show 1 feedback",
  ]);
});

test("each call reaches the agent as one input", async () => {
  const visit = new Visit();
  await visit.start();
  visit.heard.length = 0;
  const { api } = visit;
  api.identify({ id: "u1", signature: "ab" });
  api.identify(null);
  api.setTraits({ seats: 3 });
  api.track("left");
  api.setConsent("granted");
  api.setConsent(false);
  api.reset();
  expect(visit.heard).toEqual([
    'identify {"id":"u1","signature":"ab"}',
    "identify ",
    "traits seats\u001f3\u001f",
    "track left ",
    "consent 1",
    "consent 0",
    "reset",
  ]);
});

test("names that begin with $ are ours", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  visit.api.track("$0");
  expect(visit.heard.some((it) => it.startsWith("track"))).toBe(false);
  expect(said).toEqual(["[firsthand] invalid_event: $0: $ is not yours"]);
});

test("what is shown is the stage's, which is fetched for that and told in order", async () => {
  const visit = new Visit();
  const load = vi.spyOn(visit, "load");
  await visit.start();
  expect(load).toHaveBeenCalledTimes(1);
  visit.says["show"] = [
    { do: "hide" },
    { do: "show", survey: SURVEY, resume: null, by_person: false },
    { do: "delivery", state: "sending" },
  ];
  visit.says["closed"] = [{ do: "open" }, { do: "hide" }];
  visit.api.show("nps");
  visit.api.close();
  await vi.waitFor(() => expect(visit.staged).toHaveLength(4));
  expect(visit.staged).toEqual(["show", "delivery", "open", "hide"]);
  expect(load).toHaveBeenCalledTimes(2);
});

test("a stage that cannot be fetched is told, and tried again", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  visit.blocked = "stage";
  visit.says["show"] = [
    { do: "show", survey: SURVEY, resume: null, by_person: false },
  ];
  visit.api.show("nps");
  await visit.hears("show_failed");
  expect(said).toEqual(["[firsthand] widget_failed: Error: blocked"]);
  visit.blocked = "";
  visit.api.openFeedback();
  await vi.waitFor(() => expect(visit.staged).toEqual(["feedback"]));
});

test("language and theme are told where they matter", async () => {
  const visit = new Visit();
  await visit.start();
  visit.heard.length = 0;
  visit.api.setTheme("dark");
  visit.api.setLanguage("fr");
  expect(visit.heard).toEqual([PAGE.replace(/\bde\b/g, "fr")]);
  visit.api.openFeedback();
  visit.api.setLanguage("nl");
  await vi.waitFor(() => expect(visit.staged).toEqual(["feedback", "dark nl"]));
});

test.each([
  [true, 390, 844, 2],
  [true, 820, 1180, 1],
  [false, 390, 844, 0],
])(
  "coarse %s, %d × %d is device %d",
  async (matches, width, height, device) => {
    const visit = new Visit();
    const screen = { width, height };
    Object.assign(visit.fake.page, { screen, matchMedia: () => ({ matches }) });
    await visit.start();
    await visit.hears(`page ${device} `);
  },
);

test("late listeners hear that it is ready, and what is shown", async () => {
  const visit = new Visit();
  visit.says["configure"] = [emits("ready", null), emits("shown")];
  await visit.start();
  const heard: unknown[] = [];
  const { api } = visit;
  api.on("ready", (detail) => heard.push(detail));
  api.on("shown", ({ survey }) => heard.push(survey));
  api.on("eligible", () => heard.push("never"));
  const end = api.on("shown", () => heard.push("ended before"));
  end();
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual([{}, SURVEY]);
  visit.says["closed"] = [{ do: "hide" }];
  api.close();
  api.on("shown", () => heard.push("hidden"));
  await Promise.resolve();
  expect(heard).toHaveLength(2);
});

test("events are told to the document, too, and listeners can go", async () => {
  const visit = new Visit();
  await visit.start();
  const details: unknown[] = [];
  visit.fake.document.addEventListener("firsthand:snoozed", (event) =>
    details.push((event as CustomEvent).detail),
  );
  const gone = vi.fn();
  visit.api.on("snoozed", gone);
  visit.api.off("snoozed", gone);
  visit.says["closed"] = [emits("snoozed")];
  visit.api.close();
  expect(details).toEqual([{ survey: SURVEY, response: null, answer: null }]);
  expect(gone).not.toHaveBeenCalled();
});

test("a survey is explained with all its gates", async () => {
  const visit = new Visit();
  const gates = [{ gate: "sample", needed: 500, actual: 700, passes: false }];
  const survey = "nps";
  visit.says["explain"] = [{ do: "explained", survey, eligible: false, gates }];
  const asked = new Promise((done) => {
    Object.assign(visit.fake.page, {
      firsthand: [(api: Firsthand) => void api.explain(survey).then(done)],
    });
  });
  await visit.start();
  const explained = { survey, eligible: false, gates };
  expect(await asked).toEqual({ ...explained, storage: "kept" });
  visit.says["explain"] = [{ do: "explained", survey, eligible: false, gates }];
  visit.api.setConsent("denied");
  expect(await visit.api.explain(survey)).toEqual({
    ...explained,
    storage: "memory",
  });
});

test("clicks on what was attached open a feedback form, until that ends", async () => {
  const visit = new Visit();
  await visit.start();
  const target = { matches: () => false } as unknown as Element;
  const click = (...path: unknown[]) =>
    visit.fake.document.dispatchEvent(
      Object.assign(new Event("click"), { composedPath: () => path }),
    );
  const end = visit.api.attachTo(target, "feedback");
  click({}, target);
  click({});
  end();
  click(target);
  visit.api.attachTo(".help", "other");
  click({ matches: (selector: string) => selector === ".help" });
  expect(visit.heard.filter((it) => it.startsWith("show"))).toEqual([
    "show 1 feedback",
    "show 1 other",
  ]);
});

test("without consent nothing is kept, and what was kept goes", async () => {
  const visit = new Visit();
  visit.fake.stored.set("firsthand:fh_demo_shop", "AQ==");
  visit.says["consent"] = [{ do: "wipe" }];
  visit.says["track"] = [{ do: "save", state: "Ag==" }];
  await visit.start();
  visit.api.setConsent(false);
  visit.api.track("bought");
  expect([...visit.fake.stored]).toEqual([]);
  visit.says["track"] = [{ do: "save", state: "Aw==" }];
  visit.api.setConsent(true);
  visit.api.track("bought");
  expect([...visit.fake.stored.values()]).toEqual(["Aw=="]);
});

test("after destroy nothing is heard, and calls warn once", async () => {
  const said = warnings();
  const visit = new Visit();
  visit.says["configure"] = [{ do: "wake", in_ms: 1_000 }];
  await visit.start();
  visit.api.destroy();
  visit.api.destroy();
  expect(visit.heard.at(-1)).toBe("hidden");
  visit.heard.length = 0;
  visit.fake.go("https://shop.example/b");
  visit.fake.page.dispatchEvent(new Event("online"));
  visit.fake.runTimers();
  visit.api.show("nps");
  visit.api.track("bought");
  expect(visit.heard).toEqual([]);
  expect(said).toEqual(["[firsthand] destroyed: nothing comes after it"]);
});

test("a page that is destroyed before it is idle starts nothing", () => {
  const visit = new Visit();
  const load = vi.spyOn(visit, "load");
  visit.install({ siteKey: "fh_demo_shop" });
  visit.api.destroy();
  visit.fake.runTimers();
  expect(load).not.toHaveBeenCalled();
});

test("an envelope is posted and its outcome told", async () => {
  const visit = new Visit();
  const header = {} as Extract<Command, { do: "send" }>["header"];
  visit.says["configure"] = [
    {
      do: "send",
      slot: 7,
      batch: "b-1",
      attempt: 1,
      header,
      items: [],
      exit: false,
    },
  ];
  await visit.start();
  await visit.hears("delivered 7 200 0 a ");
});

test("what the agent saves is given to the next page, and heard from other tabs", async () => {
  const visit = new Visit();
  visit.says["configure"] = [{ do: "save", state: "AP8=" }];
  await visit.start();
  const next = new Visit();
  visit.fake.stored.forEach((value, name) => next.fake.stored.set(name, value));
  await next.start();
  expect(next.heard[0]).toBe("start 0,255");
  const [[key, newValue] = []] = [...visit.fake.stored];
  const saved = Object.assign(new Event("storage"), { key, newValue });
  next.fake.page.dispatchEvent(saved);
  next.fake.page.dispatchEvent(Object.assign(saved, { key: "theirs" }));
  expect(next.heard.filter((it) => it.startsWith("synced"))).toHaveLength(1);
});

test("storage that is refused or broken is as good as none", async () => {
  const refused = new Visit();
  Object.defineProperty(refused.fake.page, "localStorage", {
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
  refused.says["configure"] = [{ do: "save", state: "AQ==" }];
  await refused.start();
  expect(refused.heard[0]).toBe("start ");
  const broken = new Visit();
  broken.fake.stored.set("firsthand:fh_demo_shop", "*not base64*");
  await broken.start();
  expect(broken.heard[0]).toBe("start ");
});

test("moves within the page, its visibility and the network are told once each", async () => {
  const visit = new Visit();
  await visit.start();
  const { fake } = visit;
  visit.heard.length = 0;
  fake.go("https://shop.example/b");
  fake.go("https://shop.example/b#c", "hashchange");
  fake.document.visibilityState = "hidden";
  fake.document.dispatchEvent(new Event("visibilitychange"));
  fake.page.dispatchEvent(new Event("pagehide"));
  fake.document.visibilityState = "visible";
  fake.page.dispatchEvent(new Event("pageshow"));
  fake.page.dispatchEvent(new Event("online"));
  expect(visit.heard).toEqual([
    PAGE.replace(/\/cart/g, "/b"),
    "hidden",
    "hidden",
    "synced ",
    "visible",
    "online",
  ]);
});

test.each(["visibilitychange", "pageshow"])(
  "a page that comes back (%s) learns what others saved before it does anything",
  async (event) => {
    const visit = new Visit();
    await visit.start();
    const { fake } = visit;
    fake.page.dispatchEvent(new Event("pagehide"));
    visit.heard.length = 0;
    fake.stored.set("firsthand:fh_demo_shop", btoa("newer"));
    fake.page.location.href = "https://shop.example/b";
    const target = event === "pageshow" ? fake.page : fake.document;
    target.dispatchEvent(new Event(event));
    expect(visit.heard).toEqual([
      "synced newer",
      PAGE.replace(/\/cart/g, "/b"),
      "visible",
    ]);
  },
);

test("a page that begins hidden says so before anything can be shown", async () => {
  const visit = new Visit();
  visit.fake.document.visibilityState = "hidden";
  await visit.start();
  expect(visit.heard[1]).toBe("hidden");
});

test("the agent's timer is one, and looks at the address first", async () => {
  const visit = new Visit();
  visit.says["configure"] = [
    { do: "wake", in_ms: 1_000 },
    { do: "wake", in_ms: 2_000 },
  ];
  await visit.start();
  visit.heard.length = 0;
  // A router that neither pops nor fires an event.
  visit.fake.page.location.href = "https://shop.example/c";
  visit.fake.runTimers();
  expect(visit.heard).toEqual([PAGE.replace(/\/cart/g, "/c"), "tick"]);
});

test("a refused config is told to the agent with its code", async () => {
  const said = warnings();
  const visit = new Visit();
  visit.says["config_failed"] = [
    { do: "warn", code: "refused", about: "unknown_site_key" },
    { do: "warn", code: "refused", about: "unknown_site_key" },
  ];
  const server = await serve((_, response) => {
    response.writeHead(403);
    response.end('{"error":{"code":"unknown_site_key","message":""}}');
  });
  const errors = vi.fn();
  visit.install({ siteKey: "fh_demo_shop" }, `${server.url}sdk.js`);
  visit.api.on("error", errors);
  visit.fake.runTimers();
  await visit.hears("config_failed 403 0 unknown_site_key");
  const message = "the collector refuses this page; nothing is shown or sent";
  expect(said).toEqual([`[firsthand] unknown_site_key: ${message}`]);
  expect(errors).toHaveBeenCalledWith({ code: "unknown_site_key", message });
});

test("a second init and a second script tag warn and start nothing", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  const first = visit.api;
  first.init({ siteKey: "fh_demo_shop" });
  visit.install({ siteKey: "fh_demo_shop" });
  visit.fake.runTimers();
  expect(visit.api).toBe(first);
  expect(visit.heard.filter((it) => it.startsWith("start"))).toHaveLength(1);
  expect(said).toEqual([
    "[firsthand] already_started: the first init counts",
    "[firsthand] already_started: the script is on this page twice",
  ]);
});

test("an agent that traps is not called again, and the page hears no exception", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  const errors = vi.fn();
  visit.api.on("error", errors);
  Object.defineProperty(visit.says, "show", {
    get() {
      throw new WebAssembly.RuntimeError("unreachable");
    },
  });
  visit.api.show("nps");
  visit.api.show("nps");
  visit.api.close();
  expect(visit.heard.filter((it) => it.startsWith("show"))).toHaveLength(1);
  expect(visit.heard).not.toContain("closed");
  const message = "surveys cannot run on this page: RuntimeError: unreachable";
  expect(said).toEqual([`[firsthand] agent_failed: ${message}`]);
  expect(errors.mock.calls).toEqual(
    Array(3).fill([{ code: "agent_failed", message }]),
  );
});

test("an agent that cannot start leaves a page that works", async () => {
  const said = warnings();
  const visit = new Visit();
  Object.assign(visit, { load: () => Promise.reject(new Error("CSP")) });
  visit.install({ siteKey: "fh_demo_shop" }, "http://127.0.0.1:1/sdk.js");
  const failed = new Promise((done) => visit.api.on("error", done));
  visit.fake.runTimers();
  await failed;
  const errors = vi.fn(() => visit.api.close());
  visit.api.on("error", errors);
  visit.api.show("nps");
  visit.api.show("nps");
  expect(errors).toHaveBeenCalledTimes(2);
  expect(said).toEqual([
    "[firsthand] agent_failed: surveys cannot run on this page: Error: CSP",
  ]);
});

test("a listener's mistake is its own, and its end is kept", async () => {
  const said = warnings();
  const visit = new Visit();
  await visit.start();
  const emit: Command = {
    do: "emit",
    event: "submitted",
    survey: SURVEY,
    response: null,
  };
  visit.says["show"] = [emit, emit];
  const after = vi.fn();
  visit.api.on("submitted", () => {
    throw new Error("theirs");
  });
  const end = visit.api.on("submitted", () => {
    after();
    end();
  });
  visit.api.show("nps");
  expect(after).toHaveBeenCalledTimes(1);
  expect(said[0]).toContain("listener_failed");
});

test("what a listener asks for comes after what is being done", async () => {
  const visit = new Visit();
  await visit.start();
  const emit = (event: "shown" | "submitted"): Command => ({
    do: "emit",
    event,
    survey: SURVEY,
    response: null,
  });
  const order: string[] = [];
  visit.says["show"] = [emit("shown"), emit("submitted")];
  visit.says["closed"] = [emit("shown")];
  visit.api.on("shown", () => {
    order.push("shown");
    if (order.length === 1) visit.api.close();
  });
  visit.api.on("submitted", () => order.push("submitted"));
  visit.api.show("nps");
  expect(order).toEqual(["shown", "submitted", "shown"]);
});

test("wrong calls warn, and do nothing else", () => {
  const said = warnings();
  const visit = new Visit();
  Object.assign(visit.fake.page, { firsthand: [["shout", "nps"], 5, null] });
  visit.install({});
  const api = visit.api as unknown as Record<string, (...a: unknown[]) => void>;
  api["show"]?.("nps");
  api["on"]?.("shown", "not a function");
  api["init"]?.(undefined);
  api["init"]?.({ siteKey: "short" });
  api["init"]?.({ siteKey: "fh_demo_shop", endpoint: "ftp://x" });
  const codes = said.map((line) => /^\[firsthand\] (\w+):/.exec(line)?.[1]);
  expect(codes).toEqual([
    "internal",
    "not_started",
    "invalid_listener",
    "invalid_site_key",
    "invalid_endpoint",
  ]);
});
