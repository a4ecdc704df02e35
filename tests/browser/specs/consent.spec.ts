// Turns what a person, or their browser, allows into what is kept on the device and what is sent.

import type { Page } from "@playwright/test";

import { scriptTag } from "../fixtures/host-page.ts";
import { delivery, keepsAll } from "../fixtures/outbox.ts";
import { expect, test } from "../fixtures/test.ts";

const host = (collector: string, siteKey: string, attributes: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><h1>Host</h1>` +
  scriptTag(collector, siteKey).replace("<script ", `<script ${attributes} `);

/** What the device holds of the SDK: entries of localStorage and items of its database. */
async function onDevice(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = Object.keys(localStorage).filter((it) =>
      it.startsWith("firsthand:"),
    );
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done, fail) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error);
      });
      const n = await new Promise<number>((done) => {
        const request = database
          .transaction("items")
          .objectStore("items")
          .count();
        request.onsuccess = () => done(request.result);
      });
      if (n > 0) names.push(`${n} items`);
      database.close();
    }
    return names.sort();
  });
}

const setConsent = (page: Page, granted: boolean) =>
  page.evaluate(`firsthand.setConsent(${granted})`);

// Why: nothing may touch the device before somebody has said yes, and nothing that happened may be lost.
test("before consent an answer is sent and the rest waits in memory; with it all arrives", async ({
  page,
  serve,
  collector,
  survey,
  watch,
}) => {
  const at = await serve(
    host(collector.url, collector.siteKey, 'data-consent="pending"'),
  );
  await page.goto(at.url);
  await page.waitForFunction("window.firsthand?.show");
  await page.evaluate("firsthand.show('nps')");
  await survey.appears();
  await survey.answer(9);
  await survey.thanks();
  expect(await onDevice(page)).toEqual([]);
  expect((await delivery(page)).pending).toBeGreaterThan(0);
  expect(await collector.count("response")).toBe(1);
  expect(await collector.count("impression")).toBe(0);

  await setConsent(page, true);
  await expect.poll(async () => (await delivery(page)).pending).toBe(0);
  expect(await collector.count("impression")).toBe(1);
  expect(await onDevice(page)).toContain(`firsthand:${collector.siteKey}`);
  expect(watch.uncaught).toEqual([]);
});

// Why: who says no takes back what was kept, and not what they have just sent.
test("a refusal wipes the device, gives up what waits and still delivers the answer", async ({
  page,
  serve,
  collector,
  survey,
}) => {
  const at = await serve(host(collector.url, collector.siteKey, ""));
  await page.goto(at.url);
  await survey.appears();
  await page.route("**/v1/batch*", (route) => route.abort());
  await survey.answer(3);
  await keepsAll(page);
  expect((await onDevice(page)).join()).toContain("items");

  await setConsent(page, false);
  await expect.poll(() => onDevice(page)).toEqual([]);
  await page.unroute("**/v1/batch*");
  await survey.thanks(45_000).catch(() => {
    // Closed on refusal: the answer goes on its way all the same.
  });
  await expect
    .poll(async () => (await delivery(page)).pending, { timeout: 45_000 })
    .toBe(0);
  expect(await collector.count("response")).toBe(1);
  expect(await onDevice(page)).toEqual([]);
});

// Why: a signal of the browser is a person's word for all sites; what they send by hand is theirs to send.
test("with Global Privacy Control nothing is measured or told but the answer", async ({
  page,
  serve,
  collector,
  survey,
}) => {
  await page.addInitScript(() =>
    Object.defineProperty(navigator, "globalPrivacyControl", { value: true }),
  );
  const asked: string[] = [];
  page.on("request", (it) => asked.push(new URL(it.url()).pathname));
  const at = await serve(host(collector.url, collector.siteKey, ""));
  await page.goto(at.url);
  await survey.appears();
  await survey.answer(9);
  await survey.thanks();
  expect((await delivery(page)).dropped).toEqual({ no_consent: 1 });
  expect(asked.join()).not.toMatch(/\/rows-|\/vitals-/);
  expect(await collector.count("response")).toBe(1);
  expect(await collector.count("impression")).toBe(0);
});

test("a site that has another right to it may say so", async ({
  page,
  serve,
  collector,
  survey,
}) => {
  await page.addInitScript(() =>
    Object.defineProperty(navigator, "globalPrivacyControl", { value: true }),
  );
  const at = await serve(
    host(collector.url, collector.siteKey, 'data-privacy-signals="ignore"'),
  );
  await page.goto(at.url);
  await survey.appears();
  await survey.answer(9);
  await survey.thanks();
  await expect.poll(async () => (await delivery(page)).pending).toBe(0);
  expect(await collector.count("impression")).toBe(1);
});

// Why: what a site must not send must not be sent because its own code has a mistake.
test("a hook of the page changes or holds back what leaves it, and fails closed", async ({
  page,
  serve,
  collector,
  survey,
  watch,
}) => {
  const script = `<script>
    (window.firsthand ??= []).push(["init", {
      siteKey: ${JSON.stringify(collector.siteKey)},
      beforeSend(item) {
        if (item.type === "impression") throw new Error("mine");
        item.p.page.url = "https://shop.example/hidden";
        return item;
      },
    }]);
  </script>
  <script async crossorigin src="${collector.url}sdk.js"></script>`;
  const at = await serve(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><h1>Host</h1>${script}`,
  );
  const sent: string[] = [];
  page.on("request", (it) => sent.push(it.postData() ?? ""));
  await page.goto(at.url);
  await survey.appears();
  await survey.answer(9);
  await survey.thanks();
  const { dropped } = await delivery(page);
  expect(dropped["before_send"]).toBe(1);
  expect(sent.join()).not.toContain('"impression"');
  expect(sent.join()).toContain("https://shop.example/hidden");
  expect(watch.uncaught).toEqual([]);
  expect(await collector.count("response")).toBe(1);
  expect(await collector.count("impression")).toBe(0);
});
