// Turns an API that dawdles, fails and is cut off into what the console says of it: breach, outages, MTTR, MTBF.

import type { Browser, BrowserContext } from "@playwright/test";

import { ADMIN } from "../fixtures/collector.ts";
import { scriptTag } from "../fixtures/host-page.ts";
import { Performance } from "../fixtures/performance.ts";
import { ShakyApi, pollingPage } from "../fixtures/shaky-api.ts";
import { expect, test } from "../fixtures/test.ts";

const SECOND = 1_000;
/** A slice: what start and end of an outage may be off by. */
const SLICE = 10 * SECOND;
/** Longest way of a slice: its end, the grace, the flush, the evaluation. */
const ARRIVAL = 75 * SECOND;

const budgets = (origin: string) => ({
  v: 1,
  window: "7d",
  features: [
    {
      id: "orders",
      name: "Orders",
      match: [{ origin, path: "/api/orders/**" }],
      latency: [{ within: "300ms", target: 0.95 }],
      availability: { target: 0.99 },
      min_samples: 10,
    },
  ],
});

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Browsers of so many people, all on the same page. */
async function people(
  browser: Browser,
  n: number,
  url: string,
): Promise<BrowserContext[]> {
  return Promise.all(
    Array.from({ length: n }, async () => {
      const context = await browser.newContext();
      await (await context.newPage()).goto(url);
      return context;
    }),
  );
}

// Why: this is what nobody else has. The truth is known here to the millisecond, because the test makes it.
test("a breach and two outages reach the console with their true times", async ({
  browser,
  page,
  request,
  collector,
  serve,
}) => {
  test.setTimeout(8 * 60 * SECOND);
  const api = await ShakyApi.start();
  const performance = await Performance.signIn(request, collector);
  await performance.promise(budgets(api.origin));
  const tag = scriptTag(collector.url, collector.siteKey);
  const product = await serve(pollingPage(tag, api.origin, 500));

  await api.turn({ delayMs: 120, status: 200 });
  const contexts = await people(browser, 3, product.url);
  await wait(30 * SECOND);
  await api.turn({ delayMs: 900, status: 200 });
  await wait(25 * SECOND);
  const failing = await api.turn({ delayMs: 20, status: 503 });
  await wait(60 * SECOND);
  const mended = await api.turn({ delayMs: 120, status: 200 });
  await wait(50 * SECOND);
  const cut = await api.turn("gone");
  await wait(40 * SECOND);
  const back = await api.turn({ delayMs: 120, status: 200 });
  await wait(50 * SECOND);

  await expect(async () => {
    const seen = await performance.availability("orders");
    expect(seen?.outages.filter((it) => !it.partial && it.to_ms)).toHaveLength(
      2,
    );
  }).toPass({ timeout: ARRIVAL, intervals: [2 * SECOND] });

  const seen = (await performance.availability("orders"))!;
  const [second, first] = seen.outages.filter((it) => !it.partial);
  const near = (actual: number, expected: number) =>
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(SLICE);
  near(first!.from_ms, failing);
  near(first!.to_ms!, mended);
  near(second!.from_ms, cut);
  near(second!.to_ms!, back);
  const lengths = [first!, second!].map((it) => it.to_ms! - it.from_ms);
  expect(seen.down_ms).toBe(lengths[0]! + lengths[1]!);
  expect(seen.mttr_ms).toBe((lengths[0]! + lengths[1]!) / 2);
  // Uptime, of which the unknown time before the first visitor is no part, over two outages.
  const uptime = seen.down_ms * (seen.time! / (1 - seen.time!));
  near(seen.mtbf_ms!, uptime / 2);

  const summary = (await performance.feature("orders"))!;
  expect(summary.health).toBe("breached");
  const [latency] = summary.objectives;
  expect(latency!.health).toBe("breached");
  // Only what was answered counts: 900 ms for 25 of 155 answering seconds.
  expect(latency!.bad / latency!.n).toBeGreaterThan(0.1);
  expect(latency!.bad / latency!.n).toBeLessThan(0.3);
  expect(summary.percentiles!.p50).toBeGreaterThan(115);
  expect(summary.percentiles!.p50).toBeLessThan(300);

  await page.goto(collector.url);
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "Performance" }).click();
  const orders = page.locator('[data-testid="feature"][data-feature="orders"]');
  await expect(orders).toContainText(/over budget/i);

  await Promise.all(contexts.map((context) => context.close()));
  await api.stop();
});

// Why: half of all "outages" of other tools are laptops in trains.
test("people who merely went offline change nothing", async ({
  browser,
  request,
  collector,
  serve,
}) => {
  test.setTimeout(4 * 60 * SECOND);
  const api = await ShakyApi.start();
  const performance = await Performance.signIn(request, collector);
  await performance.promise(budgets(api.origin));
  const tag = scriptTag(collector.url, collector.siteKey);
  const product = await serve(pollingPage(tag, api.origin, 500));
  await api.turn({ delayMs: 20, status: 200 });
  const contexts = await people(browser, 4, product.url);
  const [plane, tunnel] = contexts;
  await wait(15 * SECOND);
  // One browser knows that it is offline; the other believes that it is online and reaches nothing.
  await plane!.setOffline(true);
  await tunnel!.route("**", (route) => route.abort());
  await wait(25 * SECOND);
  await plane!.setOffline(false);
  await tunnel!.unroute("**");
  await wait(20 * SECOND);

  const expected = 4 * 30;
  await expect(async () => {
    const feature = await performance.feature("orders");
    expect(feature?.n).toBeGreaterThan(expected);
  }).toPass({ timeout: ARRIVAL, intervals: [2 * SECOND] });
  await wait(25 * SECOND);

  const seen = (await performance.availability("orders"))!;
  expect(seen.outages).toEqual([]);
  expect(seen.down_ms).toBe(0);
  expect(seen.time).toBe(1);
  expect(seen.requests).toBe(1);
  await Promise.all(contexts.map((context) => context.close()));
  await api.stop();
});
