// Turns a fake page and a fake agent into the story of one visit.
import { afterEach, expect, test, vi } from "vitest";
import type { Capture } from "../src/capture/watch.js";
import type { Sink } from "../src/rows/index.js";
import { serve } from "./server.js";
import type { Command } from "../src/types.gen.js";
import { PAGE, SURVEY, Visit } from "./visit.js";
import { warnings } from "./page.js";

afterEach(() => vi.restoreAllMocks());

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

test.each([
  ["no survey runs", [3, 0, 0], "agent"],
  ["one runs", [3, 1, 0], "asker"],
  ["very many run", [3, 128, 1], "asker"],
  ["the config ends early", [3], "asker"],
])(
  "which module comes depends on the config: %s",
  async (_, config, module) => {
    const visit = new Visit();
    visit.config = new Uint8Array(config);
    const load = vi.spyOn(visit, "load");
    await visit.start();
    expect(visit.started).toBe(module);
    const urls = load.mock.calls.map(([url]) => url.replace(/.*\/a\//, ""));
    expect(urls).toEqual([`${module}.js`]);
  },
);

test("without a config surveys may run", async () => {
  const visit = new Visit();
  visit.install({ siteKey: "fh_demo_shop" }, "http://127.0.0.1:1/sdk.js");
  visit.fake.runTimers();
  await visit.hears("config_failed 0 0");
  expect(visit.started).toBe("asker");
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

test("a stage that comes when all has ended is not set up", async () => {
  const said = warnings();
  const visit = new Visit();
  visit.says["configure"] = [
    { do: "show", survey: SURVEY, resume: null, by_person: false },
  ];
  const load = visit.load;
  let arrive = () => {};
  vi.spyOn(visit, "load").mockImplementation(async (url) => {
    if (url.endsWith("stage.js")) {
      await new Promise<void>((done) => (arrive = done));
    }
    return load(url);
  });
  await visit.start();
  visit.api.destroy();
  arrive();
  await new Promise((done) => setTimeout(done));
  expect(visit.backstage).toBeUndefined();
  expect(said).toEqual([]);
});

/** A capture that only notes what is done to it. */
function watched() {
  const done: unknown[] = [];
  const capture = {
    book: { page: "ours" },
    mark: (feature: string, fn: () => unknown) => {
      done.push(feature);
      return fn();
    },
    stop: () => done.push("stopped"),
  } as unknown as Capture;
  return { capture, done };
}

test("rows of requests reach the agent, and web vitals are watched when that disturbs nobody", async () => {
  const visit = new Visit();
  const { capture, done } = watched();
  visit.capture = capture;
  visit.parts["a/rows.js"] = {
    connect(book: unknown, ours: string[], sink: Sink) {
      done.push(book, ...ours.map((prefix) => new URL(prefix).pathname));
      sink(3, 1, "a\x1eb");
      return { vital: (name: string) => done.push(name) };
    },
  };
  visit.parts["a/vitals.js"] = {
    watchVitals: (tell: (name: string, value: number) => void) =>
      tell("LCP", 1),
  };
  await visit.start();
  await visit.hears("measured 3 1 a\x1eb");
  const ours = ["/a/agent-", "/a/asker-", "/a/widget-", "/v1/"];
  expect(done).toEqual([capture.book, ...ours]);
  await vi.waitFor(() => {
    visit.fake.runTimers();
    expect(done.at(-1)).toBe("LCP");
  });
  visit.heard.length = 0;
  visit.api.destroy();
  expect(done.at(-1)).toBe("stopped");
});

test("without the part that writes rows all else goes on", async () => {
  const said = warnings();
  const visit = new Visit();
  visit.capture = watched().capture;
  await visit.start();
  await vi.waitFor(() => expect(said).toHaveLength(1));
  expect(said[0]).toMatch(/^\[firsthand\] measuring_failed: Error: no http/);
});

test.each([true, false])(
  "a marked operation is done once, whatever watches (%s)",
  (isWatched) => {
    const visit = new Visit();
    const { capture, done } = watched();
    if (isWatched) visit.capture = capture;
    visit.install({});
    const error = new Error("theirs");
    expect(visit.api.mark("search", () => 7)).toBe(7);
    const throwing = () => {
      throw error;
    };
    expect(() => visit.api.mark("search", throwing)).toThrow(error);
    expect(done).toEqual(isWatched ? ["search", "search"] : []);
  },
);
