// Turns settings into pictures: light, dark, wide and narrow.
//
// Not a test: `PICTURES=1 npx playwright test pictures/settings` writes them to `www/docs/settings`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { post } from "../fixtures/answers.ts";
import { signIn } from "../fixtures/console.ts";
import { expect, test } from "../fixtures/test.ts";

const FOLDER =
  process.env["SETTINGS_PICTURES"] ??
  fileURLToPath(new URL("../../../www/docs/settings/", import.meta.url));

const PAGES = (
  process.env["SETTINGS_PAGES"] ??
  "project,sites,budgets,maintenance,health,people,team,tokens,audit,account"
).split(",");

test("pictures", async ({ page, collector }) => {
  test.setTimeout(5 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  for (let i = 0; i < 12; i++)
    await post(collector, { score: 10 - (i % 9), reason: `Reason ${i}` });
  await signIn(page, collector.url, "settings/team");
  for (const email of ["eve@shop.example", "bo@shop.example"]) {
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Invite" }).click();
    await expect(
      page.getByRole("list").filter({ hasText: email }).first(),
    ).toBeVisible();
  }
  await page.goto(`${collector.url}settings/sites`);
  await page.getByRole("textbox", { name: "Name" }).fill("Corner shop");
  await page
    .getByRole("textbox", { name: "Origins" })
    .fill("https://corner.example");
  await page.getByRole("button", { name: "Add site" }).click();
  await expect(page.getByTestId("site")).toHaveCount(2);
  await page.goto(`${collector.url}settings/tokens`);
  await page.getByRole("textbox", { name: "Name" }).fill("Weekly numbers");
  await page.getByLabel("answers and scores").check();
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByTestId("made-token")).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      for (const name of ["index", ...PAGES]) {
        await page.goto(
          `${collector.url}settings${name === "index" ? "" : `/${name}`}`,
        );
        await expect(page.locator("h1.sentence")).toBeVisible();
        await expect(page.locator(".skeleton")).toHaveCount(0);
        await page.screenshot({
          path: join(FOLDER, `${name}-${colorScheme}-${width}.png`),
          fullPage: true,
        });
      }
    }
  }
});
