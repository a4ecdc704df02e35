// Turns a day of a shop into the pictures of the Performance pages: light, dark, on a phone.
//
// Not a test: `PICTURES=1 npx playwright test performance` writes them to `www/docs/performance`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { budgets, liveADay } from "../fixtures/busy-day.ts";
import { Performance } from "../fixtures/performance.ts";
import { expect, test } from "../fixtures/test.ts";

const FOLDER = fileURLToPath(
  new URL("../../../www/docs/performance/", import.meta.url),
);

const PAGES = {
  teach: "performance",
  features: "performance?window=24h",
  feature: "performance/features/search?window=24h",
  availability: "performance/availability?window=24h",
};

const LOOKS = [
  ["light", { width: 1280, height: 800 }],
  ["dark", { width: 1280, height: 800 }],
  ["light", { width: 390, height: 844 }],
  ["dark", { width: 390, height: 844 }],
] as const;

test("pictures", async ({ page, collector }) => {
  test.setTimeout(5 * 60_000);
  await mkdir(FOLDER, { recursive: true });
  const picture = async (name: keyof typeof PAGES) => {
    for (const [colorScheme, viewport] of LOOKS) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      await page.goto(collector.url + PAGES[name]);
      await expect(page.locator(".context")).not.toBeEmpty();
      const size = viewport.width < 760 ? "phone" : "desktop";
      await page.screenshot({
        path: join(FOLDER, `${name}-${colorScheme}-${size}.png`),
        animations: "disabled",
        fullPage: true,
      });
    }
  };
  // The page's own requests: what signs in one signs in the other.
  const performance = await Performance.signIn(page.request, collector);
  await picture("teach");
  await performance.promise(budgets);
  await liveADay(collector);
  // Reports that come hours late change outages every five minutes only, and at the start.
  await collector.stop();
  await collector.start();
  for (const feature of ["catalogue", "search"])
    await expect
      .poll(
        async () =>
          (await performance.availability(feature, "24h"))?.outages.length,
        { timeout: 2 * 60_000, message: `outages of ${feature} are found` },
      )
      .toBeGreaterThan(0);
  await picture("features");
  await picture("feature");
  await picture("availability");
});
