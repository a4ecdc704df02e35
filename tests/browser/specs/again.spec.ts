// Turns one person's visits into how often they are asked.

import type { Page } from "@playwright/test";

import type { Survey } from "../fixtures/survey.ts";
import { expect, test } from "../fixtures/test.ts";
import { MINUTE, later } from "../fixtures/visit.ts";
import type { Watch } from "../fixtures/watch.ts";

/** Opens the page and lives through a minute of it, far more than the survey's delay. */
async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForLoadState("networkidle");
  for (let second = 0; second < 60; second += 5) await page.clock.runFor(5_000);
}

/** Nothing is on the page, and that is the agent's decision: asked for the survey, it says so. */
async function isNotAsked(
  page: Page,
  survey: Survey,
  watch: Watch,
): Promise<void> {
  await expect(survey.dialog).toHaveCount(0);
  const before = watch.warnings().length;
  await page.evaluate("firsthand.show('nps')");
  await expect
    .poll(() => watch.warnings().slice(before).join())
    .toContain("not_again_yet");
  await expect(survey.dialog).toHaveCount(0);
}

// Why: being asked again right after one has answered is the quickest way to be hated.
test("whoever has answered is not asked again", async ({
  page,
  shop,
  survey,
  watch,
}) => {
  await page.clock.install();
  await visit(page, shop.url);
  await survey.appears();
  await survey.answer(9, "Once is enough");
  await survey.thanks();

  await visit(page, shop.url);
  await isNotAsked(page, survey, watch);
  await visit(page, `${shop.url}cart`);
  await isNotAsked(page, survey, watch);
});

// Why: the same for somebody who said no.
test("whoever has closed it is not asked again", async ({
  page,
  shop,
  survey,
  watch,
}) => {
  await page.clock.install();
  await visit(page, shop.url);
  await survey.appears();
  await survey.close.click();
  await expect(survey.dialog).toHaveCount(0);

  await visit(page, shop.url);
  await isNotAsked(page, survey, watch);
});

// Why: somebody who only went on to the next page has not said no; after the third time they have.
test("whoever has only seen it is asked three times", async ({
  page,
  shop,
  survey,
  watch,
}) => {
  await page.clock.install();
  for (let time = 1; time <= 3; time++) {
    await visit(page, shop.url);
    await survey.appears();
    // Within the session it is not asked again; after half an hour away a new one begins.
    await visit(page, shop.url);
    await survey.isGone();
    await later(page, 31 * MINUTE);
  }
  await visit(page, shop.url);
  await isNotAsked(page, survey, watch);
});
