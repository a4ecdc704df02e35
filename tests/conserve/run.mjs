// Turns seeds into a proof that nothing acknowledged is lost between a browser and the disk, or into the seed that shows where.
//
// node run.mjs [--seeds N] [--from N] [--seed N] [--browser chromium|firefox] [--jobs N] [--no-control]
//
// A seed gives the same plan and the same faults each time; when things happen is up to the machine. Times in pages run
// twenty times as fast as ours, see `page/clock.js`. Exit code 1 when a seed contradicts the promise, or when a transport
// that breaks it on purpose goes unnoticed.

import { controls } from "./control.mjs";
import { launch } from "./browsers.mjs";
import { Template } from "./collector.mjs";
import { AROUND, ON_THE_WAY, plan } from "./seed/plan.mjs";
import { add, runSeed } from "./seed/run.mjs";

async function main() {
  const options = parse(process.argv.slice(2));
  const seeds =
    options.seed !== undefined
      ? [Number(options.seed)]
      : Array.from(
          { length: Number(options.seeds ?? 25) },
          (_, n) => Number(options.from ?? 0) + n,
        );
  const name = options.browser ?? "chromium";
  const template = await Template.prepare();
  const browser = await launch(name);
  process.on("exit", () => browser.process()?.kill("SIGKILL"));
  const ground = { browser, template };
  const startedAt = performance.now();
  try {
    const version = await browser.version();
    console.log(`${version}: seeds ${seeds[0]} to ${seeds.at(-1)}`);
    const total = new Total();
    await inParallel(seeds, Number(options.jobs ?? 3), async (seed) => {
      if (total.isStopped) return;
      total.take(await tried(plan(seed, name), ground), options);
    });
    total.tell((performance.now() - startedAt) / 1_000);
    const missed =
      options.control === false || options.seed !== undefined
        ? []
        : await controls(ground, name);
    for (const one of missed) console.log(`NOT FOUND: ${one}`);
    process.exitCode = total.bad.length + missed.length > 0 ? 1 : 0;
  } finally {
    await browser.close();
    await template.remove();
  }
}

function parse(args) {
  const options = {};
  for (let idx = 0; idx < args.length; idx++) {
    const name = /^--(seeds?|from|browser|jobs|no-control)$/.exec(
      args[idx],
    )?.[1];
    if (name === undefined) throw new Error(`do not know ${args[idx]}`);
    if (name === "no-control") options.control = false;
    else options[name] = args[++idx];
  }
  return options;
}

/** A seed whose run could not even end is a finding, too. */
async function tried(one, ground) {
  try {
    return await runSeed(one, ground);
  } catch (error) {
    return {
      plan: one,
      faults: [`the run failed: ${error.message}\n${error.stack}`],
      counts: {},
      skipped: [],
      notKept: [],
      items: 0,
      acknowledged: 0,
      kept: 0,
      lost: 0,
      holes: 0,
      ms: 0,
    };
  }
}

async function inParallel(list, jobs, fn) {
  const todo = [...list];
  const work = async () => {
    for (let next; (next = todo.shift()) !== undefined;) await fn(next);
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

/** What all seeds together have shown. */
class Total {
  bad = [];
  counts = {};
  sums = {
    seeds: 0,
    items: 0,
    acknowledged: 0,
    kept: 0,
    lost: 0,
    holes: 0,
    notKept: 0,
    skipped: 0,
  };

  take(result) {
    const {
      plan: { seed, around, weights, poison },
      faults,
      skipped,
      notKept,
    } = result;
    add(this.counts, result.counts);
    add(this.sums, {
      seeds: 1,
      items: result.items,
      acknowledged: result.acknowledged,
      kept: result.kept,
      lost: result.lost,
      holes: result.holes,
      notKept: notKept.length,
      skipped: skipped.length,
    });
    const { none, ...others } = weights;
    const what = [
      ...around,
      ...Object.keys(others),
      ...(poison ? [poison] : []),
    ].join(", ");
    console.log(
      `seed ${seed} (${(result.ms / 1_000).toFixed(1)} s): ${faults.length === 0 ? "ok" : "BAD"}, ${result.items} sent, ${result.acknowledged} acknowledged, ${result.kept} stored, ${result.lost} lost with pages [${what}]`,
    );
    for (const reason of skipped) console.log(`  could not: ${reason}`);
    if (faults.length === 0) return;
    this.bad.push(seed);
    for (const fault of faults.slice(0, 12)) console.log(`  ${fault}`);
    if (faults.length > 12) console.log(`  and ${faults.length - 12} more`);
  }

  tell(seconds) {
    const { seeds, items, acknowledged, kept, lost, holes, notKept, skipped } =
      this.sums;
    console.log(
      `\n${seeds} seeds in ${seconds.toFixed(0)} s (${(seconds / seeds).toFixed(2)} s each): ${items} items sent, ${acknowledged} acknowledged, ${kept} stored; ${lost} sent and ${holes} unsent lost with their page, ${notKept} texts submitted and not stored; ${skipped} steps could not be done`,
    );
    for (const [name, n] of Object.entries(this.counts).sort())
      console.log(`  ${String(n).padStart(6)} × ${name}`);
    const unmet = [...ON_THE_WAY, ...AROUND].filter((it) => !this.counts[it]);
    if (unmet.length > 0) console.log(`did not happen: ${unmet.join(", ")}`);
    console.log(
      this.bad.length === 0
        ? "every seed kept the promise"
        : `these seeds did not: ${this.bad.join(" ")}`,
    );
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => process.exit(130));

await main();
