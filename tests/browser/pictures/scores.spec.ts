// Turns made-up weeks of a shop into pictures of the Scores page: light, dark, wide and narrow.
//
// Not a test: `PICTURES=1 npx playwright test pictures/scores` writes them to `www/docs/scores`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { signIn } from "../fixtures/console.ts";
import { release } from "../fixtures/people.ts";
import { expect, test } from "../fixtures/test.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = process.env["SCORES_PICTURES"] ?? join(ROOT, "www/docs/scores/");
const DAY = 24 * 60 * 60 * 1000;

test("pictures", async ({ page, collector }) => {
  test.setTimeout(10 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  await collector.stop();
  await collector.seed(
    "--answers",
    "3000",
    "--days",
    "90",
    "--requests",
    "5000",
  );
  await collector.start();
  await signIn(page, collector.url, "scores");
  await release(page.request, collector.url, "2.4.0", 41 * DAY);
  await release(page.request, collector.url, "2.4.1", 16 * DAY);
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 1100 });
      const shoot = async (name: string, query: string, parts: number) => {
        await page.goto(`${collector.url}scores?${query}`);
        await expect(page.getByTestId("segment").first()).toBeVisible();
        await expect(page.locator(".slow-block")).toHaveCount(0);
        for (let part = 1; part <= parts; part++) {
          await page.screenshot({
            path: join(FOLDER, `${name}-${part}-${colorScheme}-${width}.png`),
          });
          await page.mouse.wheel(0, 1000);
          await page.waitForTimeout(100);
        }
      };
      await shoot("scores", "survey=nps&days=90", 3);
      if (width === 320) continue;
      const narrow = "survey=nps&days=28&device=mobile&score=0-6&step=day";
      await shoot("filtered", `${narrow}&by=page`, 1);
      await shoot("csat", "survey=*&kind=csat&days=90&by=country", 1);
    }
  }
});
