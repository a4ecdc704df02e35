// Turns every kind of question, in every way it can look, into what axe, a keyboard and a screen reader make of it.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { definition, feedback, kinds } from "../fixtures/definitions.ts";
import { scriptTag } from "../fixtures/host-page.ts";
import { expect, test } from "../fixtures/test.ts";
import { showAnyhow } from "../fixtures/visit.ts";

const host = (lang: string) =>
  `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Host</title>
  <meta name="viewport" content="width=device-width"><main><h1>Host</h1><p>Text</p></main>`;

/** Everything that axe finds in the widget, whatever its impact, one line each. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include("firsthand-widget")
    .analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(
      (node) =>
        `${id} (${impact}): ${node.target.join(" ")} ${node.failureSummary}`,
    ),
  );
}

const surveys = Object.entries(kinds).map(([kind, question]) =>
  definition(
    kind,
    [
      question,
      {
        id: "more",
        title: "Anything else?",
        kind: { text: { max_chars: 100 } },
      },
    ],
    {
      language: "en",
      languages: ["ar"],
      // What is said twice is a translation as far as the checks are concerned.
      ...inArabic(question),
      // Shown only when the test asks for it.
      show: { triggers: [{ event: { name: "never" } }] },
    },
  ),
);

/** The same questions with every text in Arabic as well. */
function inArabic(question: object): object {
  const translate = (value: unknown, key = ""): unknown => {
    const isText =
      /^(title|description|label|low|high|other|none|alt|button)$/.test(key);
    if (typeof value === "string" && isText)
      return { en: value, ar: `عربي: ${value.length}` };
    if (Array.isArray(value)) return value.map((item) => translate(item));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, value]) => [
          key,
          translate(value, key),
        ]),
      );
    return value;
  };
  return {
    questions: [
      translate(question),
      translate({
        id: "more",
        title: "Anything else?",
        kind: { text: { max_chars: 100 } },
      }),
    ],
    endings: [translate({ id: "thanks", title: "Thank you" })],
  };
}

const modes: Record<string, { use: object; lang: string; media: object }> = {
  light: { use: {}, lang: "en", media: { colorScheme: "light" } },
  dark: { use: {}, lang: "en", media: { colorScheme: "dark" } },
  "right to left": { use: {}, lang: "ar", media: { colorScheme: "light" } },
  "forced colours": { use: {}, lang: "en", media: { forcedColors: "active" } },
  "320 px": {
    use: { viewport: { width: 320, height: 640 } },
    lang: "en",
    media: { colorScheme: "light" },
  },
};

for (const [mode, { use, lang, media }] of Object.entries(modes)) {
  test.describe(mode, () => {
    test.use({
      setup: { surveys: [...surveys, feedback()] },
      contextOptions: { reducedMotion: "reduce" },
      ...use,
    });

    // Why: who cannot see, or not as most do, is asked as well, and the law agrees.
    test(`pain 15: axe finds nothing in any kind of question, ${mode}`, async ({
      page,
      collector,
      serve,
      survey,
    }) => {
      test.slow();
      await page.emulateMedia(media);
      const url = (
        await serve(host(lang) + scriptTag(collector.url, collector.siteKey))
      ).url;
      await page.goto(url);
      for (const { id } of surveys) {
        await showAnyhow(page, id);
        await expect(survey.dialog, id).toBeVisible();
        expect.soft(await violations(page), id).toEqual([]);
        await survey.go();
        if (await survey.problem.isVisible())
          expect
            .soft(await violations(page), `${id} with a complaint`)
            .toEqual([]);
        await page.evaluate("firsthand.close()");
        await survey.isGone();
      }
      await page.evaluate("firsthand.openFeedback()");
      await expect(survey.dialog).toBeVisible();
      expect.soft(await violations(page), "feedback").toEqual([]);
    });
  });
}

/** How somebody without a pointer answers each kind, and what the answer is on the wire. */
const byKeyboard: Record<
  string,
  { keys: string[]; group: string | null; answer: Record<string, unknown> }
> = {
  nps: {
    keys: ["Space", "ArrowRight", "Space"],
    group: "radiogroup",
    answer: { nps: 1 },
  },
  csat: { keys: ["Space"], group: "radiogroup", answer: { csat: 1 } },
  ces: { keys: ["Space"], group: "radiogroup", answer: { ces: 1 } },
  stars: {
    keys: ["Space", "ArrowRight", "Space"],
    group: "radiogroup",
    answer: { rating: 2 },
  },
  numbers: { keys: ["Space"], group: "radiogroup", answer: { rating: 1 } },
  single: {
    keys: ["Space"],
    group: "radiogroup",
    answer: { choice: { options: [{ id: "buy", label: "Buying a teapot" }] } },
  },
  multiple: { keys: ["Space"], group: "group", answer: {} },
  text: { keys: ["H", "i"], group: null, answer: { text: "Hi" } },
  email: {
    keys: [..."a@b.example"],
    group: null,
    answer: { text: "a@b.example" },
  },
  consent: { keys: ["Space"], group: null, answer: { consent: true } },
};

test.describe("by keyboard alone", () => {
  test.use({ setup: { surveys } });

  for (const [kind, { keys, group, answer }] of Object.entries(byKeyboard)) {
    // Why: a control that only a mouse can use is no control for many, and a group without a name is
    // a riddle in a screen reader.
    test(`${kind} is answered, and named by its question`, async ({
      page,
      collector,
      serve,
      survey,
    }) => {
      const url = (
        await serve(host("en") + scriptTag(collector.url, collector.siteKey))
      ).url;
      await page.goto(url);
      await page.evaluate(
        `window.answers = []; firsthand.on("answered", (it) => answers.push(it.answer.value))`,
      );
      await showAnyhow(page, kind);
      await expect(survey.dialog).toBeVisible();
      expect(await survey.hasFocus(), "focus stays where it was").toBe(false);
      const title = await survey.title.textContent();
      await expect(survey.dialog).toHaveAccessibleName(title!.trim());
      if (group !== null) {
        await expect(
          survey.dialog.getByRole(group as "group", { name: title!.trim() }),
        ).toHaveCount(1);
      }
      const first = survey.dialog
        .locator("input:not([type=hidden]), textarea")
        .first();
      await page.keyboard.press("F6");
      await expect(first).toBeFocused();
      for (const key of keys) await page.keyboard.press(key);
      await page.keyboard.press(kind === "text" ? "Control+Enter" : "Enter");
      await expect.poll(() => page.evaluate("answers.length")).toBe(1);
      const [value] = await page.evaluate<object[]>("answers");
      expect(value).toMatchObject(answer);
      await expect(survey.title).toHaveText("Anything else?");
      await expect(survey.dialog.getByRole("textbox")).toBeFocused();
    });
  }

  // Why: an announcement has nothing to fill in; a reaction is one press of a button that has a name.
  test("statement is answered with one press", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const tag = scriptTag(collector.url, collector.siteKey);
    await page.goto((await serve(host("en") + tag)).url);
    await page.evaluate(
      `window.answers = []; firsthand.on("answered", (it) => answers.push(it.answer.value))`,
    );
    await showAnyhow(page, "statement");
    await expect(survey.dialog).toBeVisible();
    expect(await survey.hasFocus(), "focus stays where it was").toBe(false);
    await expect(survey.dialog).toHaveAccessibleName("New: gift wrapping");
    await page.keyboard.press("F6");
    expect(await survey.hasFocus()).toBe(true);
    await survey.tabTo(survey.button("Thumbs up"));
    await page.keyboard.press("Space");
    await expect
      .poll(() => page.evaluate("answers"))
      .toEqual([{ reaction: "up" }]);
    await expect(survey.title).toHaveText("Anything else?");
  });
});
