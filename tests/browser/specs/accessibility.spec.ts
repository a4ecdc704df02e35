// Turns what people see of Firsthand into what a screen reader finds wrong with it: nothing serious.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { post } from "../fixtures/answers.ts";
import { ScoresPage } from "../fixtures/scores-page.ts";
import { expect, test } from "../fixtures/test.ts";

/** What axe finds that keeps people out, one line each. */
async function serious(page: Page, within?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(
        (node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`,
      ),
    );
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    // Why: who cannot see or cannot tell colours apart is a user too, and the law agrees.
    test("the widget is readable at each of its steps", async ({
      page,
      shop,
      survey,
    }) => {
      await page.goto(shop.url);
      await survey.appears();
      const widget = "firsthand-widget";
      expect(await serious(page, widget)).toEqual([]);
      await survey.dialog.getByRole("button", { name: "Next" }).click();
      await expect(survey.dialog).toContainText("Choose a score");
      expect(await serious(page, widget), "with a complaint").toEqual([]);
      await survey.score(3).focus();
      await page.keyboard.press("Space");
      await page.keyboard.press("Enter");
      await expect(survey.reason).toBeVisible();
      expect(await serious(page, widget), "the reason").toEqual([]);
      await survey.reason.fill("Fine");
      await survey.send.click();
      await survey.thanks();
      expect(await serious(page, widget), "the ending").toEqual([]);
    });

    // Why: the console is where a product manager spends the day.
    test("the console is readable, empty and full", async ({
      page,
      collector,
    }) => {
      const scores = new ScoresPage(page, collector.url);
      await scores.open();
      await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
      expect(await serious(page), "signing in").toEqual([]);
      for (let i = 0; i < 31; i++)
        await post(collector, { score: i % 11, reason: `Reason ${i}` });
      await scores.signIn();
      await expect(scores.comments).toHaveCount(30);
      await page.getByRole("button", { name: "Load more" }).click();
      await expect(scores.comments).toHaveCount(31);
      expect(await serious(page), "scores").toEqual([]);
    });

    // Why: the shop stands for a customer's page, and it is the first thing that anybody sees.
    test("the shop is readable", async ({ page, shop }) => {
      await page.goto(shop.url);
      await expect(
        page.getByRole("link", { name: "Round teapot" }),
      ).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await page.getByRole("link", { name: "Round teapot" }).click();
      await expect(
        page.getByRole("button", { name: "Add to cart" }),
      ).toBeVisible();
      expect(await serious(page)).toEqual([]);
    });
  });
}
