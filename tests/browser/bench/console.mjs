// Turns a collector with much data into how long its console takes: queries, keys, filters, first load.
//
// node bench/console.mjs --url URL --email ADDRESS --password PASSWORD [--data TEXT] [--write FILE]
//
// Queries are asked one after the other, each time with other filters. What happens in a browser is timed in the
// page: from the event to the message after the frame that shows what came of it. Everything is held against its limit.

import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { cpus, loadavg } from "node:os";

import { chromium } from "@playwright/test";

import { pages } from "./questions.mjs";

/** Times that each question is asked. */
const RUNS = 40;
/** Presses of keys, changes of filters, and first loads. */
const PRESSES = 60;
const CHANGES = 30;
const LOADS = 5;
const LIMITS = {
  query: 300,
  key: 50,
  filter: 100,
  bytes: 250_000,
  load: 1_500,
};
/** 10 Mbit/s with the latency of a good line. */
const NETWORK = {
  offline: false,
  latency: 20,
  downloadThroughput: 1_250_000,
  uploadThroughput: 1_250_000,
};
const SLOWER = 4;

const options = parse(process.argv.slice(2));
const base = options.url.replace(/\/$/, "");

function parse(args) {
  const found = {};
  for (let at = 0; at < args.length; at += 2) {
    found[args[at].replace(/^--/, "")] = args[at + 1];
  }
  for (const name of ["url", "email", "password"]) {
    if (found[name] === undefined) throw new Error(`--${name} is missing`);
  }
  return found;
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}

const p50 = (values) => quantile(values, 0.5);
const p95 = (values) => quantile(values, 0.95);

async function signIn() {
  const reply = await fetch(`${base}/api/v1/session`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "sec-fetch-site": "same-origin",
    },
    body: JSON.stringify({ email: options.email, password: options.password }),
  });
  if (!reply.ok) throw new Error(`signing in was answered by ${reply.status}`);
  return reply.headers.get("set-cookie").split(";")[0];
}

/** How long one question takes, or nothing where there is no such route. */
async function asked(path, cookie) {
  const begin = performance.now();
  const reply = await fetch(`${base}/api/v1${path}`, { headers: { cookie } });
  const text = await reply.text();
  const ms = performance.now() - begin;
  if (reply.status === 404) return undefined;
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
  return { ms, text };
}

async function questions(cookie) {
  const rows = [];
  for (const { page, route, variants } of await pages((path) =>
    asked(path, cookie),
  )) {
    if ((await asked(variants[0], cookie)) === undefined) continue;
    const times = [];
    let slowest = { ms: 0 };
    for (let run = 0; run < Math.max(RUNS, variants.length); run++) {
      const path = variants[run % variants.length];
      const answer = await asked(path, cookie);
      if (answer === undefined) continue;
      times.push(answer.ms);
      if (answer.ms > slowest.ms) slowest = { ms: answer.ms, path };
    }
    rows.push({ page, route, times, slowest });
    console.error(
      `${page} ${route}: p95 ${p95(times).toFixed(0)} ms, slowest ${slowest.path}`,
    );
  }
  return rows;
}

/** Leaves in `window.timed` how long it took from an event to the frame that shows what came of it. */
function watch([kind, awaitsAnswer]) {
  window.timed = [];
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.now());
      port2.postMessage(0);
    });
  // What is shown says that it is of the question before, from the click until the answer is there.
  const isBehind = () =>
    document.querySelector("main :is(.work, .inbox-scroll)[aria-busy]") !==
    null;
  let awaited;
  const observer = new MutationObserver(() => {
    if (awaited === undefined) return;
    if (isBehind()) awaited.wasBehind = true;
    else if (awaited.wasBehind) {
      const { begin } = awaited;
      awaited = undefined;
      painted((end) => window.timed.push(end - begin));
    }
  });
  observer.observe(document.querySelector("main"), {
    subtree: true,
    childList: true,
    attributeFilter: ["aria-busy"],
  });
  addEventListener(
    kind,
    ({ timeStamp }) => {
      if (awaitsAnswer) awaited = { begin: timeStamp, wasBehind: false };
      else painted((end) => window.timed.push(end - timeStamp));
    },
    { capture: true },
  );
}

async function open(browser, cookie, path) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
  });
  const [name, value] = cookie.split("=");
  await context.addCookies([{ name, value, url: base }]);
  const page = await context.newPage();
  await page.goto(`${base}/${path}`);
  await page.waitForSelector("main#main h1");
  return page;
}

async function isThere(browser, cookie, path) {
  const page = await open(browser, cookie, "scores");
  const count = await page.locator(`.rail nav a[href="${path}"]`).count();
  await page.context().close();
  return count > 0;
}

/** j and k in the inbox. */
async function keys(browser, cookie) {
  if (!(await isThere(browser, cookie, "inbox"))) return undefined;
  const page = await open(browser, cookie, "inbox");
  await page.waitForLoadState("networkidle");
  await page.evaluate(watch, ["keydown", false]);
  for (let press = 0; press < PRESSES; press++) {
    await page.keyboard.press(press % 5 === 4 ? "k" : "j");
    await page.waitForTimeout(60);
  }
  const times = await page.evaluate(() => window.timed);
  await page.context().close();
  return times;
}

/** Links that change a filter, by page. */
const FILTERS = {
  inbox: 'main a[href*="status="], main a[href*="survey="]',
  scores: 'main a[href*="days="]',
  performance: 'main a[href*="window="]',
};

async function filters(browser, cookie) {
  const rows = [];
  for (const [path, selector] of Object.entries(FILTERS)) {
    if (!(await isThere(browser, cookie, path))) continue;
    const page = await open(browser, cookie, path);
    await page.waitForLoadState("networkidle");
    await page.evaluate(watch, ["click", true]);
    for (let change = 0; change < CHANGES; change++) {
      const links = page.locator(selector);
      const count = await links.count();
      if (count === 0) break;
      await links
        .nth(change % count)
        .click({ timeout: 2_000 })
        .catch(() => {});
      await page.waitForTimeout(250);
    }
    const times = await page.evaluate(() => window.timed);
    await page.context().close();
    if (times.length >= 5) rows.push({ page: path, times });
  }
  return rows;
}

/** Serves a page that has a title and nothing else, to tell how slow the machine is. */
async function bare() {
  const page =
    '<!doctype html><html lang="en"><title>-</title><main id="main"><h1>-</h1></main>';
  const server = createServer((_, reply) => {
    reply.setHeader("content-type", "text/html").end(page);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

/** Bytes and time of a first visit on a slow machine and line, by page. */
async function loads(browser, cookie) {
  const rows = [];
  const { server, url: nothing } = await bare();
  for (const path of [
    "inbox",
    "scores",
    "performance",
    "surveys",
    "surveys/nps",
    "settings",
    "settings/sites",
    "settings/people",
    "settings/team",
  ]) {
    const [page] = path.split("/");
    if (!(await isThere(browser, cookie, page))) continue;
    const times = [];
    const bare = [];
    let bytes = 0;
    for (let load = 0; load < LOADS; load++) {
      bare.push((await firstLoad(browser, cookie, nothing)).ms);
      const found = await firstLoad(browser, cookie, `${base}/${path}`);
      times.push(found.ms);
      bytes = Math.max(bytes, found.bytes);
    }
    rows.push({ page: path, times, bytes, bare });
    console.error(
      `${path}: ${bytes} B, ${p50(times).toFixed(0)} ms, bare ${p50(bare).toFixed(0)} ms`,
    );
  }
  server.close();
  return rows;
}

async function firstLoad(browser, cookie, url) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
  });
  const [name, value] = cookie.split("=");
  await context.addCookies([{ name, value, url: base }]);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  // What came when, by the browser's clock, and what that clock said when the page began.
  const came = [];
  let begun;
  const note = ({ timestamp }, bytes) => came.push({ timestamp, bytes });
  devtools.on("Network.requestWillBeSent", (event) => (begun ??= event));
  devtools.on("Network.responseReceived", (event) =>
    note(event, event.response.encodedDataLength),
  );
  devtools.on("Network.dataReceived", (event) =>
    note(event, event.encodedDataLength),
  );
  await page.addInitScript(() => {
    const look = () => {
      const isShown =
        document.querySelector("main#main h1") !== null &&
        document.querySelector(".skeleton, .outline") === null;
      if (isShown) {
        requestAnimationFrame(() => (window.shownAt ??= performance.now()));
      } else {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
  });
  await page.goto(url);
  await page.waitForFunction(() => window.shownAt !== undefined);
  const { ms, at } = await page.evaluate(() => ({
    ms: window.shownAt,
    at: performance.timeOrigin + window.shownAt,
  }));
  await context.close();
  const end = begun.timestamp + at / 1_000 - begun.wallTime;
  const bytes = came
    .filter(({ timestamp }) => timestamp <= end)
    .reduce((sum, one) => sum + one.bytes, 0);
  return { ms, bytes };
}

const ms = (value) => value.toFixed(value < 10 ? 1 : 0);
const ratio = (value, limit) =>
  `${(value / limit).toFixed(2)}${value > limit ? " **over**" : ""}`;

function document({ queries, pressed, changed, loaded }) {
  const lines = [
    "# Console: how long people wait for it",
    "",
    `Written by \`cargo xtask bench console\`. ${options.data ?? ""}`,
    "",
    `One collector and one Chromium on ${cpus().length} cores (load ${loadavg()[0].toFixed(1)}). Ratios say`,
    "more than figures: 1 is the limit.",
    "",
    "## Queries",
    "",
    `Milliseconds over HTTP on the same machine, ${RUNS} times each with other filters. Limit: ${LIMITS.query} at p95.`,
    "",
    "| page | question | p50 | p95 | p95 to limit |",
    "| --- | --- | ---: | ---: | ---: |",
    ...queries.map(
      ({ page, route, times }) =>
        `| ${page} | \`${route}\` | ${ms(p50(times))} | ${ms(p95(times))} | ${ratio(p95(times), LIMITS.query)} |`,
    ),
    "",
    "## In the browser",
    "",
    "From the event to the frame that shows what came of it, as the collector answered: of a filter of the inbox the rows",
    "that are in view, of scores the score with its pictures and comments; what is below follows.",
    "",
    "| what | p50 | p95 | limit | p95 to limit |",
    "| --- | ---: | ---: | ---: | ---: |",
  ];
  const row = (what, times, limit) =>
    `| ${what} | ${ms(p50(times))} | ${ms(p95(times))} | ${limit} | ${ratio(p95(times), limit)} |`;
  if (pressed?.length > 0) {
    lines.push(row("j or k in the inbox", pressed, LIMITS.key));
  }
  for (const { page, times } of changed) {
    lines.push(row(`a filter of ${page}`, times, LIMITS.filter));
  }
  lines.push(
    "",
    "## First load",
    "",
    `Signed in, nothing cached, the processor ${SLOWER} times slower, 10 Mbit/s with 20 ms: until the page's title stands and`,
    `no skeleton does; the median of ${LOADS}. Bytes are all that came by then, headers and data among them. Before each, a`,
    "page that has a title and nothing else was loaded in the same way.",
    "",
    `| page | bytes | to ${LIMITS.bytes} | ms | to ${LIMITS.load} | bare page, ms |`,
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...loaded.map(
      ({ page, bytes, times, bare }) =>
        `| ${page} | ${bytes} | ${ratio(bytes, LIMITS.bytes)} | ${ms(p50(times))} | ${ratio(p50(times), LIMITS.load)} | ${ms(p50(bare))} |`,
    ),
    "",
  );
  return lines.join("\n");
}

const cookie = await signIn();
const queries = await questions(cookie);
const executablePath = process.env["FIRSTHAND_CHROMIUM"];
const browser = await chromium.launch({
  ...(executablePath !== undefined && { executablePath }),
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
try {
  const pressed = await keys(browser, cookie);
  const changed = await filters(browser, cookie);
  const loaded = await loads(browser, cookie);
  const text = document({ queries, pressed, changed, loaded });
  console.log(text);
  if (options.write !== undefined) await writeFile(options.write, text);
} finally {
  await browser.close();
}
