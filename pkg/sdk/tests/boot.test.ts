// Turns a fake page, a fake agent and a fake widget into the story of one visit.
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import type { Firsthand } from "../src/api.js";
import { INPUTS, encode, type AgentModule } from "../src/boot/bridge.js";
import { install } from "../src/boot/install.js";
import type { Command } from "../src/types.gen.js";
import type { WidgetEvent } from "../src/widget/contract.js";
import { fakePage, warnings, type FakePage } from "./page.js";
import { serve, type Noted } from "./server.js";

afterEach(() => vi.restoreAllMocks());

const SURVEY = { id: "nps", version: 3 };

/** How the arguments of each input follow each other: number, bytes or text. */
const SHAPES: Partial<Record<(typeof INPUTS)[number], string>> = {
  configure: "b",
  config_failed: "nnt",
  page: "tt",
  synced: "b",
  show: "t",
  answered_nps: "ttn",
  answered_text: "ttt",
  delivered: "nntnt",
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

test.each([7.5, -1, NaN, Infinity, 256])("%d is written as no score", (n) => {
  const score = decode(encode("answered_nps", ["q", "p", n]))[3];
  expect(score).toBeGreaterThan(255);
});

/** Everything around one visit: what the agent heard, what it is to say, the open widgets. */
class Visit {
  readonly fake: FakePage = fakePage();
  readonly heard: string[] = [];
  readonly opened: {
    content: string;
    tell: (event: WidgetEvent) => void;
    log: string[];
  }[] = [];
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

  readonly load = (url: string): Promise<unknown> => {
    if (url.endsWith("a/agent.js")) return Promise.resolve(this.agentModule());
    if (url.endsWith("a/widget.js"))
      return Promise.resolve(this.widgetModule());
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

  private widgetModule() {
    const visit = this;
    return {
      load: () => Promise.resolve(),
      open(
        content: Uint8Array,
        options: unknown,
        tell: (event: WidgetEvent) => void,
      ) {
        const log = [JSON.stringify(options)];
        const text = new TextDecoder().decode(content);
        visit.opened.push({ content: text, tell, log });
        visit.note("opened");
        return {
          setDelivery: (state: string) => log.push(state),
          close: () => log.push("close"),
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
    "page https://shop.example/cart de",
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
    ["show", "nps"],
  ];
  Object.assign(visit.fake.page, { firsthand });
  visit.says["show"] = [
    {
      do: "emit",
      event: "shown",
      survey: SURVEY,
      response: null,
      answer: null,
    },
  ];
  await visit.start();
  await visit.hears("show nps");
  expect(shown).toHaveBeenCalledWith({
    survey: SURVEY,
    response: null,
    answer: null,
  });
});

test("a call by name works the same before and after the script has arrived", async () => {
  const visit = new Visit();
  await visit.start();
  visit.api.push(["show", "nps"]);
  visit.api.push(["close"]);
  expect(visit.heard.slice(-2)).toEqual(["show nps", "closed_by_page"]);
});

test("a survey is fetched only to be shown; what happens in it reaches the agent", async () => {
  const visit = new Visit();
  visit.says["configure"] = [{ do: "show", survey: SURVEY }];
  await visit.start({ siteKey: "fh_demo_shop", theme: "dark" });
  await visit.hears("opened");
  const [widget] = visit.opened;
  expect(widget?.content).toBe("for /v1/survey/nps%403?k=fh_demo_shop");
  visit.heard.length = 0;
  visit.says["completed"] = [{ do: "delivery", state: "sending" }];
  visit.says["closed_by_person"] = [{ do: "hide" }];
  const asked = { type: "answered", question: "q", prompt: "Why?" } as const;
  widget?.tell({ type: "visible" });
  widget?.tell({ ...asked, nps: 9 });
  widget?.tell({ ...asked, text: "\u00a0Fast\n" });
  widget?.tell({ ...asked, skipped: true });
  widget?.tell({ type: "completed" });
  widget?.tell({ type: "closed" });
  widget?.tell({ type: "closed" });
  expect(visit.heard).toEqual([
    "shown",
    "answered_nps q Why? 9",
    "answered_text q Why? Fast",
    "answered_text q Why? ",
    "completed",
    "closed_by_person",
  ]);
  expect(widget?.log).toEqual([
    '{"theme":"dark","position":"bottom-right"}',
    "sending",
    "close",
  ]);
});

test("a survey that was hidden while it was fetched does not open", async () => {
  const visit = new Visit();
  visit.says["configure"] = [{ do: "show", survey: SURVEY }, { do: "hide" }];
  await visit.start();
  visit.says["show"] = [{ do: "show", survey: { id: "other", version: 1 } }];
  visit.api.show("other");
  await visit.hears("opened");
  expect(visit.opened.map(({ content }) => content)).toEqual([
    "for /v1/survey/other%401?k=fh_demo_shop",
  ]);
});

test("a widget that cannot be opened is told, and warned about once", async () => {
  const said = warnings();
  const visit = new Visit();
  const { load } = visit;
  Object.assign(visit, {
    load: (url: string) =>
      url.includes("widget") ? Promise.reject(new Error("blocked")) : load(url),
  });
  visit.says["configure"] = [{ do: "show", survey: SURVEY }];
  await visit.start();
  await visit.hears("show_failed");
  expect(said).toEqual(["[firsthand] widget_failed: Error: blocked"]);
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
  await visit.hears("delivered 7 200 a 0 ");
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
    "page https://shop.example/b de",
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
      "page https://shop.example/b de",
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
  expect(visit.heard).toEqual(["page https://shop.example/c de", "tick"]);
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
  expect(visit.heard).not.toContain("closed_by_page");
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
    event: "completed",
    survey: SURVEY,
    response: null,
    answer: null,
  };
  visit.says["show"] = [emit, emit];
  const after = vi.fn();
  visit.api.on("completed", () => {
    throw new Error("theirs");
  });
  const end = visit.api.on("completed", () => {
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
  const emit = (event: "shown" | "completed"): Command => ({
    do: "emit",
    event,
    survey: SURVEY,
    response: null,
    answer: null,
  });
  const order: string[] = [];
  visit.says["show"] = [emit("shown"), emit("completed")];
  visit.says["closed_by_page"] = [emit("shown")];
  visit.api.on("shown", () => {
    order.push("shown");
    if (order.length === 1) visit.api.close();
  });
  visit.api.on("completed", () => order.push("completed"));
  visit.api.show("nps");
  expect(order).toEqual(["shown", "completed", "shown"]);
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
