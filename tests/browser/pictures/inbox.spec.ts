// Turns the inbox into pictures: light, dark, wide and narrow.
//
// Not a test: `PICTURES=1 npx playwright test pictures/inbox` writes them to `www/docs/inbox`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { signIn } from "../fixtures/console.ts";
import { DAY, post, rows } from "../fixtures/inbox.ts";
import { expect, test } from "../fixtures/test.ts";

const FOLDER =
  process.env["INBOX_PICTURES"] ??
  fileURLToPath(new URL("../../../www/docs/inbox/", import.meta.url));

test.use({ contextOptions: { reducedMotion: "reduce" } });

test("pictures", async ({ page, collector }) => {
  test.setTimeout(5 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  await post(collector, ...DAY);
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(page, collector.url, "inbox");
  await expect(rows(page)).toHaveCount(12);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const choose = async (key: string, typed: string) => {
    await press(key);
    await expect(page.locator("dialog.pick")).toBeVisible();
    await page.keyboard.type(typed);
    await press("Enter");
    await expect(page.locator("dialog.pick")).toBeHidden();
  };
  await press("j", "j", "e");
  await choose("t", "search");
  await choose("m", "planned");
  await press("j");
  await choose("z", "tomorrow");
  await choose("t", "voucher");
  await choose("a", "me");
  await press("j", "j");
  await press("s");
  await page.waitForTimeout(500);

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      const shoot = (name: string) =>
        page.screenshot({
          path: join(FOLDER, `${name}-${colorScheme}-${width}.png`),
        });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${collector.url}inbox`);
      await expect(rows(page).first()).toBeVisible();
      await shoot("list");
      await rows(page).first().locator("a").click();
      await expect(page.locator(".inbox-context")).toBeVisible();
      await page.waitForTimeout(300);
      await shoot("answer");
      await press("Escape");
      await page.goto(`${collector.url}inbox?trait.plan=pro&q=checkout`);
      await expect(rows(page).first()).toBeVisible();
      await press("x", "j", "x");
      await rows(page).first().locator("input").check();
      await shoot("selected");
      await press("Escape", "f");
      await expect(page.locator("dialog.pick")).toBeVisible();
      await shoot("filter");
      await press("Escape");
      await page.goto(`${collector.url}inbox?status=shipped&days=7&q=teapot`);
      await expect(page.getByText("Drop a filter")).toBeVisible();
      await shoot("nothing");
    }
  }
});
