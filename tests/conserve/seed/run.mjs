// Turns one seed into a verdict: its own collector, proxy, site and browser profile, its plan, and silence at the end.

import { setTimeout as sleep } from "node:timers/promises";

import { faults } from "../proxy/faults.mjs";
import { Proxy } from "../proxy/server.mjs";
import { Random } from "../random.mjs";
import { Site } from "../site.mjs";
import { conflicts, stored } from "../store.mjs";
import { Tabs } from "./tabs.mjs";
import { verdict } from "./verdict.mjs";

/** How much faster time is for pages. */
const SPEED = 20;
/** Silence is worth something once this much time has passed for pages: more than the hourly probe of a refused page. */
const SILENCE_MS = 2.2 * 3_600_000;
/** Longest end, by our clock, in ms. */
const END_MS = 60_000;
/** Longest seed, by our clock, in ms: what takes longer hangs. */
const SEED_MS = 180_000;

/**
 * @param {import("./plan.mjs").Plan} plan
 * @param {object} ground browser and template, shared by all seeds
 * @param {object} [control] what a control does: `known`, `weights`, `extra` script of pages
 */
export async function runSeed(plan, { browser, template }, control = {}) {
  const startedAt = performance.now();
  const epochMs = Date.now();
  const { seed, poison } = plan;
  const collector = await template.collector(`seed-${seed}-${browserSafe()}`);
  const isPoison = poisonOf(plan);
  const proxy = await Proxy.start({
    collector: () => collector.url,
    random: new Random(seed, "proxy"),
    weights: control.weights ?? plan.weights,
    known: control.known ?? faults,
    isPoison,
    poisonName: poison,
    speed: SPEED,
    pageNow: () => epochMs + (Date.now() - epochMs) * SPEED,
  });
  const site = await Site.start(proxy);
  const context = await browser.createBrowserContext();
  const tabs = new Tabs(context, {
    plan,
    site,
    speed: SPEED,
    epochMs,
    collector,
    extra: control.extra,
  });
  try {
    const deliveries = await within(SEED_MS, async () => {
      await live(plan, tabs);
      return silence(tabs, proxy, plan);
    });
    await context.close();
    await collector.stop();
    const found = verdict({
      ledger: proxy.ledger,
      stored: await stored(collector.data),
      conflicts: await conflicts(collector.data),
      tabs,
      deliveries,
      isPoison,
    });
    const counts = add({ ...proxy.ledger.counts }, tabs.counts);
    const ms = performance.now() - startedAt;
    return {
      plan,
      ...found,
      counts,
      skipped: tabs.skipped,
      items: proxy.ledger.items.size,
      deliveries,
      ms,
    };
  } catch (error) {
    if (tabs.faults.length > 0)
      error.message += `\n  after: ${tabs.faults.join("\n  ")}`;
    throw error;
  } finally {
    await context.close().catch(() => undefined);
    await collector.kill().catch(() => undefined);
    await site.stop();
    await proxy.stop();
    await collector.remove();
  }
}

let runs = 0;
function browserSafe() {
  return String(++runs);
}

/** Items that are bad for good: of each page load every fourth, from another one on in each seed. */
function poisonOf({ poison, seed }) {
  return ({ seq }) => poison !== undefined && (seq + seed) % 4 === 0;
}

async function live(plan, tabs) {
  for (let tab = 0; tab < plan.tabs; tab++) await tabs.open(tab);
  for (const trouble of plan.around)
    if (/^five tabs|^clock a day/.test(trouble)) tabs.count(trouble);
  for (const step of plan.steps) {
    await tabs.step(step);
    await sleep(step.thenMs);
  }
}

/** Ends all trouble, lets the person come back once more, and waits until nothing is left to do. */
async function silence(tabs, proxy, plan) {
  proxy.rough = false;
  await tabs.calm();
  await tabs.open(plan.tabs);
  // Pages tell what they have summed up when they are left.
  await sleep(150);
  for (const page of tabs.pages)
    await page.evaluate(() => window.conserveWatch.hide(true));
  const end = performance.now() + END_MS;
  let passedMs = 0;
  let stepMs = 1_000;
  let deliveries = [];
  let batches = -1;
  while (performance.now() < end) {
    await sleep(40);
    if (!proxy.isQuiet) continue;
    deliveries = await tabs.deliveries();
    const isDone = deliveries.every(({ counts }) => counts?.pending === 0);
    const isStill = batches === proxy.batches;
    if (isStill && isDone && passedMs > 60_000) return deliveries;
    if (isStill && passedMs > SILENCE_MS) return deliveries;
    if (!isStill) stepMs = 1_000;
    batches = proxy.batches;
    stepMs = Math.min(stepMs * 2, 20 * 60_000);
    await tabs.jump(stepMs);
    passedMs += stepMs;
  }
  tabs.faults.push("no silence came");
  return deliveries;
}

async function within(ms, fn) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  });
  return Promise.race([fn(), late]).finally(() => clearTimeout(timer));
}

export function add(sum, counts) {
  for (const [name, n] of Object.entries(counts))
    sum[name] = (sum[name] ?? 0) + n;
  return sum;
}
