// Turns the pages about surveys into pictures: light, dark, wide and narrow.
//
// Not a test: `PICTURES=1 npx playwright test pictures/surveys` writes them to `www/docs/surveys`.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { post } from "../fixtures/answers.ts";
import { signIn } from "../fixtures/console.ts";
import { SurveysPage } from "../fixtures/surveys-page.ts";
import { expect, test } from "../fixtures/test.ts";

const FOLDER =
  process.env["SURVEY_PICTURES"] ??
  fileURLToPath(new URL("../../../www/docs/surveys/", import.meta.url));

const EXAMPLES = ["support-csat", "checkout", "whats-new"];

test("pictures", async ({ page, collector }) => {
  test.setTimeout(5 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  for (let i = 0; i < 36; i++)
    await post(collector, { score: 10 - (i % 9), reason: `Reason ${i}` });
  for (const name of EXAMPLES) {
    const file = new URL(
      `../../../examples/surveys/${name}.json`,
      import.meta.url,
    );
    await collector.publish(JSON.parse(await readFile(file, "utf8")) as object);
  }
  await signIn(page, collector.url, "surveys");
  const surveys = new SurveysPage(page);
  await page.getByRole("button", { name: "Was that easy?" }).click();
  await expect(surveys.content).toBeVisible();
  await page.goto(`${collector.url}surveys/support-csat`);
  await expect(surveys.content).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByTestId("toast")).toBeVisible();
  await page.goto(`${collector.url}surveys/nps`);
  await surveys.replace('"max_chars": 2000', '"max_chars": 0');
  await surveys.isSaved();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      const shoot = (name: string, fullPage = false) =>
        page.screenshot({
          path: join(FOLDER, `${name}-${colorScheme}-${width}.png`),
          fullPage,
        });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${collector.url}surveys`);
      await expect(surveys.rows.first()).toBeVisible();
      await shoot("list", true);
      await page.goto(`${collector.url}surveys/nps?version=1`);
      await expect(surveys.content).toBeVisible();
      await expect(surveys.preview).toBeVisible();
      await expect(page.getByTestId("compared")).toBeVisible();
      await shoot("desk", true);
    }
  }
});
