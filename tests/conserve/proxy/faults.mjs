// Turns a batch on its way to the collector into what networks and servers make of it.
//
// Each fault is asked with the exchange at hand, and ends it. Times are by the page's clock; the proxy waits as much less
// as that clock runs faster.

import { setTimeout as sleep } from "node:timers/promises";

/** Longer than the SDK waits for an answer (30 s). */
const STALL_MS = 40_000;
/** Longest `Retry-After` that is given, in seconds. */
const RETRY_S = 12;

const text = { "content-type": "text/plain" };

/** An answer that the collector did not give. */
const status =
  (code, headers = () => ({})) =>
  async (exchange) =>
    exchange.answer(code, { ...text, ...headers(exchange) }, "");

const inSeconds = ({ random }) => ({
  "retry-after": String(random.whole(1, RETRY_S)),
});

const asDate = ({ random, pageNow }) => ({
  "retry-after": new Date(
    Math.ceil((pageNow() + random.whole(1, RETRY_S) * 1_000) / 1_000) * 1_000,
  ).toUTCString(),
});

/** Refuses bodies with an item that is bad for good, and says no better which it is than a stranger would. */
const poisoned = (code) => async (exchange) =>
  exchange.isPoisoned()
    ? exchange.answer(code, text, "")
    : exchange.pass(await exchange.forward());

/** What can be wrong between a page and the disk, by the name under which it is counted. */
export const faults = {
  // The answer is lost, the items are not.
  async "response lost after commit"(exchange) {
    await exchange.forward();
    exchange.cut();
  },
  async "reset mid-answer"(exchange) {
    exchange.half(await exchange.forward());
  },
  async "reset mid-body"(exchange) {
    exchange.cut();
  },
  async "stall before"(exchange) {
    await sleep(STALL_MS / exchange.speed);
    exchange.cut();
  },
  async "stall after"(exchange) {
    await exchange.forward();
    await sleep(STALL_MS / exchange.speed);
    exchange.cut();
  },
  async slow(exchange) {
    await sleep(exchange.random.whole(20, 250));
    exchange.pass(await exchange.forward());
  },
  500: status(500),
  502: status(502),
  504: status(504),
  408: status(408),
  425: status(425),
  "503 and Retry-After": status(503, inSeconds),
  "429 and Retry-After in seconds": status(429, inSeconds),
  "429 and Retry-After as a date": status(429, asDate),
  413: poisoned(413),
  "400 for one bad item": poisoned(400),
  "403 for a while": status(403),
  "200 of a portal": async (exchange) =>
    exchange.answer(200, { "content-type": "text/html" }, "<h1>Welcome</h1>"),
  /** The collector takes some and wants the others again. */
  async "some again"(exchange) {
    const { items, random } = exchange;
    const again = new Set(items.filter(() => random.chance(0.5)));
    const taken = items.filter((item) => !again.has(item));
    const answer = await exchange.forward(taken);
    if (answer.status !== 200) return exchange.pass(answer);
    const letters = [...JSON.parse(answer.body).r];
    const all = items.map((item) => (again.has(item) ? "r" : letters.shift()));
    return exchange.pass({
      ...answer,
      body: JSON.stringify({ r: all.join("") }),
      headers: { ...answer.headers, ...inSeconds(exchange) },
    });
  },
};

/** Transports that break the promise: each has to be found, see `control.mjs`. */
export const betrayals = {
  /** Says that it was kept, and throws it away. */
  async "answers accepted without forwarding"(exchange) {
    const r = "a".repeat(exchange.items.length);
    exchange.answer(
      200,
      { "content-type": "application/json" },
      JSON.stringify({ r }),
    );
  },
  /** Keeps something else than what was sent. */
  async "changes a body"(exchange) {
    const changed = exchange.text.replaceAll(
      '"language":"en"',
      '"language":"fr"',
    );
    exchange.pass(await exchange.forwardText(changed));
  },
  /** Keeps it twice, under another id. */
  async "stores under a second id"(exchange) {
    const answer = await exchange.forward();
    await exchange.forwardText(otherIds(exchange.text));
    exchange.pass(answer);
  },
  /** Says of one item that was never handed on that it was kept. */
  async "loses the last item of each batch"(exchange) {
    const { items } = exchange;
    const answer = await exchange.forward(items.slice(0, -1));
    if (answer.status !== 200) return exchange.pass(answer);
    const { r } = JSON.parse(answer.body);
    return exchange.pass({ ...answer, body: JSON.stringify({ r: `${r}a` }) });
  },
};

/** The same body with items that nobody has sent: the last digits of each id are others. */
function otherIds(body) {
  return body.replaceAll(
    /("id":"[0-9a-f-]{32})([0-9a-f]{4}")/g,
    (_, start, end) => `${start}${end[0] === "0" ? "1" : "0"}${end.slice(1)}`,
  );
}
