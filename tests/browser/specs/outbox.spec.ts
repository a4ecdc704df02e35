// Turns pages that end before their answers have arrived into answers that arrive once.

import type { Page } from "@playwright/test";

import { HOST, scriptTag } from "../fixtures/host-page.ts";
import { delivery, keeps, keepsAll, kinds } from "../fixtures/outbox.ts";
import { Survey } from "../fixtures/survey.ts";
import { expect, test } from "../fixtures/test.ts";

/** Everything that the browser's tools do to a page which crashes. */
async function crash(page: Page): Promise<void> {
  const tools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // It never answers: there is nobody left who could.
  void tools.send("Page.crash").catch(() => {});
  await crashed;
}

// Why: the tab is closed while nobody takes the answer. The person has done their part.
test("an answer whose page was closed while the collector was away arrives with the next visit", async ({
  page,
  context,
  serve,
  collector,
  survey,
  watch,
}) => {
  const host = await serve(HOST + scriptTag(collector.url, collector.siteKey));
  await page.goto(host.url);
  await survey.appears();
  await collector.stop();
  await survey.answer(10, "Still here");
  await expect(survey.dialog).toContainText("Not sent yet");
  const left = await keepsAll(page);
  expect(await kinds(page)).toContain("response");
  expect(watch.uncaught).toEqual([]);
  await page.close();

  await collector.start();
  const next = await context.newPage();
  await next.goto(host.url);
  await keeps(next, 0);
  const { adopted, accepted, duplicate } = await delivery(next);
  // Closing told of some more.
  expect(adopted).toBeGreaterThanOrEqual(left);
  expect(accepted + duplicate).toBeGreaterThanOrEqual(left);
  expect(await next.evaluate("Object.keys(localStorage).join()")).not.toContain(
    ":kept",
  );
  expect(await collector.count("response")).toBe(1);
});

// Why: a renderer that crashes runs no handler at all.
test("an answer survives a crash of its tab", async ({
  page,
  context,
  serve,
  collector,
  survey,
}) => {
  const host = await serve(HOST + scriptTag(collector.url, collector.siteKey));
  await page.goto(host.url);
  await survey.appears();
  await page.route("**/v1/batch*", (route) => route.abort());
  await survey.answer(9);
  const left = await keepsAll(page);
  await crash(page);

  const next = await context.newPage();
  await next.goto(host.url);
  await keeps(next, 0);
  expect((await delivery(next)).adopted).toBe(left);
  expect(await collector.count("response")).toBe(1);
});

/** Has another script work in the database of every site key that is opened, for a minute, in one transaction. */
function occupy(siteKey: string): void {
  const until = performance.now() + 60_000;
  const request = indexedDB.open(`firsthand:${siteKey}`, 1);
  request.onupgradeneeded = () =>
    request.result.createObjectStore("items", { keyPath: "key" });
  request.onsuccess = () => {
    const store = request.result
      .transaction("items", "readwrite")
      .objectStore("items");
    const next = () => {
      if (performance.now() < until) store.count().onsuccess = next;
    };
    next();
  };
}

// Why: a person answers and is gone the next moment. The disk may take longer than that.
test("an answer is kept although its page goes before the database has it", async ({
  page,
  context,
  serve,
  collector,
  survey,
  watch,
}) => {
  await page.addInitScript(occupy, collector.siteKey);
  const host = await serve(HOST + scriptTag(collector.url, collector.siteKey));
  const elsewhere = await serve(HOST);
  await page.goto(host.url);
  await survey.appears();
  await collector.stop();
  await survey.answer(10, "And gone");
  await page.goto(elsewhere.url);
  expect(watch.uncaught).toEqual([]);
  await page.close();

  await collector.start();
  const next = await context.newPage();
  await next.goto(host.url);
  await keeps(next, 0);
  expect(await collector.count("response")).toBe(1);
  const { accepted, conflict } = await delivery(next);
  expect(accepted).toBeGreaterThan(0);
  expect(conflict).toBe(0);
});

// Why: five tabs that each send what all of them left would send it five times.
test("of five tabs one delivers what was left, and what a sixth leaves when it crashes", async ({
  page,
  context,
  serve,
  collector,
  survey,
}) => {
  const host = await serve(HOST + scriptTag(collector.url, collector.siteKey));
  await page.goto(host.url);
  await survey.appears();
  await page.route("**/v1/batch*", (route) => route.abort());
  await survey.answer(9, "From the sixth");
  const left = await keepsAll(page);

  const tabs: Page[] = [];
  for (let n = 0; n < 5; n++) {
    const tab = await context.newPage();
    await tab.goto(host.url);
    await expect.poll(() => tab.evaluate("typeof firsthand")).toBe("object");
    tabs.push(tab);
  }
  // The sixth lives: nobody touches what is its own.
  for (const tab of tabs) expect((await delivery(tab)).adopted).toBe(0);
  await crash(page);
  await keeps(tabs[0]!, 0);
  const all = await Promise.all(tabs.map(delivery));
  expect(all.map((it) => it.adopted).sort()).toEqual([0, 0, 0, 0, left]);
  expect(await collector.count("response")).toBe(1);
});

test.describe("where IndexedDB is not to be had", () => {
  const BROKEN = {
    "is silent": "indexedDB.open = () => new EventTarget();",
    throws: "indexedDB.open = () => { throw new DOMException('no'); };",
    "is not there":
      "Object.defineProperty(window, 'indexedDB', { value: undefined });",
  };
  for (const [how, script] of Object.entries(BROKEN)) {
    test(`it ${how}: localStorage keeps the answer, and says so`, async ({
      page,
      context,
      serve,
      collector,
      survey,
      watch,
    }) => {
      await context.addInitScript(script);
      const host = await serve(
        HOST + scriptTag(collector.url, collector.siteKey),
      );
      await page.goto(host.url);
      await survey.appears();
      await page.route("**/v1/batch*", (route) => route.abort());
      await survey.answer(9);
      await keepsAll(page);
      expect((await delivery(page)).storage).toBe("localstorage");
      expect(watch.warnings().join()).toContain(
        "outbox_degraded: localstorage",
      );
      expect(watch.uncaught).toEqual([]);
      await page.close();

      const next = await context.newPage();
      await next.goto(host.url);
      await keeps(next, 0);
      expect(await collector.count("response")).toBe(1);
    });
  }
});

// Why: a full disk, a private window: the answer is still worth a try while the page is open.
test("where nothing can be kept the answer is delivered from memory", async ({
  page,
  serve,
  collector,
  counter,
  survey,
  watch,
}) => {
  await page.addInitScript(() => {
    const full = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    IDBObjectStore.prototype.put = full;
    Storage.prototype.setItem = full;
  });
  const host = await serve(HOST + scriptTag(counter.url, collector.siteKey));
  await page.goto(host.url);
  await survey.appears();
  await survey.answer(9);
  await survey.thanks();
  const { storage, kept, pending } = await delivery(page);
  expect([storage, kept]).toEqual(["memory", 0]);
  expect(pending).toBeLessThanOrEqual(1);
  expect(watch.warnings().join()).toContain("outbox_degraded: memory");
  expect(watch.uncaught).toEqual([]);
  expect(await collector.count("response")).toBe(1);
});

// Why: a page that comes back from the back-forward cache goes on where it was, and sends nothing twice.
test("a page in the back-forward cache leaves what it keeps to others, and goes on when it is back", async ({
  playwright,
  launchOptions,
  serve,
  collector,
}) => {
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  const host = await serve(HOST + scriptTag(collector.url, collector.siteKey));
  const elsewhere = await serve(HOST);
  await page.addInitScript(() => {
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) Object.assign(window, { isBack: true });
    });
  });
  await page.goto(host.url);
  const survey = new Survey(page);
  await survey.appears();
  await collector.stop();
  await survey.answer(9);
  const left = await keepsAll(page);
  // While it is open no other page may show one: that page would be asked to go.
  await survey.button("Close").first().click();
  await survey.isGone();
  await page.goto(elsewhere.url);
  await collector.start();
  const other = await context.newPage();
  await other.goto(host.url);
  await keeps(other, 0);
  // Closing and going told of some more.
  expect((await delivery(other)).adopted).toBeGreaterThanOrEqual(left);

  // Not `goBack`: it waits for a load, which there is none of.
  await page.evaluate("history.back()").catch(() => {});
  await expect
    .poll(() => page.evaluate("window.isBack").catch(() => false))
    .toBe(true);
  await expect.poll(async () => (await delivery(page)).pending).toBe(0);
  const { duplicate } = await delivery(page);
  expect(duplicate).toBeGreaterThan(0);
  expect(await collector.count("response")).toBe(1);
  await browser.close();
});
