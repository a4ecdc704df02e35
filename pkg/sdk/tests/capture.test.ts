// Turns requests of a page into the rows that tell of them.
import { afterEach, expect, test, vi } from "vitest";
import { Site, type Row, type Told } from "./capture.js";

afterEach(() => vi.restoreAllMocks());

const URL_A = "https://shop.example/api/a";

/** Phases of a request that began `at`, with a server that took 50 ms. */
const measured = (at: number, more: Told = {}): Told => ({
  name: URL_A,
  startTime: at,
  fetchStart: at,
  domainLookupStart: at,
  connectEnd: at,
  requestStart: at + 5,
  responseStart: at + 55,
  responseEnd: at + 60,
  ...more,
});

/** One fetch that is answered after `ms` and read to its end. */
async function visit(
  site: Site,
  {
    url = "/api/a",
    init,
    ms = 80,
    reply = site.answer(),
    told,
  }: {
    url?: unknown;
    init?: RequestInit;
    ms?: number;
    reply?: Response | Error;
    told?: Told;
  } = {},
): Promise<Row> {
  const at = site.clock;
  site.reply = async () => {
    await Promise.resolve();
    site.pass(ms);
    if (reply instanceof Error) throw reply;
    return reply;
  };
  try {
    const response = await site.page.fetch(url as string, init);
    await response.text();
  } catch (error) {
    expect(error).toBe(reply);
  }
  if (told) site.tell(measured(at, told));
  site.settle();
  return site.rows.at(-1)!;
}

test.each([
  ["/api/a?q=secret#top", URL_A],
  ["b/../c", "https://shop.example/c"],
  ["https://u:p@other.example:8443/x?y", "https://other.example:8443/x"],
  [new URL(URL_A), URL_A],
  [new Request(URL_A), URL_A],
  ["blob:https://shop.example/123", "blob:"],
  ["data:text/plain,secret", "data:"],
])("of %s the row has %s", async (url, told) => {
  expect((await visit(new Site().connect(), { url })).url).toBe(told);
});

test.each([
  [undefined, URL_A, "GET"],
  [{ method: "post" }, URL_A, "POST"],
  [undefined, new Request(URL_A, { method: "PUT", body: "x" }), "PUT"],
  [
    { method: "DELETE" },
    new Request(URL_A, { method: "PUT", body: "x" }),
    "DELETE",
  ],
])("the method is that of the request: %o", async (init, url, method) => {
  const site = new Site().connect();
  expect((await visit(site, { url, ...(init && { init }) })).method).toBe(
    method,
  );
});

test("times are the page's where the browser tells none, and say so", async () => {
  const row = await visit(new Site().connect());
  expect(row).toMatchObject({
    kind: "0",
    start: "1000",
    headers: "800",
    body: "800",
    status: "200",
    error: "0",
    flags: "1024",
    queue: "",
    server: "",
    main: "",
  });
});

test("with the browser's entry the time is its, and the rest the main thread's", async () => {
  const site = new Site().connect();
  const row = await visit(site, { ms: 400, told: {} });
  expect(row).toMatchObject({
    headers: "550",
    body: "600",
    queue: "50",
    connect: "0",
    server: "500",
    transfer: "50",
    main: "3450",
    flags: "0",
  });
});

test.each<[string, Told, Partial<Row>]>([
  ["cached", { deliveryType: "cache" }, { flags: "64" }],
  ["cached, by size", { transferSize: 0 }, { flags: "64" }],
  [
    "from a service worker, which is no cache",
    { transferSize: 0, deliveryType: "cache", workerStart: 1_001 },
    { flags: "0" },
  ],
  [
    "without TLS",
    { secureConnectionStart: 0, connectEnd: 1_003 },
    { connect: "30", queue: "20" },
  ],
  [
    "of another origin that tells no phases",
    {
      fetchStart: 0,
      domainLookupStart: 0,
      connectEnd: 0,
      requestStart: 0,
      responseStart: 0,
    },
    {
      flags: "1024",
      headers: "600",
      body: "600",
      queue: "",
      connect: "",
      server: "",
      transfer: "",
      main: "200",
    },
  ],
  ["out of order", { requestStart: 1_070 }, { server: "" }],
])("an entry that is %s", async (_, told, row) => {
  expect(await visit(new Site().connect(), { told })).toMatchObject(row);
});

test("a stall on a used connection to another origin suggests a preflight", async () => {
  const url = "https://api.example/x";
  const told = { name: url, requestStart: 1_030 };
  const site = new Site().connect();
  expect((await visit(site, { url, told })).flags).toBe("2048");
});

test("a large body that was read late says nothing of the network", async () => {
  const site = new Site().connect();
  site.reply = () => Promise.resolve(site.answer());
  const response = await site.page.fetch("/api/a");
  site.pass(500);
  await response.json();
  site.tell(measured(1_000, { encodedBodySize: 100_000 }));
  site.settle();
  expect(site.rows[0]).toMatchObject({ headers: "550", body: "" });
});

test.each([
  ["TypeError", 1],
  ["AbortError", 2],
  ["TimeoutError", 3],
])("%s is error %d", async (name, error) => {
  const reply = Object.assign(new Error("x"), { name });
  const row = await visit(new Site().connect(), { reply });
  expect(row).toMatchObject({ error: `${error}`, headers: "800", body: "" });
});

test.each([
  [new Error("mine"), "2"],
  [new DOMException("x", "TimeoutError"), "3"],
])("a signal that aborts with %s", async (reply, error) => {
  const abort = new AbortController();
  abort.abort(reply);
  const init = { signal: abort.signal };
  expect((await visit(new Site().connect(), { init, reply })).error).toBe(
    error,
  );
});

test("what a page asks arrives as it was, and what it gets is the browser's", async () => {
  const site = new Site().connect();
  const native = vi.fn((..._: unknown[]) => Promise.resolve(reply));
  const reply = site.answer();
  site.reply = native;
  const input = new URL(URL_A);
  const init = Object.freeze({ method: "POST", body: "x" });
  expect(await site.page.fetch(input, init)).toBe(reply);
  expect(native.mock.calls).toEqual([[input, init]]);
  expect(native.mock.calls[0]![0]).toBe(input);
  expect([site.page.fetch.name, site.page.fetch.length]).toEqual(["fetch", 0]);
});

test("what cannot be looked at is left to the browser", async () => {
  const site = new Site().connect();
  site.reply = () => Promise.reject(new TypeError("theirs"));
  const hostile = {
    get url(): string {
      throw new Error("no");
    },
  };
  await expect(site.page.fetch(hostile as Request)).rejects.toThrow("theirs");
  await expect(site.page.fetch("http://[")).rejects.toThrow("theirs");
  site.settle();
  expect(site.rows).toEqual([]);
});

test("the first call gets the first entry, each once", async () => {
  const site = new Site().connect();
  const ends: ((response: Response) => void)[] = [];
  site.reply = () => new Promise((end) => ends.push(end));
  const [a, b] = [site.page.fetch("/api/a"), site.page.fetch("/api/a")];
  site.pass(100);
  ends.forEach((end) => end(site.answer()));
  await Promise.all([a, b].map(async (it) => (await it).text()));
  // They arrive in the order in which they end; the last only when it is asked for.
  site.tell(measured(1_000.4, { responseStart: 1_020.4 }));
  site.tell(
    measured(1_000.2, { responseStart: 1_030.2, responseEnd: 1_090 }),
    true,
  );
  site.settle();
  expect(site.rows.map(({ headers }) => headers)).toEqual(["300", "200"]);
});

test.each([
  ["another address", { name: `${URL_A}b` }],
  ["another kind", { initiatorType: "xmlhttprequest" }],
  ["a later start", { startTime: 1_003 }],
  ["an earlier start", { startTime: 990 }],
])("an entry with %s is not that of a call", async (_, told) => {
  const site = new Site().connect();
  expect((await visit(site, { told })).flags).toBe("1024");
});

test("an answer that nobody reads is a row all the same", async () => {
  const site = new Site().connect();
  site.reply = () => Promise.resolve(site.answer("x", { status: 500 }));
  await site.page.fetch("/api/a");
  site.idle();
  expect(site.rows).toEqual([]);
  site.settle();
  expect(site.rows).toMatchObject([{ status: "500", body: "", flags: "1024" }]);
});

test.each([
  ["offline", () => ({ onLine: false }), "1026"],
  ["online", () => ({ onLine: true }), "1024"],
])("a call that begins %s", async (event, navigator, flags) => {
  const site = new Site().connect();
  Object.assign(site.page.navigator, navigator());
  site.happen(event, site.page);
  expect((await visit(site)).flags).toBe(flags);
});

test.each<[string, (site: Site) => void, number]>([
  [
    "is hidden",
    (site) => {
      site.document.hidden = true;
      site.happen("visibilitychange");
    },
    128,
  ],
  ["freezes", (site) => site.happen("freeze"), 4],
  ["goes offline", (site) => site.happen("offline", site.page), 2],
  [
    "sleeps",
    (site) => {
      site.slept += 3_600_000;
    },
    4,
  ],
  ["prerenders before", () => {}, 0],
])("a page that %s meanwhile", async (_, meanwhile, flag) => {
  const site = new Site().connect();
  let end = (_: Response) => {};
  site.reply = () => new Promise((done) => (end = done));
  const asked = site.page.fetch("/api/a");
  meanwhile(site);
  end(site.answer());
  await (await asked).text();
  site.settle();
  expect(site.rows.map(({ flags }) => Number(flags) & ~1024)).toEqual([flag]);
});

test("a prerendered page's calls are told apart", async () => {
  const site = new Site().connect();
  site.document.prerendering = true;
  site.happen("prerenderingchange");
  expect((await visit(site)).flags).toBe("1025");
  site.document.prerendering = false;
  site.happen("prerenderingchange");
  site.rows.length = 0;
  expect((await visit(site)).flags).toBe("1024");
});

test.each([
  ["past the quota", 70_000, 2, "1032"],
  ["within it", 1_000, 2, "1024"],
  ["past it, but slowly", 70_000, 30, "1024"],
])("keepalive %s", async (_, size, ms, flags) => {
  const init = { method: "POST", keepalive: true, body: "x".repeat(size) };
  const reply = new TypeError("Failed to fetch");
  const site = new Site().connect();
  expect((await visit(site, { init, reply, ms })).flags).toBe(flags);
});

test("what a policy of the page forbids is not the network's fault", async () => {
  const site = new Site().connect();
  site.reply = () => Promise.reject(new TypeError("Failed to fetch"));
  for (const path of ["/api/a", "/api/b"])
    await site.page.fetch(path).catch(() => {});
  site.happen("securitypolicyviolation", site.document, {
    blockedURI: URL_A,
    timeStamp: site.clock + 10,
  });
  // Not yet: the event may come later than the rejection.
  site.idle();
  expect(site.rows).toEqual([]);
  site.settle();
  expect(site.rows.map(({ flags }) => flags)).toEqual(["1040", "1024"]);
});

test.each([
  ["a name", { operationName: "Search", query: "query Other { a }" }, "Search"],
  [
    "a document",
    { query: "fragment F on A { b } mutation Buy($x: Int) { c }" },
    "Buy",
  ],
  [
    "a batch",
    [{ operationName: "A" }, { query: "subscription B { c }" }],
    "A,B",
  ],
  ["no name", { query: "{ a }" }, ""],
  ["something else", null, ""],
  ["half of it", "[{", ""],
])("a GraphQL request with %s", async (_, body, names) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method: "POST", body: text };
  const site = new Site().connect();
  const url = "/graphql";
  expect((await visit(site, { url, init })).graphql).toBe(names);
});

test("a persisted GraphQL query is named in the query string", async () => {
  const url = "/graphql?operationName=Search&id=1";
  expect((await visit(new Site().connect(), { url })).graphql).toBe("Search");
});

test.each([
  ["/graphql", '{"errors":[{"message":"x"}]}', "1280"],
  ["/graphql", '[{"data":{}},{"errors":[{}]}]', "1280"],
  ["/graphql", '{"errors":[]}', "1024"],
  ["/graphql", "null", "1024"],
  ["/api/a", '{"errors":[{}]}', "1024"],
])(
  "GraphQL errors are seen in what the page reads: %s %s",
  async (url, body, flags) => {
    const site = new Site().connect();
    site.reply = () => Promise.resolve(site.answer(body));
    await (await site.page.fetch(url)).json();
    site.settle();
    expect(site.rows[0]!.flags).toBe(flags);
  },
);

test("a body that is no JSON was delivered", async () => {
  const site = new Site().connect();
  site.reply = () => Promise.resolve(site.answer("<"));
  await expect((await site.page.fetch("/api/a")).json()).rejects.toThrow(
    SyntaxError,
  );
  site.settle();
  expect(site.rows[0]).toMatchObject({ status: "200", error: "0" });
});

const TRACE = "0123456789abcdef0123456789abcdef";
const PARENT = `00-${TRACE}-0123456789abcdef-01`;

test.each([
  ["an object", { traceparent: PARENT }, undefined, TRACE],
  ["Headers", new Headers({ traceparent: PARENT }), undefined, TRACE],
  ["the answer", {}, [{ name: "traceparent", description: PARENT }], TRACE],
  ["nothing", {}, [], ""],
  ["nonsense", { traceparent: "1-2-3" }, [], ""],
])("a trace in %s", async (_, headers, serverTiming, trace) => {
  const told = { serverTiming } as Told;
  const site = new Site().connect();
  expect((await visit(site, { init: { headers }, told })).trace).toBe(trace);
});

test("separators in what the page wrote do not make fields", async () => {
  const site = new Site().connect();
  site.capture.mark("a\x1eb\x1fc", () => 1);
  site.settle();
  expect(site.rows).toMatchObject([{ kind: "6", feature: "abc" }]);
});

test("calls of ours are none", async () => {
  const site = new Site().connect();
  await visit(site, { url: "https://c.example/v1/batch?k=1" });
  expect(site.rows).toEqual([]);
  expect(site.capture.fetch.name).toBe("bound fetch");
});
