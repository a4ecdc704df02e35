// Turns every kind of question, light and dark, into the pictures of the documentation.
//
// Not a test: `PICTURES=1 npx playwright test` writes them to `www/docs/surveys`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { definition, feedback, kinds } from "../fixtures/definitions.ts";
import { scriptTag } from "../fixtures/host-page.ts";
import { expect, test } from "../fixtures/test.ts";
import { showAnyhow } from "../fixtures/visit.ts";

const FOLDER = fileURLToPath(
  new URL("../../../www/docs/surveys/", import.meta.url),
);

const HOST = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<meta name="viewport" content="width=device-width">
<style>html { color-scheme: light dark; background: light-dark(#f3f1ec, #15171c) }</style>`;

const never = { show: { triggers: [{ event: { name: "never" } }] } };
const more = {
  id: "more",
  title: "Anything else?",
  kind: { text: { max_chars: 500 } },
};

const surveys = Object.entries(kinds).map(([kind, question]) =>
  definition(kind, [question, more], {
    ...never,
    ...(kind === "nps" && { look: { snooze: true } }),
    intro:
      kind === "single"
        ? {
            title: "Two minutes for a better shop?",
            text: "Three short questions.",
          }
        : null,
  }),
);

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries({
    desktop: { width: 520, height: 700 },
    phone: { width: 390, height: 700 },
  })) {
    test.describe(`${colorScheme} ${size}`, () => {
      test.use({
        colorScheme,
        viewport,
        deviceScaleFactor: 2,
        hasTouch: size === "phone",
        contextOptions: { reducedMotion: "reduce" },
        setup: { surveys: [...surveys, feedback()] },
      });

      test(`pictures`, async ({ page, collector, serve, survey }) => {
        test.slow();
        await mkdir(FOLDER, { recursive: true });
        await page.goto(
          (await serve(HOST + scriptTag(collector.url, collector.siteKey))).url,
        );
        const picture = (name: string) =>
          page.screenshot({
            path: join(FOLDER, `${name}-${colorScheme}-${size}.png`),
            animations: "disabled",
          });
        for (const { id } of surveys) {
          await showAnyhow(page, id);
          await expect(survey.dialog, id).toBeVisible();
          if (id === "single") {
            await picture("intro");
            await survey.go();
          }
          const choice = survey.dialog.locator("label").nth(2);
          if ((await choice.count()) > 0 && id !== "consent")
            await choice.click();
          await picture(id);
          await page.evaluate("firsthand.close()");
          await survey.isGone();
        }
        await page.evaluate("firsthand.openFeedback()");
        await expect(survey.dialog).toBeVisible();
        await picture("feedback");
        await survey.dialog
          .getByRole("textbox")
          .first()
          .fill("Wrapping paper at the checkout would be lovely.");
        await survey.go();
        await expect(survey.title).toHaveText("Thank you");
        await picture("ending");
      });
    });
  }
}
