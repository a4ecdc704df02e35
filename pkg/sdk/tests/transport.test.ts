// Turns real requests to a local server into assertions about what the collector sees and we read.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { handOff } from "../src/outbox/last.js";
import { createPost, envelope, type Delivered } from "../src/transport/post.js";
import { errorCode, request, retryAfter } from "../src/transport/request.js";
import type { Through } from "../src/transport/through.js";
import type { Header } from "../src/types.gen.js";
import { serve, type Noted } from "./server.js";

const golden = (name: string) =>
  readFileSync(
    new URL(`../../../tests/fixtures/wire/v1/${name}`, import.meta.url),
    "utf8",
  );

const HEADER: Header = {
  sdk: "firsthand-js/0.1.0",
  install: "01936f7e-0000-7000-8000-000000000001",
  session: "01936f7e-1000-7000-8000-000000000002",
  boot: "01936f7e-2000-7000-8000-000000000003",
  sent_wall: 1795300000000,
  report: {},
};

const sending = (slot: number, header = HEADER, exit = false) => ({
  slot,
  batch: `b-${slot}`,
  attempt: 1,
  header,
  items: [],
  exit,
});

/** A post towards `endpoint` and what it told, with a way to wait for the next. */
function outbox(
  endpoint: string,
  fetcher: typeof fetch = fetch,
  through: Through = (item) => item,
  handOff: (url: string, body: string | Blob) => boolean = () => false,
) {
  const told: Delivered[] = [];
  let leave = () => {};
  const gone = new Promise<undefined>(
    (done) => (leave = () => done(undefined)),
  );
  let heard = () => {};
  const box = createPost(
    { endpoint, siteKey: "fh_demo_shop" },
    fetcher,
    (delivered) => {
      told.push(delivered);
      heard();
    },
    through,
    handOff,
    gone,
  );
  const nth = async (n: number) => {
    while (told.length < n) await new Promise<void>((done) => (heard = done));
    return told[n - 1];
  };
  return { box, told, nth, leave };
}

test("an answer is read whole, with its wait", async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(503, { "Retry-After": "7" });
    response.end(golden("refusal-unknown-site-key.json"));
  });
  const answer = await request(fetch, url);
  expect(answer.status).toBe(503);
  expect(answer.retryAfterMs).toBe(7_000);
  expect(errorCode(answer)).toBe("unknown_site_key");
});

test("whatever goes wrong on the way is status 0", async () => {
  const silent = await serve(() => {});
  const cut = await serve((_, response) => response.destroy());
  const none = { status: 0, retryAfterMs: 0, body: new Uint8Array() };
  expect(await request(fetch, silent.url, {}, 20)).toEqual(none);
  expect(await request(fetch, cut.url)).toEqual(none);
  expect(await request(fetch, "http://127.0.0.1:1/")).toEqual(none);
  const throws = () => {
    throw new TypeError("blocked");
  };
  expect(await request(throws, silent.url)).toEqual(none);
});

test.each([
  [null, 0],
  ["", 0],
  ["0", 0],
  ["120", 120_000],
  [" 3 ", 3_000],
  ["-5", 0],
  ["soon", 0],
  ["Fri, 01 Jan 2027 00:00:30 GMT", 30_000],
  ["Fri, 01 Jan 2027 00:00:00 GMT", 0],
  ["99999999999", 0x7fff_ffff],
])("Retry-After %j is %d ms", (header, ms) => {
  expect(retryAfter(header, Date.parse("2027-01-01T00:00:00Z"))).toBe(ms);
});

test("a batch is plain text with nothing that needs a preflight", async () => {
  const server = await serve((_, response) => response.end('{"r":""}'));
  const { box, nth } = outbox(server.url);
  box.send(sending(1, HEADER, false));
  await nth(1);
  const [got] = server.requests;
  expect(got).toMatchObject({
    method: "POST",
    url: "/v1/batch?k=fh_demo_shop&v=1&z=-&b=b-1&n=1",
    body: envelope(HEADER, []),
  });
  expect(got?.headers["content-type"]).toBe("text/plain;charset=UTF-8");
  expect(got?.headers).not.toHaveProperty("authorization");
  expect(got?.headers).not.toHaveProperty("cookie");
});

test("another attempt sends the same bytes; a forgotten batch is not sent", async () => {
  const server = await serve((_, response) => {
    response.writeHead(500);
    response.end();
  });
  const { box, told, nth } = outbox(server.url);
  box.send(sending(1, HEADER, false));
  await nth(1);
  box.resend(1, 2, false);
  await nth(2);
  box.forget(1);
  box.resend(1, 3, false);
  expect(server.requests.map(({ body }) => body)).toEqual(
    Array(2).fill(envelope(HEADER, [])),
  );
  expect(server.requests[1]?.url).toContain("&n=2");
  expect(told.map(({ status }) => status)).toEqual([500, 500]);
});

test("once one of two attempts is answered the other one ends, unheard", async () => {
  let ended = (_: string) => {};
  const end = new Promise<string>((done) => (ended = done));
  const server = await serve(({ url }, response) => {
    const n = new URL(url, server.url).searchParams.get("n");
    response.on("close", () => {
      if (!response.writableFinished) ended(`n=${n} broken off`);
    });
    if (n === "2") response.end('{"r":""}');
  });
  const { box, told, nth } = outbox(server.url);
  box.send(sending(1));
  await vi.waitUntil(() => server.requests.length === 1);
  box.resend(1, 2, true);
  expect(await nth(1)).toMatchObject({ status: 200 });
  box.forget(1);
  expect(await end).toBe("n=1 broken off");
  // What the page sends next is told as ever.
  box.resend(1, 3, false);
  box.send({ ...sending(2), attempt: 2 });
  expect(await nth(2)).toMatchObject({ slot: 2, status: 200 });
  expect(told).toHaveLength(2);
});

test.each([
  ["reply-accepted.json", 200, "aaa", ""],
  ["reply-empty.json", 200, "", ""],
  ["reply-mixed.json", 200, "adcxr", "conflict"],
  ["refusal-unknown-site-key.json", 403, "", "unknown_site_key"],
])("%s is read", async (name, status, letters, code) => {
  const server = await serve((_, response) => {
    response.writeHead(status);
    response.end(golden(name));
  });
  const { box, nth } = outbox(server.url);
  box.send(sending(1, HEADER, false));
  expect(await nth(1)).toEqual({
    slot: 1,
    status,
    letters,
    retryAfterMs: 0,
    code,
  });
});

test.each(["<html>Sign in</html>", "null", '{"r":5,"err":[7]}', ""])(
  "a 200 with %j decides nothing",
  async (body) => {
    const server = await serve((_, response) => response.end(body));
    const { box, nth } = outbox(server.url);
    box.send(sending(1, HEADER, false));
    expect(await nth(1)).toMatchObject({ status: 200, letters: "", code: "" });
  },
);

test("only exits outlive the page, and only within the budget", async () => {
  const flags: (boolean | undefined)[] = [];
  const answers: (() => void)[] = [];
  const held: typeof fetch = (_, init) => {
    flags.push(init?.keepalive);
    return new Promise((resolve) =>
      answers.push(() => resolve(new Response('{"r":""}'))),
    );
  };
  const { box, nth, leave } = outbox("https://c.example/", held);
  const large = { ...HEADER, sdk: "x".repeat(30 << 10) };
  leave();
  box.send(sending(1, HEADER, false));
  box.send(sending(2, large, true));
  box.send(sending(3, large, true));
  await vi.waitFor(() => expect(flags).toEqual([false, true, false]));
  // The budget comes back with the answer.
  for (const answer of answers.splice(0)) answer();
  await nth(3);
  box.resend(3, 2, true);
  await vi.waitFor(() => expect(flags[3]).toBe(true));
});

const item = (seq: number, p: object = { seq }) =>
  ({ id: `i-${seq}`, seq, age_ms: 0, type: "latency", p }) as never;

test("what the page holds back stays here, and the others keep their letters", async () => {
  const server = await serve((_, response) => response.end('{"r":"ar"}'));
  const even: Through = (it) => (it.seq % 2 ? undefined : it);
  const { box, nth } = outbox(server.url, fetch, even);
  box.send({ ...sending(1), items: [item(1), item(2), item(3), item(4)] });
  expect(await nth(1)).toMatchObject({ status: 200, letters: "babr" });
  expect(server.requests[0]?.body.split("\n")).toHaveLength(4);
});

test.each(["a", "aaa", ""])(
  "letters %j for two items decide nothing",
  async (r) => {
    const server = await serve((_, response) => response.end(`{"r":"${r}"}`));
    const even: Through = (it) => (it.seq % 2 ? undefined : it);
    const { box, nth } = outbox(server.url, fetch, even);
    box.send({ ...sending(1), items: [item(1), item(2), item(4)] });
    expect((await nth(1))?.letters).not.toHaveLength(3);
  },
);

test("beyond the budget an exit is handed to the browser, and stays unknown", async () => {
  const large = { ...HEADER, sdk: "x".repeat(50 << 10) };
  const fails: typeof fetch = () => Promise.reject(new Error("not this way"));
  const took: string[] = [];
  for (const takes of [true, false]) {
    const { box, nth, leave } = outbox(
      "https://c.example/",
      fails,
      undefined,
      (url, body) => {
        took.push(`${new URL(url).search} ${new Blob([body]).size > 50_000}`);
        return takes;
      },
    );
    leave();
    box.send(sending(1, large, true));
    // Refused, it is an ordinary request, which may go with the page.
    expect(await nth(1)).toMatchObject({ status: takes ? 425 : 0 });
  }
  expect(took).toEqual(Array(2).fill("?k=fh_demo_shop&v=1&z=-&b=b-1&n=1 true"));
});

test("what outlives the page goes by what the browser has", () => {
  const calls: string[] = [];
  const navigator = { sendBeacon: () => calls.push("beacon") > 0 };
  const fetchLater = (_: string, init: object) => {
    calls.push(JSON.stringify(init));
  };
  const full = () => {
    throw new DOMException("", "QuotaExceededError");
  };
  const refusing = { sendBeacon: () => false };
  const by = (page: object) => handOff(page, "https://c.example/", "text");
  expect(by({ navigator })).toBe(true);
  expect(by({ navigator, fetchLater })).toBe(true);
  expect(by({ navigator, fetchLater: full })).toBe(true);
  expect(by({ navigator: refusing, fetchLater: full })).toBe(false);
  expect(by({ navigator: {} })).toBe(false);
  expect(calls).toEqual([
    "beacon",
    '{"method":"POST","body":"text","credentials":"omit","activateAfter":0}',
    "beacon",
  ]);
});

test.each([
  ["a long text", 2_000, false, "gz"],
  ["a short text", 10, false, "-"],
  ["a long text of a page that is hidden", 2_000, true, "gz"],
])("%s is packed where that helps and hurts nobody", async (_, n, exit, z) => {
  const { url, requests } = await serve((_, response) => response.end("{}"));
  const { box, nth } = outbox(url);
  const header = { ...HEADER, sdk: "x".repeat(n) };
  box.send(sending(1, header, exit));
  await nth(1);
  const [{ url: asked, headers, bytes }] = requests as [Noted];
  expect(asked).toContain(`&z=${z}&`);
  // The browser would ask first whether it may send anything else.
  expect(headers["content-type"]).toMatch(/^text\/plain/);
  const text = z === "gz" ? gunzipSync(bytes) : bytes;
  expect(text.toString()).toBe(envelope(header, []));
  expect(bytes.length < 1_000).toBe(z === "gz" || n < 1_000);
});

test("what is being packed when the page goes, goes as it is, once, at once", async () => {
  const went: string[] = [];
  const noting: typeof fetch = (url, init) => {
    const kept = init?.keepalive ? "kept" : "lost";
    went.push(`${/z=([^&]*)/.exec(url as string)?.[1]} ${kept}`);
    return Promise.resolve(new Response("{}"));
  };
  const { box, told, leave } = outbox("https://c.example/", noting);
  const header = { ...HEADER, sdk: "x".repeat(2_000) };
  const turn = () => new Promise((done) => setTimeout(done, 50));
  box.send(sending(1, header, true));
  leave();
  box.send(sending(2, header, true));
  // Only what is done before the loop turns outlives the page.
  for (let i = 0; i < 9; i++) await Promise.resolve();
  expect(went).toEqual(["- kept", "- kept"]);
  await turn();
  expect(went).toHaveLength(2);
  expect(told).toHaveLength(2);
});

test("where nothing can be packed a long text goes as it is", async () => {
  vi.stubGlobal("CompressionStream", undefined);
  const { url, requests } = await serve((_, response) => response.end("{}"));
  const { box, nth } = outbox(url);
  const header = { ...HEADER, sdk: "x".repeat(2_000) };
  box.send(sending(1, header));
  await nth(1);
  vi.unstubAllGlobals();
  expect(requests).toMatchObject([
    { url: expect.stringContaining("&z=-&"), body: envelope(header, []) },
  ]);
});

test.each([400, 415, 422])(
  "what is refused with %i packed is sent once as it is, and so from then on",
  async (status) => {
    const { url, requests } = await serve((request, response) => {
      response.writeHead(request.url.includes("z=gz") ? status : 200);
      response.end('{"r":""}');
    });
    const { box, told, nth } = outbox(url);
    const header = { ...HEADER, sdk: "x".repeat(2_000) };
    box.send(sending(1, header));
    expect(await nth(1)).toMatchObject({ status: 200 });
    box.send(sending(2, header));
    await nth(2);
    expect(told).toHaveLength(2);
    const ways = requests.map((it) =>
      it.url.replace(/.*&(z=[^&]*).*(n=.*)/, "$1 $2"),
    );
    expect(ways).toEqual(["z=gz n=1", "z=- n=1", "z=- n=1"]);
  },
);

test("what cannot be read either way is told once", async () => {
  const { url, requests } = await serve((_, response) => {
    response.writeHead(400);
    response.end();
  });
  const { box, told, nth } = outbox(url);
  box.send(sending(1, { ...HEADER, sdk: "x".repeat(2_000) }));
  expect(await nth(1)).toMatchObject({ status: 400, letters: "" });
  expect([requests.length, told.length]).toEqual([2, 1]);
});
