// Turns a quiet night and an outage, lived through by real pages, into the alerts that the collector raised.

import { setTimeout as sleep } from "node:timers/promises";

import { Visit } from "../site/visit.mjs";

/** How long the collector may take to see what has arrived, in ms. */
const PATIENCE_MS = 30_000;
const CLIENTS = 4;
const FAILURES = 20;

/** The severities that are raised of `night` after one failure, and of `outage` after many of many clients. */
export async function episodes(visit, collector) {
  await visit.open();
  await visit.run(async () => {
    for (let i = 0; i < 5; i++) await (await fetch("/api/night/call")).text();
    await (await fetch("/api/night/call?status=503")).text();
  });
  await visit.leave();
  await Promise.all(Array.from({ length: CLIENTS }, () => failing(visit)));
  const start = performance.now();
  let raised;
  do {
    await sleep(500);
    const { items } = await collector.read("alerts");
    raised = (feature) =>
      items
        .filter(
          (alert) =>
            alert.feature === feature && /^(page|ticket)$/.test(alert.state),
        )
        .map(({ state }) => state);
  } while (
    !raised("outage").includes("page") &&
    performance.now() - start < PATIENCE_MS
  );
  const seen = await collector.read("performance?window=1h");
  const night = seen.features.find(({ id }) => id === "night");
  if (!(night?.requests >= 6))
    throw new Error(
      `the collector knows of ${night?.requests ?? 0} requests in the night`,
    );
  return { night: raised("night"), outage: raised("outage") };
}

/** One more client: a browser profile of its own. */
async function failing({ site, sdk, prepared, context }) {
  const other = await context.browser().newContext();
  const visit = new Visit({ site, sdk, prepared, context: other });
  await visit.open();
  await visit.run(async (failures) => {
    for (let i = 0; i < failures; i++)
      await (await fetch("/api/outage/call?status=503")).text();
  }, FAILURES);
  await visit.leave();
  await other.close();
}
