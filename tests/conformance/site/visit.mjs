// Turns an SDK, a browser and a site into one visit: a page with the SDK on it, and what the SDK uploaded when it left.

import { setTimeout as sleep } from "node:timers/promises";

import { pageTools } from "./tools.mjs";

/** How long every SDK may take to join what the browser tells late before the page is left, in ms. */
const SETTLE_MS = 1_500;
/** How long a page stays in the background before it goes, in ms. */
const HIDDEN_MS = 800;
/** The sink counts as quiet after this, in ms; and is not waited for longer than the second. */
const QUIET_MS = 500;
const PATIENCE_MS = 4_000;

/** A behaviour that is not shown; the message goes into the table's notes. */
export class Unmet extends Error {}

/** Fails the check with a sentence unless `holds`. */
export function must(holds, sentence) {
  if (!holds) throw new Unmet(sentence);
}

/** One visit; checks get it as `visit`. */
export class Visit {
  constructor({ site, sdk, prepared, context }) {
    this.site = site;
    this.sdk = sdk;
    this.prepared = prepared;
    this.context = context;
    for (const [path, file] of prepared.files ?? []) site.files.set(path, file);
  }

  /**
   * Opens the application's page and waits until the SDK works.
   * `before` and `after` are markup beside the SDK's own; `wait: false` leaves at once.
   */
  async open({
    path = "/page",
    before = "",
    after = "",
    sdk = true,
    wait = true,
  } = {}) {
    const { site, prepared } = this;
    const head = sdk ? prepared.head(site) : "";
    const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"><script>window.conformance = { sink: "${site.sink}" };(${pageTools})()</script>
${before}${head}${after}</head><body><h1>Shop</h1></body></html>`;
    site.files.set(path, { type: "text/html", body });
    this.page = await this.context.newPage();
    await this.page.goto(`${site.app}${path}`);
    if (sdk && wait) await this.ready();
    return this.page;
  }

  /** Waits until the SDK says that it works. */
  async ready() {
    const ready = this.prepared.ready ?? "window.conformance.ready === true";
    if (this.sdk.id !== "bare")
      await this.page.waitForFunction(ready, undefined, { timeout: 10_000 });
  }

  /** Runs a function in the page. */
  run(fn, argument) {
    return this.page.evaluate(fn, argument);
  }

  /**
   * Lets the SDK finish, leaves the page as a person does, and returns what was uploaded of requests. With `hideFirst`
   * another tab is looked at before.
   */
  async leave({ settleMs = SETTLE_MS, hideFirst = false } = {}) {
    await sleep(settleMs);
    await this.run(() => window.conformance.flush?.());
    if (hideFirst) {
      await this.run(() => host.hide());
      await sleep(HIDDEN_MS);
    }
    await this.page.goto("about:blank");
    await this.quiet();
    return this.observations();
  }

  /** Waits until the sink has heard nothing for a while. */
  async quiet() {
    const { uploads } = this.site;
    const start = performance.now();
    while (performance.now() - start < PATIENCE_MS) {
      const last = Math.max(start, uploads.at(-1)?.atMs ?? start);
      if (performance.now() - last > QUIET_MS + this.site.sinkDelayMs) return;
      await sleep(50);
    }
  }

  observations() {
    return this.sdk.read(this.site.uploads, this.site);
  }
}

/** The observations whose name or URL has this path; an SDK that collapses paths names the template. */
export function of(observations, path) {
  const matches = (text) =>
    text !== undefined && text.split(/[?#]/)[0].endsWith(path);
  return observations.filter(({ name, url }) => matches(url) || matches(name));
}

/** How many attempts these observations tell of. */
export function count(observations) {
  return observations.reduce((sum, observation) => sum + observation.count, 0);
}

/** The one observation of a path. */
export function only(observations, path) {
  const found = of(observations, path);
  must(count(found) > 0, `${path} was not reported`);
  must(count(found) === 1, `${path} was reported ${count(found)} times`);
  return found[0];
}
