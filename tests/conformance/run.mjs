// Turns SDKs and behaviours into a table of what each SDK shows.
//
// node run.mjs [--only SDK[,SDK…]] [--behaviour N[,N…]] [--write FILE] [--jobs N]
//
// Without `--only` all SDKs run whose packages are installed. The page without any SDK and the SDK that is bad on
// purpose run along as a test of the checks: the first must show all that is harmless and nothing else, the second
// nothing at all. The exit code is 1 when ours does not show one of the behaviours, or the checks themselves fail.

import { writeFile } from "node:fs/promises";

import { format } from "prettier";

import { behaviours } from "./behaviours/index.mjs";
import { adapters, launch, prepared, release } from "./suite.mjs";
import { Site } from "./site/server.mjs";
import { Unmet, Visit } from "./site/visit.mjs";
import { document, lines } from "./table.mjs";

/** Longest time of one check, in ms. */
const LIMIT_MS = 45_000;
/** Every SDK gets a second try: machines that do other things meanwhile are late now and then. */
const TRIES = 2;

/** @typedef {{ behaviour: import("./behaviours/index.mjs").Behaviour, sdk: object, reason: string | undefined, ms: number }} Result */

async function main() {
  const options = parse(process.argv.slice(2));
  const sdks = adapters.filter(
    ({ id, version, isControl }) =>
      options.only?.includes(id) ?? (version !== undefined && !isControl),
  );
  const chosen = behaviours.filter(
    ({ number }) => options.behaviour?.includes(String(number)) ?? true,
  );
  if (sdks.length === 0)
    throw new Error(`--only knows: ${adapters.map(({ id }) => id).join(", ")}`);
  const missing = sdks.find(({ version }) => version === undefined);
  if (missing)
    throw new Error(
      `${missing.name} is not installed: npm ci in tests/conformance/peers`,
    );
  const browser = await launch();
  try {
    const results = await all(browser, sdks, chosen, Number(options.jobs ?? 1));
    const table = lines(sdks, chosen, results);
    process.stdout.write(`${table.join("\n")}\n`);
    const version = browser.version();
    if (options.write) {
      const text = document(sdks, chosen, results, version);
      await writeFile(
        options.write,
        await format(text, { parser: "markdown" }),
      );
    }
    const wrong = surprises(results);
    for (const line of wrong) console.error(line);
    process.exitCode = wrong.length > 0 ? 1 : 0;
  } finally {
    await browser.close();
    await release();
  }
}

function parse(args) {
  const options = {};
  for (let i = 0; i < args.length; i += 2) {
    const name = /^--(only|behaviour|write|jobs)$/.exec(args[i])?.[1];
    if (name === undefined || args[i + 1] === undefined)
      throw new Error(`do not know ${args[i]}`);
    options[name] = /only|behaviour/.test(name)
      ? args[i + 1].split(",")
      : args[i + 1];
  }
  return options;
}

/** @returns {Promise<Result[]>} */
async function all(browser, sdks, chosen, jobs) {
  const todo = sdks.flatMap((sdk) =>
    chosen.map((behaviour) => ({ sdk, behaviour })),
  );
  const results = [];
  const work = async () => {
    for (let next; (next = todo.shift());) {
      const result = await tried(browser, next.sdk, next.behaviour);
      results.push(result);
      const { sdk, behaviour, reason, ms } = result;
      const said = reason === undefined ? "shown" : reason;
      console.error(
        `${sdk.id} ${behaviour.number} (${(ms / 1_000).toFixed(1)} s): ${said}`,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

/** @returns {Promise<Result>} */
async function tried(browser, sdk, behaviour) {
  let result;
  for (let n = 1; n <= (isSubject(sdk) ? TRIES : 1); n++) {
    result = await one(browser, sdk, behaviour);
    if (result.reason === undefined) break;
    console.error(`${sdk.id} ${behaviour.number}, try ${n}: ${result.reason}`);
  }
  return result;
}

/** Whether this SDK is put to the test, rather than the checks by it. */
function isSubject({ id }) {
  return id !== "bare" && id !== "bad";
}

/** @returns {Promise<Result>} */
async function one(browser, sdk, behaviour) {
  const start = performance.now();
  const site = await Site.start();
  const context = await browser.newContext();
  let reason;
  try {
    const visit = new Visit({
      site,
      sdk,
      prepared: await prepared(sdk),
      context,
    });
    await withLimit(behaviour.check(visit));
  } catch (error) {
    reason =
      error instanceof Unmet
        ? error.message
        : `stopped: ${error.message.split("\n")[0]}`;
    if (process.env["DEBUG"]) console.error(error);
  }
  await context.close();
  await site.stop();
  return { sdk, behaviour, reason, ms: performance.now() - start };
}

async function withLimit(check) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${LIMIT_MS / 1_000} s`)),
      LIMIT_MS,
    );
  });
  await Promise.race([check, limit]).finally(() => clearTimeout(timer));
}

/** Results that must not be: of ours, and of the two that test the checks. */
function surprises(results) {
  return results.flatMap(({ sdk, behaviour, reason }) => {
    const { number, harmless = false } = behaviour;
    if (sdk.ours && reason !== undefined)
      return [`${sdk.name} does not show ${number}: ${reason}`];
    if (sdk.id === "bad" && reason === undefined)
      return [`the check of ${number} lets the bad SDK pass`];
    if (sdk.id !== "bare") return [];
    if (harmless && reason !== undefined)
      return [`the check of ${number} fails without any SDK: ${reason}`];
    return !harmless && reason === undefined
      ? [`the check of ${number} passes without any SDK`]
      : [];
  });
}

await main();
