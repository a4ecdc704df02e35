// Turns promises broken on purpose into a test of the test: each has to be found.

import { betrayals, faults } from "./proxy/faults.mjs";
import { plan } from "./seed/plan.mjs";
import { runSeed } from "./seed/run.mjs";

/** A transport that does this with every second batch. */
const transport = (name) => ({
  known: { ...faults, ...betrayals },
  weights: { none: 1, [name]: 1 },
  finds: /not stored|something else|never sent/,
});

/** A page of ours that does this. */
const page = (extra, finds) => ({ extra, weights: { none: 1 }, finds });

const soon = (code) =>
  `;if (location.protocol === "http:") addEventListener("load", () => { ${code} });`;

const CONTROLS = {
  ...Object.fromEntries(
    Object.keys(betrayals).map((name) => [name, transport(name)]),
  ),
  "throws in the page": page(
    soon(`Promise.resolve().then(() => { throw new Error("on purpose"); });`),
    /rejection|uncaught/,
  ),
  "causes a preflight": page(
    soon(`const { src } = document.querySelector("script[src]");
      fetch(new URL("/l999/v1/config", src), { headers: { "x-ours": "1" } }).catch(() => 0);`),
    /preflight/,
  ),
  "sends two batches at once": page(
    soon(`const { src } = document.querySelector("script[src]");
      for (let n = 0; n < 2; n++) fetch(new URL("/l999/v1/batch?k=none&b=" + n, src), { method: "POST", body: "{}\\n" }).catch(() => 0);`),
    /in flight/,
  ),
  "numbers two items alike": page(
    soon(`const { src } = document.querySelector("script[src]");
      const item = (id) => JSON.stringify({ id, seq: 0, age_ms: 0, type: "event", p: {} });
      fetch(new URL("/l999/v1/batch?k=none&b=alike", src), {
        method: "POST",
        body: [JSON.stringify({ boot: "alike" }), item("one"), item("other")].join("\\n"),
      }).catch(() => 0);`),
    /both number/,
  ),
  "counts what does not add up": page(
    soon(`const look = () => {
        const it = window.firsthand;
        if (!it.init) return setTimeout(look, 100);
        const counts = { made: 2, adopted: 0, accepted: 1, duplicate: 0, conflict: 0, rejected: 0, pending: 0, dropped: {} };
        window.firsthand = { ...it, delivery: async () => counts };
      };
      look();`),
    /do not add up/,
  ),
};

/** Runs them all; gives the names of those that were not found. */
export async function controls(ground, browser) {
  const missed = [];
  for (const [name, control] of Object.entries(CONTROLS)) {
    const usual = { ...plan(3, browser), around: [], poison: undefined };
    const result = await runSeed(usual, ground, control);
    const found = result.faults.find((fault) => control.finds.test(fault));
    console.log(
      `control, ${name}: ${found === undefined ? "NOT FOUND" : `found, ${found}`}`,
    );
    if (found === undefined) missed.push(name);
  }
  return missed;
}
