// Turns 1,000 requests with each SDK on the page into what each one costs the page and the network.
//
// node bench/page.mjs [--only SDK[,SDK…]] [--rounds N] [--write FILE]
//
// All SDKs take their turn in each round, in another order every time, each in a context of its own; the page without any
// SDK is one of them, and what it costs is taken off. Main-thread time is CPU time of that thread (`TaskDuration` of
// Chromium in thread ticks), so that other processes of the machine do not count. It runs from the first request until the
// SDK has nothing left to do after a page that was hidden. One more round is traced, for the longest task and what each
// upload took; there the page stays for a while before it is hidden, so that uploads are also made while it lives.

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
/** What starting costs is not measured here, in ms. */
const START_MS = 2_500;
/** How long SDKs have for what they do in the background before the page is hidden, and after, in ms. */
const REST_MS = 4_000;
const HIDDEN_MS = 2_000;
/** How long the page of the traced round stays, in ms: longer than any of the SDKs waits with an upload. */
const STAY_MS = 35_000;

async function main() {
  const options = parse(process.argv.slice(2));
  const rounds = Number(options.rounds ?? 5);
  const chosen = options.only?.split(",");
  const sdks = adapters.filter(
    ({ id, version }) =>
      id !== "bad" &&
      version !== undefined &&
      (id === "bare" || (chosen?.includes(id) ?? true)),
  );
  const browser = await launch();
  try {
    const results = new Map(sdks.map(({ id }) => [id, []]));
    for (let round = 0; round < rounds; round++) {
      for (const sdk of turned(sdks, round)) {
        const figures = await measure(browser, sdk);
        results.get(sdk.id).push(figures);
        const { taskMs, bytes, uploads } = figures;
        console.error(
          `round ${round + 1}, ${sdk.id}: ${taskMs.toFixed(0)} ms, ${uploads} uploads, ${bytes} B`,
        );
      }
    }
    const tasks = new Map();
    for (const sdk of sdks) tasks.set(sdk.id, await staying(sdk));
    const conditions = {
      chromium: browser.version(),
      rounds,
      cores: cpus().length,
      load: loadavg()[2],
      calls: CALLS,
      templates: TEMPLATES,
    };
    process.stdout.write(
      `${lines(sdks, results, tasks, conditions).join("\n")}\n`,
    );
    if (options.write) {
      const text = document(sdks, results, tasks, conditions);
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
    const name = /^--(only|rounds|write)$/.exec(args[i])?.[1];
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
    await sleep(START_MS);
    return await work(visit, await context.newCDPSession(visit.page));
  } finally {
    await context.close();
    await site.stop();
  }
}

function measure(browser, sdk) {
  return withPage(browser, sdk, async (visit, cdp) => {
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const { site } = visit;
    const [uploadsBefore, preflightsBefore] = [
      site.uploads.length,
      site.sinkPreflights,
    ];
    const heapBefore = await heap(cdp);
    const before = await metrics(cdp);
    const longTasks = await run(visit);
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
      longTasks,
    };
  });
}

/** Has a browser of its own: what is traced of half a minute may be more than one browser can keep of all SDKs. */
async function staying(sdk) {
  const browser = await launch();
  try {
    return await stayed(browser, sdk);
  } finally {
    await browser.close();
  }
}

function stayed(browser, sdk) {
  return withPage(browser, sdk, async (visit) => {
    const { site, page } = visit;
    const before = site.uploads.length;
    const work = () => run(visit, STAY_MS);
    const { longest, flushes } = await traced(browser, page, site.sink, work);
    const uploads = site.uploads.slice(before);
    return {
      longest,
      flushes,
      inFlight: site.inFlightMost,
      bytes: uploads.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  });
}

/** The requests, a rest, and a page that is hidden. Returns how many long tasks the browser told of. */
async function run(visit, restMs = REST_MS) {
  await visit.run(application, { calls: CALLS, templates: TEMPLATES });
  // Whatever came of the last answers is not an upload's.
  await sleep(500);
  await visit.run(() => void performance.mark("conformance-rest"));
  await sleep(restMs);
  await visit.run(() => host.hide());
  await sleep(HIDDEN_MS);
  return visit.run(() => window.longTasks.length);
}

/** Runs in the page: an application that asks its API five things at a time. */
async function application({ calls, templates }) {
  window.longTasks = [];
  new PerformanceObserver((list) =>
    window.longTasks.push(...list.getEntries()),
  ).observe({ type: "longtask" });
  const letters = "abcdefghij";
  const names = Array.from(
    { length: templates },
    (_, i) => `${letters[Math.floor(i / 10)]}${letters[i % 10]}`,
  );
  for (let i = 0; i < calls; i += 5) {
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
