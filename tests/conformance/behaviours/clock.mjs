// Turns what users of other SDKs reported about clocks into checks of the times that were uploaded.

import { must, of, only } from "../site/visit.mjs";

const stamp = {
  number: 3,
  issues: ["open-telemetry/opentelemetry-js#4093"],
  says: "the end of a request is stamped before anybody works with the answer",
  async check(visit) {
    await visit.open();
    await visit.run(async () => {
      const response = await fetch("/api/stamp/fetch?ms=120").then(
        (response) => {
          host.block(500);
          return response;
        },
      );
      await response.json();
      await host.xhr("/api/stamp/xhr?ms=120", {
        onload: () => host.block(500),
      });
    });
    const seen = await visit.leave();
    for (const path of ["/api/stamp/fetch", "/api/stamp/xhr"]) {
      const { durationMs, headersMs } = only(seen, path);
      // A duration until the body has been read ends when the page has read it: then the headers count.
      const told = headersMs ?? durationMs;
      must(told !== undefined, `no duration was told of ${path}`);
      must(
        told > 100 && told < 350,
        `${path} took 120 ms, told were ${Math.round(told)}: the page's own work is in it`,
      );
      must(
        durationMs === undefined || durationMs < 350 || durationMs > headersMs,
        `${path}: ${durationMs} ms`,
      );
    }
  },
};

/** How long the machine sleeps. */
const SLEEP_MS = 3 * 3_600_000;

/** Lets the wall clock jump while the monotonic one stands, as a machine that sleeps does; before anything reads a clock. */
const SLEEPER = `<script>(() => {
  const Real = Date;
  let slept = 0;
  window.sleepFor = (ms) => { slept += ms; };
  window.Date = class Date extends Real {
    constructor(...args) { if (args.length === 0) super(Real.now() + slept); else super(...args); }
    static now() { return Real.now() + slept; }
  };
})()</script>`;

const suspended = {
  number: 11,
  issues: [
    "getsentry/sentry-javascript#2590",
    "getsentry/sentry-javascript#22375",
    "grafana/faro-web-sdk#2179",
  ],
  says: "after a laptop slept there are no giant durations and no stamps that are hours old",
  async check(visit) {
    await visit.open({ before: SLEEPER });
    const atMs = await visit.run(async (ms) => {
      const during = fetch("/api/sleep/during?ms=300").then((r) => r.text());
      await host.sleep(100);
      window.sleepFor(ms);
      await during;
      await host.sleep(300);
      const atMs = Date.now();
      await (await fetch("/api/sleep/after?ms=100")).text();
      return atMs;
    }, SLEEP_MS);
    const seen = await visit.leave();
    for (const { name, durationMs, headersMs, bodyMs } of seen) {
      const longest = Math.max(durationMs ?? 0, headersMs ?? 0, bodyMs ?? 0);
      must(
        longest < 60_000,
        `${name} is said to have taken ${Math.round(longest / 60_000)} minutes`,
      );
    }
    const after = only(seen, "/api/sleep/after");
    must(
      (after.durationMs ?? after.headersMs) < 400,
      `100 ms after the sleep are told as ${after.durationMs}`,
    );
    must(after.atMs !== undefined, "no time was told");
    const off = Math.abs(after.atMs - atMs);
    must(
      off < 60_000,
      `a request after the sleep is said to have been ${(off / 3_600_000).toFixed(1)} hours from then`,
    );
    must(of(seen, "/api/sleep/after").length === 1, "reported more than once");
  },
};

const tls = {
  number: 24,
  issues: ["grafana/faro-web-sdk#2295"],
  says: "phases that did not happen are 0 or absent: no TLS on http, nothing negative, nothing longer than the whole",
  async check(visit) {
    await visit.open();
    await visit.run(async () => {
      // A connection of its own and one that is used again.
      await Promise.all(
        ["a", "b", "c"].map((name) =>
          fetch(`/api/phases/${name}?ms=80`).then((r) => r.json()),
        ),
      );
      await (await fetch("/api/phases/again?ms=80")).json();
    });
    const seen = await visit.leave();
    for (const name of ["a", "b", "c", "again"]) {
      const { phases = {}, ...whole } = only(seen, `/api/phases/${name}`);
      const told = Object.entries(phases).filter(([, ms]) => ms !== undefined);
      must(told.length > 0, "no phases were told");
      must(
        !(phases.tls > 0),
        `TLS is said to have taken ${Math.round(phases.tls)} ms`,
      );
      const longest =
        (whole.bodyMs ?? whole.durationMs ?? whole.headersMs) + 25;
      for (const [phase, ms] of told) {
        must(
          ms >= 0 && ms <= longest,
          `${phase} is said to have taken ${Math.round(ms)} of ${Math.round(longest)} ms`,
        );
      }
    }
  },
};

export default [stamp, suspended, tls];
