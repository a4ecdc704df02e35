// Turns made-up weeks of a shop into a picture of each page of the console: light and dark, wide and on a phone.
//
// Not a test: `PICTURES=1 npx playwright test pictures/console` writes them to `www/docs/console`, and those of every
// other place of the console to the folder that CONSOLE_PICTURES names.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { signIn } from "../fixtures/console.ts";
import { expect, test } from "../fixtures/test.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const EVERYWHERE = process.env["CONSOLE_PICTURES"];
const FOLDER = EVERYWHERE ?? join(ROOT, "www/docs/console/");

/** What README shows. */
const SHOWN = {
  inbox: "inbox?days=28",
  scores: "scores?survey=nps&days=90&step=week",
  performance: "performance?window=7d",
  surveys: "surveys/nps",
  settings: "settings/health",
};
const OTHERS = {
  "inbox-search": "inbox?q=slow",
  "scores-csat": "scores?survey=*&kind=csat&days=90",
  availability: "performance/availability?window=28d",
  feature: "performance/features/checkout?window=7d",
  "surveys-all": "surveys",
  "settings-all": "settings",
  project: "settings/project",
  sites: "settings/sites",
  budgets: "settings/budgets",
  maintenance: "settings/maintenance",
  releases: "settings/releases",
  people: "settings/people",
  team: "settings/team",
  tokens: "settings/tokens",
  audit: "settings/audit",
  account: "settings/account",
};

test("pictures", async ({ page, collector }) => {
  test.setTimeout(20 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  await collector.stop();
  await collector.seed();
  await collector.start();
  await signIn(page, collector.url, "inbox");
  const sizes = EVERYWHERE === undefined ? [1440] : [1440, 390];
  const places = { ...SHOWN, ...(EVERYWHERE !== undefined && OTHERS) };
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of sizes) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      for (const [name, path] of Object.entries(places)) {
        await page.goto(collector.url + path);
        await expect(page.locator("main h1").first()).toBeAttached();
        await expect(page.locator(".skeleton, .slow-block")).toHaveCount(0);
        await page.waitForLoadState("networkidle");
        if (path === SHOWN.inbox && width === 1440) {
          await page.keyboard.press("j");
          await page.keyboard.press("Enter");
          await expect(page.locator(".inbox-context")).toBeVisible();
        }
        await page.screenshot({
          path: join(FOLDER, `${name}-${colorScheme}-${width}.png`),
        });
      }
    }
  }
});
