// Turns steps of a plan into what happens in the tabs of one browser profile.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { crash } from "../browsers.mjs";

const DAY_MS = 86_400_000;
/** Longest time of one step, by our clock: a page that crashed never answers. */
const STEP_MS = 12_000;

/** Each is one function that wants to be called. */
const scripts = await Promise.all(
  ["clock", "watch", "act"].map(async (name) => {
    const file = new URL(`../page/${name}.js`, import.meta.url);
    const code = await readFile(file, "utf8");
    return `(${code.trim().replace(/;$/, "")})`;
  }),
);

/** What a page tells of itself on the console. */
const TOLD = /^conserve ([\w ]+): (.*)$/s;

/** What Firefox says in an error's place about a request that failed; nothing was thrown. */
const BROWSERS_OWN = /^Cross-Origin Request Blocked/;
/** A module that did not arrive is the network's fault, and the page's that was left. */
const NOT_FETCHED = /dynamically imported module/;

export class Tabs {
  /** What is wrong, told by pages. */
  faults = [];
  /** Texts that were submitted, and those that somebody was thanked for. */
  said = new Set();
  thanked = new Map();
  /** How often what happened. */
  counts = {};
  /** Steps that could not be done, and why. */
  skipped = [];
  #pages = [];
  #jumpedMs = 0;
  #markers = 0;

  constructor(context, { plan, site, speed, epochMs, collector, extra }) {
    Object.assign(this, {
      context,
      plan,
      site,
      speed,
      epochMs,
      collector,
      extra,
    });
  }

  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Pages that live. */
  get pages() {
    return this.#pages.filter((page) => page && !page.isClosed() && !page.gone);
  }

  async open(tab) {
    const page = await this.context.newPage();
    page.on("console", (message) => this.#hear(message.text()));
    page.on("pageerror", ({ message }) => {
      if (!BROWSERS_OWN.test(message)) this.faults.push(`uncaught: ${message}`);
    });
    page.on("error", () => (page.gone = true));
    const clock = {
      speed: this.speed,
      epochMs: this.epochMs,
      skewMs: this.#skewMs(),
      jumpedMs: this.#jumpedMs,
      storageKey: "conserve:jumped",
    };
    const [setClock, watch, act] = scripts;
    const { around } = this.plan;
    await page.evaluateOnNewDocument(
      `${setClock}(${JSON.stringify(clock)});${watch}(${JSON.stringify(around)});${act}();${this.extra ?? ""}`,
    );
    this.#pages[tab] = page;
    await page.goto(this.site.url, { waitUntil: "domcontentloaded" });
    return page;
  }

  #skewMs() {
    const { around } = this.plan;
    if (around.includes("clock a day ahead")) return DAY_MS;
    return around.includes("clock a day behind") ? -DAY_MS : 0;
  }

  #hear(text) {
    const [, what, about] = TOLD.exec(text) ?? [];
    if (what === "said") this.said.add(about);
    else if (what === "thanks") this.thanked.set(...about.split(" by "));
    else if (what === "note") this.count(about);
    else if (what !== undefined) this.faults.push(`${what}: ${about}`);
    else if (/^\[firsthand\]/.test(text)) this.#warned(text);
  }

  /** What the SDK says on the console: its own faults are findings, the rest is told in the summary. */
  #warned(text) {
    const [, code] = /^\[firsthand\] (\w+)/.exec(text) ?? [];
    const isOurs = code === "internal" || code === "agent_failed";
    if (isOurs && !NOT_FETCHED.test(text)) this.faults.push(text);
    else this.count(`warned ${code}`);
  }

  /** Carries one step out; what cannot be done is noted, not hidden. */
  async step({ what, tab, n }) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("took too long")), STEP_MS);
    });
    try {
      await Promise.race([this.#do(what, tab, n), late]);
    } catch (error) {
      this.skipped.push(`${what}: ${error.message.split("\n")[0]}`);
    } finally {
      clearTimeout(timer);
    }
  }

  async #page(tab) {
    const page = this.#pages[tab];
    if (page && !page.isClosed() && !page.gone) return page;
    return this.open(tab);
  }

  async #do(what, tab, n) {
    const ofAll = this.#ofAll[what];
    if (ofAll) return ofAll.call(this);
    const page = await this.#page(tab);
    const marker = `m${this.plan.seed}-${tab}-${++this.#markers}`;
    const special = this.#special[what];
    if (special) return special.call(this, page, n, marker);
    // Who went somewhere while offline sees the browser's own page.
    if (!page.url().startsWith(this.site.url))
      return this.count("nobody there");
    return page.evaluate(
      (...given) => window.conserveAct(...given),
      what,
      n,
      marker,
    );
  }

  #ofAll = {
    async "kill the collector"() {
      await this.collector.kill();
      this.count("collector killed");
    },
    async "start the collector"() {
      await sleep(100);
      await this.collector.start();
    },
  };

  #special = {
    async visit(page) {
      if (page.offline) return this.count("nobody there");
      await page.goto(`${this.site.url}page/${++this.#markers}`, {
        waitUntil: "domcontentloaded",
      });
    },
    async "hide and show"(page) {
      await page.evaluate(() => window.conserveWatch.hide(true));
      await sleep(60);
      await page.evaluate(() => window.conserveWatch.hide(false));
      this.count("hidden and back");
    },
    async "go offline"(page) {
      await page.setOfflineMode(true);
      page.offline = true;
      page
        .evaluate(() => window.conserveAct("requests", 2))
        .catch(() => undefined);
      await sleep(200);
    },
    async "go online"(page) {
      await page.setOfflineMode(false);
      page.offline = false;
      this.count("offline");
    },
    async block(page) {
      await page.evaluate(() => window.conserveWatch.block(true));
    },
    async unblock(page) {
      await page.evaluate(() => window.conserveWatch.block(false));
    },
    async crash(page, n, marker) {
      this.#unheard(page, "feedback", n, marker);
      await sleep(n * 40);
      await crash(page);
      page.gone = true;
      this.count("crash");
    },
    async close(page, n, marker) {
      this.#unheard(page, "answer", n, marker);
      await sleep(n * 40);
      await page.close({ runBeforeUnload: false });
      this.count("closed");
    },
    async "call and leave"(page, n, marker) {
      const url = `${this.site.url}left/${marker}`;
      await Promise.all([
        page.waitForNavigation({ waitUntil: "domcontentloaded" }),
        page.evaluate(
          (to, mark) => {
            window.firsthand.track("left", { mark });
            window.firsthand.show("pulse", { ignoreConditions: true });
            window.firsthand.close();
            location.href = to;
          },
          url,
          marker,
        ),
      ]);
      this.count("same tick");
    },
    async "leave and come back"(page, n, marker) {
      this.#unheard(page, "requests", n, marker);
      await page.goto(`${this.site.url}away/${marker}`, {
        waitUntil: "domcontentloaded",
      });
      await sleep(n * 20);
      // Not `goBack`: it waits for a load, which a page out of the cache does not have.
      await page.evaluate(() => history.back()).catch(() => undefined);
      await sleep(150);
    },
    async "set the clock"(page, n) {
      const byMs = n % 2 ? DAY_MS : -DAY_MS;
      await page.evaluate((ms) => window.conserveClock.skew(ms), byMs);
      this.count("clock set while open");
    },
  };

  /** Begins something whose end nobody waits for. */
  #unheard(page, what, n, marker) {
    page
      .evaluate((...given) => window.conserveAct(...given), what, n, marker)
      .catch(() => undefined);
  }

  /** Lets time pass at once in all tabs, at least up to the next thing that anybody waits for. */
  async jump(atLeastMs) {
    const { pages } = this;
    const next = await Promise.all(
      pages.map((page) => page.evaluate(() => window.conserveClock.nextMs())),
    );
    const ms = Math.ceil(
      Math.max(
        atLeastMs,
        Math.min(...next.map((it) => Math.max(0, it)), 3_700_000),
      ),
    );
    this.#jumpedMs += ms;
    await Promise.all(
      pages.map((page) =>
        page.evaluate((by) => window.conserveClock.jump(by), ms),
      ),
    );
  }

  /** What pages count of what they delivered; none where the product does not tell yet. */
  async deliveries() {
    return Promise.all(
      this.pages.map((page) =>
        page.evaluate(async () => ({
          load: window.conserveLoad,
          counts: await Promise.race([
            window.firsthand.delivery?.(),
            window.conserveClock.sleep(2_000),
          ]),
        })),
      ),
    );
  }

  /** Ends every trouble of pages. */
  async calm() {
    for (const page of this.pages) {
      await page.setOfflineMode(false).catch(() => undefined);
      if (!page.url().startsWith(this.site.url))
        await page.goto(this.site.url, { waitUntil: "domcontentloaded" });
      await page.evaluate(() => window.conserveWatch.block(false));
    }
  }
}
