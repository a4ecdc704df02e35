// Turns the shell into pictures of what floats over a page: light, dark, wide and narrow.
//
// Not a test: `PICTURES=1 npx playwright test pictures/shell` writes them to `www/docs/shell`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { post } from "../fixtures/answers.ts";
import { signIn } from "../fixtures/console.ts";
import { expect, test } from "../fixtures/test.ts";

const FOLDER =
  process.env["SHELL_PICTURES"] ??
  fileURLToPath(new URL("../../../www/docs/shell/", import.meta.url));

test("pictures", async ({ page, collector }) => {
  test.setTimeout(5 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  for (let i = 0; i < 36; i++)
    await post(collector, { score: 10 - (i % 9), reason: `Reason ${i}` });
  await signIn(page, collector.url);
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      const shoot = (name: string) =>
        page.screenshot({
          path: join(FOLDER, `${name}-${colorScheme}-${width}.png`),
        });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${collector.url}scores?days=90&color=red`);
      await expect(page.getByTestId("comment").first()).toBeVisible();
      await shoot("scores");
      await page.getByRole("button", { name: "Your account" }).click();
      await shoot("menu");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("s");
      await shoot("palette");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await shoot("keys");
      await page.keyboard.press("Escape");
      await page.goto(`${collector.url}password#fh_link_x`);
      await expect(page.getByLabel("New password")).toBeVisible();
      await shoot("password");
    }
  }
  await page.goto(`${collector.url}scores`);
  await expect(page.getByTestId("comment").first()).toBeVisible();
  await page.context().clearCookies();
  await expect(page.locator("dialog.again")).toBeVisible();
  await page.screenshot({ path: join(FOLDER, "again-dark-320.png") });
});
