// Turns what users of other SDKs reported about bodies and streams into checks: nobody but the page reads them.

import { setTimeout as sleep } from "node:timers/promises";

import { must, only } from "../site/visit.mjs";

/**
 * What the server may send in the second half of a look beyond what the page read then. Sockets fill in the first: how far
 * is the machine's business (64 MB where its buffers may grow to 32).
 */
const BEYOND_BYTES = 16e6;
/** What the page's memory may grow by meanwhile. */
const GROWTH_BYTES = 16e6;

const memory = {
  number: 1,
  issues: ["open-telemetry/opentelemetry-js#4888"],
  says: "an answer without an end, read slowly, leaves memory flat",
  harmless: true,
  async check(visit) {
    const page = await visit.open();
    const cdp = await visit.context.newCDPSession(page);
    await visit.run(async () => {
      const { body } = await fetch("/endless");
      window.reader = body.getReader();
    });
    const readSlowly = () =>
      visit.run(async () => {
        let read = 0;
        for (let i = 0; i < 15; i++) {
          read += (await window.reader.read()).value.length;
          await host.sleep(100);
        }
        return read;
      });
    await readSlowly();
    const [hit] = visit.site.to("/endless");
    const before = { held: await held(cdp), sent: hit.sent };
    const read = await readSlowly();
    const sent = hit.sent - before.sent;
    const growth = (await held(cdp)) - before.held;
    await visit.run(() => window.reader.cancel());
    must(
      sent - read < BEYOND_BYTES,
      `${mb(sent)} were taken from the server for ${mb(read)} that the page read`,
    );
    must(
      growth < GROWTH_BYTES,
      `the page's memory grew by ${mb(growth)} while it read ${mb(read)}`,
    );
  },
};

const cancel = {
  number: 2,
  issues: [
    "open-telemetry/opentelemetry-js#5883",
    "open-telemetry/opentelemetry-js#5894",
    "getsentry/sentry-javascript#13950",
    "getsentry/sentry-javascript#13996",
    "elastic/apm-agent-rum-js#1447",
  ],
  says: "cancelling a body closes its connection",
  harmless: true,
  async check(visit) {
    await visit.open();
    for (const way of ["reader", "body", "signal"]) {
      await visit.run(async (way) => {
        const end = new AbortController();
        const { body } = await fetch(`/endless?way=${way}`, {
          signal: end.signal,
        });
        if (way === "body") return body.cancel();
        const reader = body.getReader();
        await reader.read();
        if (way === "reader") return reader.cancel();
        end.abort();
      }, way);
      const hit = () =>
        visit.site.to("/endless").find(({ query }) => query.get("way") === way);
      const closed = await eventually(() => hit().closedMs !== undefined);
      must(
        closed,
        `the connection stayed open for 1.5 s after the page cancelled it (${way})`,
      );
    }
  },
};

const reads = {
  number: 13,
  issues: ["getsentry/sentry-javascript#9616"],
  says: "bodies are never read: a live stream stays live, one that nobody reads is not fetched",
  harmless: true,
  async check(visit) {
    await visit.open();
    const live = await visit.run(async () => {
      const response = await fetch("/drip?n=5&gap=150");
      const untouched = !response.bodyUsed && !response.body.locked;
      const reader = response.body.getReader();
      const at = [];
      for (;;) {
        const { done } = await reader.read();
        if (done) break;
        at.push(performance.now());
      }
      return { untouched, gaps: at.slice(1).map((time, i) => time - at[i]) };
    });
    must(live.untouched, "the body was touched before the page got it");
    must(
      live.gaps.filter((gap) => gap > 75).length >= 3,
      "chunks arrived together instead of one by one",
    );
    const handed = await visit.run(async () => {
      const start = performance.now();
      window.kept = await fetch("/endless");
      return performance.now() - start;
    });
    must(
      handed < 500,
      `the answer was handed over after ${Math.round(handed)} ms`,
    );
    await sleep(1_500);
    const [hit] = visit.site.to("/endless");
    const before = hit.sent;
    await sleep(1_000);
    const sent = hit.sent - before;
    await visit.run(() => window.kept.body.cancel());
    must(
      sent < BEYOND_BYTES,
      `${mb(sent)} a second were taken from the server that nobody asked for`,
    );
  },
};

const stage = {
  number: 14,
  issues: ["getsentry/sentry-javascript#11466", "elastic/apm-agent-rum-js#145"],
  says: "until the headers and until the body are two times, and a slow reader changes the first in nothing",
  async check(visit) {
    await visit.open();
    await visit.run(async () => {
      await (await fetch("/api/stage/trickle?ms=120&body=400")).json();
      const slow = await fetch("/api/stage/large?ms=60&size=3000000");
      await host.sleep(1_200);
      await slow.text();
    });
    const seen = await visit.leave();
    const trickle = only(seen, "/api/stage/trickle");
    must(
      trickle.headersMs !== undefined,
      `one time alone (${round(trickle.durationMs)} ms), not said until when`,
    );
    must(
      near(trickle.headersMs, 120),
      `headers came after 120 ms, told were ${round(trickle.headersMs)}`,
    );
    must(
      trickle.bodyMs === undefined || near(trickle.bodyMs, 520),
      `the body ended after 520 ms, told were ${round(trickle.bodyMs)}`,
    );
    const large = only(seen, "/api/stage/large");
    must(
      large.headersMs !== undefined && near(large.headersMs, 60),
      `of an answer that the page read late, headers were told at ${round(large.headersMs)} ms instead of 60`,
    );
  },
};

export default [memory, cancel, reads, stage];

/** Within what two busy cores need. */
function near(ms, expected) {
  return ms > expected - 15 && ms < expected + 100;
}

function round(ms) {
  return ms === undefined ? "none" : Math.round(ms);
}

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Bytes of the page's heap and of what it holds outside of it. */
async function held(cdp) {
  await cdp.send("HeapProfiler.collectGarbage");
  const {
    usedSize,
    embedderHeapUsedSize = 0,
    backingStorageSize = 0,
  } = await cdp.send("Runtime.getHeapUsage");
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

async function eventually(holds) {
  for (let i = 0; i < 75; i++) {
    if (holds()) return true;
    await sleep(20);
  }
  return false;
}
