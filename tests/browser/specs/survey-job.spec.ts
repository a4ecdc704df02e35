// Turns a survey's life, from a template to its last answer, into what its author does in the console.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { post } from "../fixtures/answers.ts";
import { ADMIN } from "../fixtures/collector.ts";
import { signIn } from "../fixtures/console.ts";
import { query } from "../fixtures/database.ts";
import { Survey } from "../fixtures/survey.ts";
import { SurveysPage } from "../fixtures/surveys-page.ts";
import { expect, test } from "../fixtures/test.ts";

/** Asks on every page, at once, so that a test need not wait for a quarter to pass. */
const OWN = `{
  "id": "teapots",
  "name": "About teapots",
  "language": "en",
  "questions": [
    {
      "id": "score",
      "title": "How likely are you to recommend us to a friend or colleague?",
      "required": true,
      "kind": { "nps": { "low": "Not at all likely", "high": "Extremely likely" } }
    },
    {
      "id": "reason",
      "title": "What is the main reason for your score?",
      "kind": { "text": { "max_chars": 2000 } }
    }
  ],
  "endings": [{ "id": "thanks", "title": "Thank you" }],
  "show": { "priority": 9 }
}
`;

/** Begins a survey of its own by a file, and waits until it is in the editor. */
async function begin(page: Page, url: string): Promise<SurveysPage> {
  await signIn(page, url, "surveys");
  const surveys = new SurveysPage(page);
  await page.getByLabel("Begin with a file").setInputFiles({
    name: "teapots.json",
    mimeType: "application/json",
    buffer: Buffer.from(OWN),
  });
  await expect(page).toHaveURL(/\/surveys\/teapots$/);
  expect(await surveys.text()).toBe(OWN);
  return surveys;
}

// Why: the page exists for this. What the author saw in the preview is what people must be asked, a preview
// and a test must change no number, and "pause" must stop it for whoever comes next.
test("a survey is written, previewed, published, answered, tried and paused", async ({
  page,
  collector,
  shop,
  context,
}) => {
  const surveys = await begin(page, collector.url);
  await expect(surveys.preview).toBeVisible();
  const preview = new Survey(page);
  await expect(preview.title).toContainText(
    "How likely are you to recommend us",
  );
  await preview.answer(3, "Only a preview");
  await preview.thanks();
  await page.getByText("What would be kept of it").click();
  await expect(page.getByTestId("kept")).toContainText("Only a preview");

  await surveys.replace("to a friend or colleague?", "to a friend?");
  await surveys.isSaved();
  await expect(preview.title).toHaveText(
    "How likely are you to recommend us to a friend?",
  );
  await expect(surveys.findings).toHaveText(
    /Nothing is wrong|can be published/,
  );
  await surveys.publish.click();
  await expect(page.getByTestId("toast")).toContainText("Version 1 runs.");
  await expect(page.locator(".desk-head .state-mark")).toHaveText("Running");

  const visitor = await context.browser()!.newContext();
  const host = await visitor.newPage();
  await host.goto(shop.url);
  const asked = new Survey(host);
  await expect(asked.title).toHaveText(
    "How likely are you to recommend us to a friend?",
  );
  await asked.answer(9, "It pours well");
  await asked.thanks();

  await page.goto(`${collector.url}surveys/teapots/try`);
  const tried = new Survey(page);
  await expect(tried.dialog).toBeVisible();
  await tried.answer(0, "Only a test");
  await tried.thanks();

  await page.goto(`${collector.url}surveys`);
  const row = surveys.rows.filter({ hasText: "About teapots" });
  await expect(row.locator(".number")).toHaveText(["1", "1", /100\s?% n = 1/]);
  await row.getByRole("link", { name: "About teapots" }).click();
  await expect(
    page.getByText("1 test answer, which counts nowhere."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByTestId("toast")).toContainText("It is paused.");
  await expect(page.locator(".desk-head .state-mark")).toHaveText("Paused");

  // Sites are remembered for a second. The newcomer is asked what there was before instead.
  const newcomer = await context.browser()!.newContext();
  const second = await newcomer.newPage();
  await expect(async () => {
    const config = await fetch(
      `${collector.url}v1/config.json?k=${collector.siteKey}`,
    );
    expect(JSON.stringify(await config.json())).not.toContain("teapots");
  }).toPass();
  await second.goto(shop.url);
  const other = new Survey(second);
  await expect(other.title).toContainText("friend or colleague");

  await collector.stop();
  const rows = await query(
    collector.dataFolder,
    "SELECT hidden, count(*) AS n FROM response WHERE survey = 'teapots' GROUP BY hidden ORDER BY hidden",
  );
  expect(rows).toEqual([
    { hidden: 0, n: 1 },
    { hidden: 4, n: 1 },
  ]);
  const previewed = await query(
    collector.dataFolder,
    "SELECT count(*) AS n FROM answer WHERE text = 'Only a preview'",
  );
  expect(previewed).toEqual([{ n: 0 }]);
  await collector.start();
  await visitor.close();
  await newcomer.close();
});

// Why: a definition is broken most of the time while it is written. Nothing of it may be lost for that, and
// each finding must lead to where it is.
test("a draft that fails its checks stays one, with each finding at its place", async ({
  page,
  collector,
}) => {
  const surveys = await begin(page, collector.url);
  await surveys.replace('"What is the main reason for your score?"', '""');
  await surveys.isSaved();
  await expect(surveys.findings).toHaveText(
    "1 thing keeps it from being published.",
  );
  await expect(surveys.publish).toHaveAttribute("aria-disabled", "true");
  await expect(surveys.publish).toHaveText("Publish: 1 finding");
  const finding = page.locator(".finding.error button");
  await expect(finding).toContainText("/questions/1/title");
  await expect(page.locator("fh-code .cm-lintRange-error")).toHaveText('""');
  await finding.click();
  await page.keyboard.insertText('"Why?"');
  await surveys.isSaved();
  await expect(finding).toHaveCount(0);

  await surveys.write(OWN.slice(0, 200));
  await surveys.isSaved();
  await expect(surveys.publish).toHaveAttribute("aria-disabled", "true");
  await page.reload();
  expect(await surveys.text()).toBe(OWN.slice(0, 200));
  await expect(finding).toHaveCount(1);
  await page.goto(`${collector.url}surveys?state=draft`);
  await expect(surveys.rows).toHaveCount(1);
  await expect(surveys.rows).toContainText("teapots");
});

// Why: names of fields are what nobody remembers; the schema knows them.
test("names and values are completed from the schema", async ({
  page,
  collector,
}) => {
  const surveys = await begin(page, collector.url);
  await surveys.content.click();
  const options = page.locator("fh-code .cm-tooltip-autocomplete li");
  for (const key of ["Control+End", "ArrowUp", "ArrowUp", "End"])
    await page.keyboard.press(key);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type(', "samp');
  await expect(options.first()).toContainText("sample_permille");
  // The editor lets Enter be a new line for a moment, so that nothing is taken by accident.
  await options.first().click();
  await expect(surveys.content).toContainText('"sample_permille": ');
});

// Why: two people at one survey is an ordinary Tuesday. Neither may lose a word.
test("two authors get both versions, and nothing is lost", async ({
  page,
  collector,
  context,
}) => {
  const mine = await begin(page, collector.url);
  const second = await context.newPage();
  const theirs = new SurveysPage(second);
  await second.goto(`${collector.url}surveys/teapots`);
  expect(await theirs.text()).toBe(OWN);

  await mine.replace("About teapots", "About my teapots");
  await mine.isSaved();
  await theirs.replace("About teapots", "About their teapots");
  await expect(theirs.clash).toBeVisible();
  await expect(theirs.clash).toContainText(
    "pm@shop.example saved another draft",
  );
  await expect(theirs.clash.locator(".old")).toContainText("my teapots");
  await expect(theirs.clash.locator(".new")).toContainText("their teapots");
  await expect(theirs.saving).toHaveAttribute("data-saving", "clashed");
  expect(await theirs.text()).toContain("About their teapots");

  await theirs.clash.getByRole("button", { name: "Take theirs" }).click();
  await expect(theirs.clash).toHaveCount(0);
  expect(await theirs.text()).toContain("About my teapots");
  await second.getByRole("button", { name: "Undo" }).click();
  expect(await theirs.text()).toContain("About their teapots");
  await theirs.isSaved();

  // The first is told now, and keeps theirs.
  await mine.replace("About my teapots", "About our teapots");
  await expect(mine.clash).toBeVisible();
  await mine.clash.getByRole("button", { name: "Keep mine" }).click();
  await mine.isSaved();
  await page.reload();
  expect(await mine.text()).toContain("About our teapots");
});

// Why: who writes for an hour is signed out while writing.
test("an expired session keeps what was typed, and saves it after signing in", async ({
  page,
  collector,
  context,
}) => {
  const surveys = await begin(page, collector.url);
  await context.clearCookies();
  await surveys.replace("About teapots", "About patience");
  const again = page.locator("dialog.again");
  await expect(again).toBeVisible();
  await again.getByLabel("Password").fill(ADMIN.password);
  await again.getByRole("button", { name: "Sign in" }).click();
  await expect(again).toBeHidden();
  await surveys.isSaved();
  expect(await surveys.text()).toContain("About patience");
  await page.reload();
  expect(await surveys.text()).toContain("About patience");
});

// Why: whoever published a mistake has to be back within seconds, and has to see what differs.
test("versions are compared, rolled back and scheduled", async ({
  page,
  collector,
}) => {
  const surveys = await begin(page, collector.url);
  await surveys.publish.click();
  await expect(surveys.versions).toHaveCount(1);
  await surveys.replace("About teapots", "About kettles");
  await surveys.isSaved();
  await surveys.publish.click();
  await expect(surveys.versions).toHaveCount(2);
  await surveys.versions.last().getByRole("link", { name: "Compare" }).click();
  await expect(page).toHaveURL(/version=1/);
  const compared = page.getByTestId("compared");
  await expect(compared.locator(".old")).toContainText("About teapots");
  await expect(compared.locator(".new")).toContainText("About kettles");
  await surveys.versions
    .last()
    .getByRole("button", { name: "Roll back" })
    .click();
  await expect(surveys.versions).toHaveCount(3);
  await expect(surveys.versions.first()).toContainText("as version 1 was");
  expect(await surveys.text()).toContain("About teapots");

  await page.getByText("More", { exact: true }).click();
  await page.getByLabel("Begins").fill("2031-05-01T09:00");
  await expect(page.getByText("it holds once that is published")).toBeVisible();
  await surveys.isSaved();
  expect(await surveys.text()).toContain('"from": "2031-05-01T09:00:00+00:00"');
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as a file" }).click();
  expect((await download).suggestedFilename()).toBe("teapots.json");
  await page.keyboard.press("Escape");
  await surveys.publish.click();
  await expect(page.locator(".desk-head .state-mark")).toHaveText("Scheduled");
});

// Why: a survey that a file stands behind is changed back by the next deployment; its author has to know.
test("who publishes over a file is told so", async ({ page, collector }) => {
  await collector.publish(JSON.parse(OWN) as object);
  await signIn(page, collector.url, "surveys/teapots");
  await expect(page.getByText("was published from a file")).toBeVisible();
  await page.goto(`${collector.url}surveys?state=nonsense&days=7`);
  await expect(page.getByText("state=nonsense")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/scores/);
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page).toHaveURL(/\/surveys$/);
});

/** Adds up what moves by itself from here on. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sum = { value: 0 };
    Object.assign(window, { shifts: sum });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
        };
        if (!shift.hadRecentInput) sum.value += shift.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

// Why: who writes surveys may do so by keyboard and by ear, on a phone, at night.
test("pages about surveys are for everybody, and stand still", async ({
  page,
  collector,
}) => {
  test.setTimeout(180_000);
  await post(collector, { score: 9, reason: "It pours" });
  const surveys = await begin(page, collector.url);
  await surveys.replace('"What is the main reason for your score?"', '""');
  await surveys.isSaved();
  await watchShifts(page);
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      for (const path of [
        "surveys",
        "surveys/teapots",
        "surveys/nps?version=1",
      ]) {
        await page.goto(collector.url + path);
        if (path === "surveys")
          await expect(surveys.rows.first()).toBeVisible();
        else {
          await expect(surveys.content).toBeVisible();
          await expect(surveys.preview).toBeVisible();
          await expect(page.getByTestId("reach")).toBeVisible();
        }
        await page.waitForLoadState("networkidle");
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
        );
        const where = `${path} ${colorScheme} ${width}`;
        expect.soft(found, where).toEqual([]);
        const shifts = await page.evaluate(
          () =>
            (window as unknown as { shifts: { value: number } }).shifts.value,
        );
        expect.soft(shifts, where).toBeLessThanOrEqual(0.02);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        expect.soft(overflow, where).toBeLessThanOrEqual(0);
      }
    }
  }
});
