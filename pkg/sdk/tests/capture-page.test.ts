// Turns what else a page does, and how it ends, into rows.
import { afterEach, expect, test, vi } from "vitest";
import { watch } from "../src/capture/watch.js";
import { Site } from "./capture.js";

afterEach(() => vi.restoreAllMocks());

interface FakeXhr extends XMLHttpRequest {
  sending: () => void;
  goOn(readyState: number, status: number, ...events: string[]): void;
}

const xhrOf = (site: Site, method = "get", url = "/api/a") => {
  const xhr = new site.page.XMLHttpRequest() as FakeXhr;
  xhr.open(method, url);
  return xhr;
};

test.each<[string, (xhr: FakeXhr) => void, string, string]>([
  ["is answered", (xhr) => xhr.goOn(4, 200, "load", "loadend"), "200", "0"],
  ["fails", (xhr) => xhr.goOn(4, 0, "error", "loadend"), "0", "1"],
  ["is aborted", (xhr) => xhr.goOn(4, 0, "abort", "loadend"), "0", "2"],
  ["takes too long", (xhr) => xhr.goOn(4, 0, "timeout", "loadend"), "0", "3"],
])("an XHR that %s", (_, end, status, error) => {
  const site = new Site().connect();
  const xhr = xhrOf(site);
  xhr.send();
  site.pass(30);
  if (status !== "0") xhr.goOn(2, 200);
  site.pass(10);
  end(xhr);
  site.settle();
  const headers = status === "0" ? "400" : "300";
  const body = status === "0" ? "" : "400";
  expect(site.rows).toMatchObject([
    { kind: "1", method: "GET", status, error, headers, body },
  ]);
});

test("an XHR that aborts itself in a listener keeps its status", () => {
  const site = new Site().connect();
  const xhr = xhrOf(site);
  xhr.addEventListener("readystatechange", () => {
    Object.assign(xhr, { status: 0 });
  });
  xhr.send();
  xhr.goOn(4, 503, "load");
  site.settle();
  expect(site.rows).toMatchObject([{ status: "503", error: "0" }]);
});

test("an XHR that is used again is another call, and ends the one under way", () => {
  const site = new Site().connect();
  const xhr = xhrOf(site);
  xhr.send();
  site.pass(20);
  xhr.open("POST", "/api/b");
  xhr.send("x");
  site.pass(20);
  xhr.goOn(4, 200, "load");
  site.settle();
  expect(site.rows).toMatchObject([
    { method: "GET", error: "2", headers: "200" },
    { method: "POST", error: "0", headers: "200" },
  ]);
});

test("a synchronous XHR that throws is a row, and throws", () => {
  const site = new Site().connect();
  const error = new DOMException("x", "NetworkError");
  const xhr = xhrOf(site);
  xhr.sending = () => {
    site.pass(5);
    throw error;
  };
  expect(() => xhr.send()).toThrow(error);
  site.settle();
  expect(site.rows).toMatchObject([{ error: "1", headers: "50" }]);
});

test.each<[string, (socket: EventTarget & { close(): void }) => void, string]>([
  ["opens", (socket) => socket.dispatchEvent(new Event("open")), "0"],
  ["fails", (socket) => socket.dispatchEvent(new Event("error")), "1"],
  ["is closed before", (socket) => socket.close(), "2"],
])("a WebSocket that %s", (_, end, error) => {
  const site = new Site().connect();
  const { WebSocket } = site.page;
  const socket = new WebSocket("wss://shop.example/live?token=1");
  expect(socket).toBeInstanceOf(WebSocket);
  expect([WebSocket.OPEN, WebSocket.name]).toEqual([1, "FakeSocket"]);
  site.pass(25);
  end(socket);
  socket.dispatchEvent(new Event("error"));
  site.settle();
  const status = error === "0" ? "101" : "0";
  expect(site.rows).toMatchObject([
    {
      kind: "4",
      url: "wss://shop.example/live",
      headers: "250",
      status,
      error,
      flags: "512",
    },
  ]);
});

test("beacons are told by the browser alone", () => {
  const site = new Site().connect();
  site.tell({
    initiatorType: "beacon",
    name: "https://shop.example/track?x=1",
    startTime: 900,
    responseStart: 930,
    responseEnd: 931,
    responseStatus: 204,
  });
  site.tell({ initiatorType: "img", name: "https://shop.example/a.png" });
  site.settle();
  expect(site.rows).toMatchObject([
    { kind: "2", method: "POST", start: "900", headers: "300", status: "204" },
  ]);
});

test("a marked operation gives back what it gives, throws what it throws, and is timed", async () => {
  const site = new Site().connect();
  const { mark } = site.capture;
  const error = new Error("theirs");
  expect(mark("sync", () => (site.pass(12), 7))).toBe(7);
  expect(
    await mark("async", async () => {
      await Promise.resolve();
      site.pass(34);
      return 8;
    }),
  ).toBe(8);
  const throwing = () => {
    throw error;
  };
  expect(() => mark("throws", throwing)).toThrow(error);
  await expect(mark("rejects", () => Promise.reject(error))).rejects.toBe(
    error,
  );
  site.settle();
  expect(
    site.rows.map(({ feature, headers, error }) => [feature, headers, error]),
  ).toEqual([
    ["sync", "120", "0"],
    ["async", "340", "0"],
    ["throws", "0", "1"],
    ["rejects", "0", "1"],
  ]);
  expect(site.rows[0]).toMatchObject({ kind: "6", method: "", url: "" });
});

test("what nobody writes rows of yet is kept, up to a number, and what is lost is counted", () => {
  const site = new Site();
  for (let i = 0; i < 600; i++) site.capture.mark("early", () => i);
  site.connect();
  site.settle();
  expect([site.rows.length, site.lost]).toEqual([512, 88]);
});

test("many rows are written over several idle times, none is lost", () => {
  const site = new Site().connect();
  for (let i = 0; i < 1_200; i++) site.capture.mark("many", () => i);
  site.idle();
  expect(site.rows).toHaveLength(512);
  site.settle();
  expect([site.rows.length, site.lost]).toEqual([1_200, 0]);
});

test("a hidden page has its rows written at once, one that goes also of what is under way", () => {
  const site = new Site().connect();
  site.capture.mark("done", () => 1);
  void site.page.fetch("/api/slow");
  site.pass(70);
  site.document.hidden = true;
  site.happen("visibilitychange");
  expect(site.rows).toHaveLength(1);
  expect(site.exits).toBe(1);
  site.happen("pagehide", site.page);
  expect(site.rows).toHaveLength(2);
  expect(site.rows[1]).toMatchObject({ error: "4", headers: "700", body: "" });
});

test("two copies watch once", () => {
  const site = new Site().connect();
  expect(watch(site.page)).toBe(site.capture);
});

test("in the end the page has its functions back", () => {
  const site = new Site().connect();
  const { prototype } = site.page.XMLHttpRequest;
  const { send } = prototype;
  site.capture.mark("last", () => 1);
  site.capture.stop();
  expect(site.rows).toHaveLength(1);
  expect(site.page.fetch).toBe(site.native);
  expect(prototype.send).not.toBe(send);
  expect(watch(site.page)).not.toBe(site.capture);
});

test("what others have wrapped stays, and only passes on", async () => {
  const site = new Site().connect();
  const ours = site.page.fetch;
  const theirs = (...args: Parameters<typeof fetch>) => ours(...args);
  site.page.fetch = theirs;
  site.capture.stop();
  expect(site.page.fetch).toBe(theirs);
  const native = Promise.resolve(new Response());
  site.reply = () => native;
  expect(ours("/api/a")).toBe(native);
  expect(site.capture.book.calls).toEqual([]);
});

test("below zone.js the browser's own methods are called", async () => {
  const site = new Site().connect();
  const promise = Promise.resolve(new Response());
  const zones = vi.fn(Promise.prototype.then);
  Object.assign(promise, {
    then: () => expect.unreachable(),
    __zone_symbol__then: zones,
  });
  site.reply = () => promise;
  await site.page.fetch("/api/a");
  expect(zones).toHaveBeenCalledTimes(1);
});

test.each([true, false])(
  "a rejection is told as often as without us (handled: %s)",
  async (handled) => {
    const site = new Site().connect();
    const told: unknown[] = [];
    const hear = (reason: unknown) => told.push(reason);
    process.on("unhandledRejection", hear);
    site.reply = () => Promise.reject(new TypeError("Failed to fetch"));
    const asked = site.page.fetch("/api/a");
    if (handled) asked.catch(() => {});
    vi.restoreAllMocks();
    await new Promise((done) => setTimeout(done, 5));
    process.off("unhandledRejection", hear);
    expect(told).toHaveLength(handled ? 0 : 1);
  },
);
