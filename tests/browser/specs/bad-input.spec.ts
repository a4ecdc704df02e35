// Turns mistakes in a page's tag into one line for its developer, and into silence on the network.

import type { Page } from "@playwright/test";

import { scriptTag } from "../fixtures/host-page.ts";
import type { Counter } from "../fixtures/counter.ts";
import { expect, test } from "../fixtures/test.ts";
import type { Watch } from "../fixtures/watch.ts";

/** Lets the page live through 59 minutes, one at a time so that answers can come in between. */
async function anHourPasses(page: Page): Promise<void> {
  for (let minute = 0; minute < 59; minute++) await page.clock.runFor(60_000);
}

async function isToldOnce(
  code: string,
  page: Page,
  counter: Counter,
  watch: Watch,
): Promise<void> {
  await expect.poll(() => watch.warnings().join("\n")).toContain(code);
  await anHourPasses(page);
  expect(watch.warnings().filter((text) => text.includes(code))).toHaveLength(
    1,
  );
  expect(watch.warnings()).toHaveLength(1);
  expect(counter.count({ path: "/v1/" })).toBeLessThanOrEqual(2);
  expect(watch.uncaught).toEqual([]);
  expect(watch.errors()).toEqual([]);
  expect(await page.locator("firsthand-widget").count()).toBe(0);
}

// Why: a mistyped key is the first mistake that anybody makes. It must be easy to find, and thousands
// of pages with it must not become a storm.
test("an unknown site key is one warning and no storm", async ({
  page,
  counter,
  openShop,
  watch,
}) => {
  const shop = await openShop({
    collector: counter.url,
    siteKey: "fh_mistyped_key",
  });
  await page.clock.install();
  await page.goto(shop.url);
  await isToldOnce("unknown_site_key", page, counter, watch);
});

test.describe("on an origin that the site does not list", () => {
  test.use({ setup: { origins: ["https://shop.example"] } });

  // Why: a key is public, so anybody can put it on another page; the list of origins is the answer,
  // and who forgot to extend it must learn so.
  test("there is one warning and no storm", async ({
    page,
    counter,
    collector,
    openShop,
    watch,
  }) => {
    const shop = await openShop({
      collector: counter.url,
      siteKey: collector.siteKey,
    });
    await page.clock.install();
    await page.goto(shop.url);
    await isToldOnce("origin_not_allowed", page, counter, watch);
  });
});

// Why: tag managers and templates put the same tag on a page twice. Nobody may be asked twice.
test("a second tag is a warning, not a second widget", async ({
  page,
  collector,
  serve,
  survey,
  watch,
}) => {
  const tag = scriptTag(collector.url, collector.siteKey);
  const host = await serve(
    `<!doctype html><title>Twice</title><h1>Twice</h1>${tag}${tag}`,
  );
  await page.goto(host.url);
  await survey.appears();
  await page.waitForLoadState("networkidle");
  await expect(survey.element).toHaveCount(1);
  expect(watch.warnings()).toHaveLength(1);
  expect(watch.warnings()[0]).toMatch(/firsthand/i);
  expect(
    watch.paths(collector.url).filter((path) => path === "/v1/config"),
  ).toHaveLength(1);
  expect(watch.uncaught).toEqual([]);
});
