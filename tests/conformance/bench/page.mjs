// Turns 1,000 requests with each SDK on the page into what each one costs the page and the network.
//
// node bench/page.mjs [--only SDK[,SDK…]] [--write FILE]
//
// Beside every page with an SDK one without runs, in turns of a few requests: what else the machine does meets both, and
// the difference of the two is what the SDK costs. Main-thread time is CPU time of that thread (`TaskDuration` of
// Chromium in thread ticks), so that other processes of the machine do not count. It runs from the first request until the
// SDK has nothing left to do after a page that was hidden. One more page is traced, for the longest task and what each
// upload took; it stays for a while before it is hidden, so that uploads are also made while it lives.

import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { format } from "prettier";

import { Site } from "../site/server.mjs";
import { Visit } from "../site/visit.mjs";
import { adapters, launch, prepared, release } from "../suite.mjs";
import { document, lines } from "./table.mjs";
import { traced } from "./trace.mjs";

const TEMPLATES = 50;
const CALLS = 1_000;
/** Requests that a page makes before it is the other one's turn. */
const TURN = 100;
/** How often every SDK is measured; ours more often, for what is small takes more to be told from chance. */
const ROUNDS = 3;
const OUR_ROUNDS = 5;
/** What starting costs is not measured here, in ms. */
const START_MS = 2_500;
/** How long SDKs have for what they do in the background before the page is hidden, and after, in ms. */
const REST_MS = 4_000;
const HIDDEN_MS = 2_500;
/** How long the page of the traced round stays, in ms: longer than any of the SDKs waits with an upload. */
const STAY_MS = 35_000;
/** Uploads that the page without an SDK makes for comparison, their bytes without ours, and the time between them, in ms. */
const POSTS = 5;
const POST_BYTES = 3_000;
const POST_MS = 1_000;

async function main() {
  const options = parse(process.argv.slice(2));
  const chosen = options.only?.split(",");
  const bare = adapters.find(({ id }) => id === "bare");
  const sdks = adapters.filter(
    ({ id, version, isControl }) =>
      !/bad|bare/.test(id) &&
      version !== undefined &&
      (isControl || (chosen?.includes(id) ?? true)),
  );
  const browser = await launch();
  try {
    const results = new Map(sdks.map(({ id }) => [id, []]));
    for (let round = 0; round < OUR_ROUNDS; round++) {
      const some = sdks.filter(({ ours }) => ours || round < ROUNDS);
      for (const sdk of turned(some, round)) {
        const pair = await measure(browser, sdk, bare);
        results.get(sdk.id).push(pair);
        const { taskMs, bytes, uploads } = pair.own;
        console.error(
          `round ${round + 1}, ${sdk.id}: ${taskMs.toFixed(0)} ms, without ${pair.bare.taskMs.toFixed(0)} ms; ${uploads} uploads, ${bytes} B`,
        );
      }
    }
    const tasks = new Map();
    for (const sdk of sdks)
      if (!sdk.isControl) tasks.set(sdk.id, await staying(sdk));
    const ours = tasks.get(sdks.find(({ ours }) => ours)?.id);
    tasks.set(bare.id, await staying(bare, ours?.bytes));
    const conditions = {
      chromium: browser.version(),
      rounds: ROUNDS,
      ourRounds: OUR_ROUNDS,
      cores: cpus().length,
      load: loadavg()[2],
      calls: CALLS,
      templates: TEMPLATES,
    };
    const all = [bare, ...sdks];
    process.stdout.write(
      `${lines(all, results, tasks, conditions).join("\n")}\n`,
    );
    if (options.write) {
      const text = document(all, results, tasks, conditions);
      await writeFile(
        options.write,
        await format(text, { parser: "markdown" }),
      );
    }
  } finally {
    await browser.close();
    await release();
  }
}

function parse(args) {
  const options = {};
  for (let i = 0; i < args.length; i += 2) {
    const name = /^--(only|write)$/.exec(args[i])?.[1];
    if (name === undefined || args[i + 1] === undefined)
      throw new Error(`do not know ${args[i]}`);
    options[name] = args[i + 1];
  }
  return options;
}

function turned(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** One page with one SDK; `work` is given the visit when the SDK has started, and returns the figures. */
async function withPage(browser, sdk, work) {
  const site = await Site.start();
  const context = await browser.newContext();
  try {
    const visit = new Visit({
      site,
      sdk,
      prepared: await prepared(sdk),
      context,
    });
    await visit.open();
    return await work(visit, await context.newCDPSession(visit.page));
  } finally {
    await context.close();
    await site.stop();
  }
}

/** What a page with the SDK costs, and one without that runs beside it. */
function measure(browser, sdk, bare) {
  return withPage(browser, sdk, (visit, cdp) =>
    withPage(browser, bare, async (otherVisit, otherCdp) => {
      await sleep(START_MS);
      const [own, other] = [
        await stopwatch(visit, cdp),
        await stopwatch(otherVisit, otherCdp),
      ];
      // What does nothing has nothing left to do.
      await run([visit, otherVisit], () => sleep(sdk.isControl ? 0 : REST_MS));
      return { own: await own(), bare: await other() };
    }),
  );
}

/** Takes what it can of a page, and answers with what tells the difference. */
async function stopwatch({ site, page }, cdp) {
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const [uploadsBefore, preflightsBefore] = [
    site.uploads.length,
    site.sinkPreflights,
  ];
  const heapBefore = await heap(cdp);
  const before = await metrics(cdp);
  return async () => {
    const after = await metrics(cdp);
    const uploads = site.uploads.slice(uploadsBefore);
    return {
      taskMs: (after.TaskDuration - before.TaskDuration) * 1_000,
      scriptMs: (after.ScriptDuration - before.ScriptDuration) * 1_000,
      uploads: uploads.length,
      preflights: site.sinkPreflights - preflightsBefore,
      bytes: uploads.reduce((sum, { bytes }) => sum + bytes, 0),
      inFlight: site.inFlightMost,
      heap: await heap(cdp),
      heapBefore,
      longTasks: await page.evaluate(() => window.longTasks.length),
    };
  };
}

/**
 * What is traced of a page that stays; it has a browser of its own: half a minute may be more than one browser can keep of
 * all SDKs. The page without an SDK uploads `bytes` of its own, as ours does.
 */
async function staying(sdk, bytes) {
  const browser = await launch();
  try {
    return await withPage(browser, sdk, async (visit) => {
      await sleep(START_MS);
      const { site, page } = visit;
      const before = site.uploads.length;
      const stay = () =>
        sdk.id === "bare"
          ? posting(visit, bytes ?? POST_BYTES)
          : sleep(STAY_MS);
      const work = () => run([visit], stay);
      const { longest, flushes } = await traced(browser, page, site.sink, work);
      const uploads = site.uploads.slice(before);
      return {
        longest,
        flushes,
        inFlight: site.inFlightMost,
        bytes: uploads.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    });
  } finally {
    await browser.close();
  }
}

/** Uploads that are nothing but one request each: what a browser itself charges for one. */
async function posting(visit, bytes) {
  await visit.run(
    ({ url, bytes, posts, ms }) => {
      const post = () => {
        const body = new Blob([new Uint8Array(bytes)], { type: "text/plain" });
        void fetch(url, { method: "POST", body, credentials: "omit" }).then(
          (response) => response.arrayBuffer(),
        );
      };
      // By its own clock: what it takes to tell the page to do something is no part of it.
      for (let i = 1; i <= posts; i++) setTimeout(post, i * ms);
    },
    { url: `${visit.site.sink}/`, bytes, posts: POSTS, ms: POST_MS },
  );
  await sleep((POSTS + 1) * POST_MS);
}

/** The requests of all pages in turns, a rest, and pages that are hidden. */
async function run(visits, rest) {
  for (let from = 0; from < CALLS; from += TURN)
    for (const visit of turned(visits, from / TURN))
      await visit.run(application, {
        from,
        to: from + TURN,
        templates: TEMPLATES,
      });
  // Whatever came of the last answers is not an upload's.
  await sleep(500);
  for (const visit of visits)
    await visit.run(() => void performance.mark("conformance-rest"));
  await rest();
  // By its own clock, too.
  for (const visit of visits)
    await visit.run(() => void setTimeout(() => host.hide(), 500));
  await sleep(HIDDEN_MS);
}

/** Runs in the page: an application that asks its API five things at a time. */
async function application({ from, to, templates }) {
  if (!window.longTasks) {
    window.longTasks = [];
    new PerformanceObserver((list) =>
      window.longTasks.push(...list.getEntries()),
    ).observe({ type: "longtask" });
  }
  const letters = "abcdefghij";
  const names = Array.from(
    { length: templates },
    (_, i) => `${letters[Math.floor(i / 10)]}${letters[i % 10]}`,
  );
  for (let i = from; i < to; i += 5) {
    const some = [0, 1, 2, 3, 4].map(async (j) => {
      const response = await fetch(
        `/api/area-${names[(i + j) % templates]}/items/${10_000 + i + j}?page=1`,
      );
      return response.json();
    });
    await Promise.all(some);
    await new Promise((done) => setTimeout(done, 5));
  }
}

async function metrics(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Bytes after two collections: the JS heap, and what it holds outside (a wasm module's memory, too). */
async function heap(cdp) {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await cdp.send(
    "Runtime.getHeapUsage",
  );
  return usedSize + backingStorageSize;
}

await main();
