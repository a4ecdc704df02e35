// Turns one answer on a shop's page into one score in the console: the way that everything else serves.

import { expect, test } from "../fixtures/test.ts";
import { post, uuid, type Person } from "../fixtures/answers.ts";
import { query } from "../fixtures/database.ts";
import { expected } from "../fixtures/nps.ts";
import { ScoresPage } from "../fixtures/scores-page.ts";

const REASON = "The teapot pours in one line — “leise”.\nSecond line.";

// Why: this is what the product is for. Whoever cannot use a pointer must get through it too, "Thank
// you" must mean that the answer is on disk (so the collector is killed right after it, not stopped),
// and the console must not make a score of one answer.
test("an answer given by keyboard alone survives a power cut and reaches the console", async ({
  page,
  shop,
  collector,
  survey,
  context,
}) => {
  const before = Date.now();
  await page.goto(shop.url);
  await survey.appears();

  await page.keyboard.press("F6");
  expect(await survey.hasFocus()).toBe(true);
  const lowest = survey.score(0);
  await survey.tabTo(lowest);
  for (let score = 1; score <= 9; score++) {
    await page.keyboard.press("ArrowRight");
    await expect(survey.score(score)).toBeChecked();
  }
  await page.keyboard.press("Enter");

  await expect(survey.title).toHaveText(
    "What is the main reason for your score?",
  );
  await survey.tabTo(survey.reason);
  const [first, second] = REASON.split("\n");
  await page.keyboard.type(first!);
  await page.keyboard.press("Enter");
  await page.keyboard.type(second!);
  await survey.tabTo(survey.send);
  await page.keyboard.press("Enter");
  await survey.thanks();

  await collector.stop("SIGKILL");
  await collector.start();

  const scores = new ScoresPage(await context.newPage(), collector.url);
  await scores.signIn();
  await expect(scores.n).toHaveText("n = 1");
  await expect(scores.score).toHaveText("—");
  await expect(scores.interval).toHaveCount(0);
  expect(await scores.people("promoters")).toBe(1);
  await expect(scores.comments).toHaveCount(1);
  await expect(scores.comments).toContainText(REASON, { useInnerText: true });
  await expect(scores.comments).toContainText(new URL(shop.url).host);
  const time = await scores.comments.locator("time").getAttribute("datetime");
  expect(Date.parse(time ?? "")).toBeGreaterThanOrEqual(before - 1000);
  expect(Date.parse(time ?? "")).toBeLessThanOrEqual(Date.now() + 1000);

  await collector.stop();
  const rows = await query(
    collector.dataFolder,
    `SELECT response.survey, response.version, response.complete, response.page_url,
            answer.question, answer.prompt, answer.score, answer.text
     FROM response JOIN answer ON answer.response = response.id ORDER BY answer.position`,
  );
  const response = {
    survey: "nps",
    version: 1,
    complete: 1,
    page_url: shop.url,
  };
  expect(rows).toEqual([
    {
      ...response,
      question: "score",
      prompt: "How likely are you to recommend us to a friend or colleague?",
      score: 9,
      text: null,
    },
    {
      ...response,
      question: "reason",
      prompt: "What is the main reason for your score?",
      score: null,
      text: REASON,
    },
  ]);
});

// Why: a wrong NPS is worse than none. What a person reads in the console is held against the
// definitions, computed here without the product's code; somebody who answers twice counts once.
test("the score, its interval and the comments in the console are those of the answers", async ({
  page,
  collector,
}) => {
  const day = 24 * 60 * 60 * 1000;
  const people: Person[] = [
    ...Array.from({ length: 22 }, (_, i) => ({
      score: 9 + (i % 2),
      ageMs: (i % 6) * day,
    })),
    ...Array.from({ length: 9 }, (_, i) => ({ score: 7 + (i % 2) })),
    ...Array.from({ length: 9 }, (_, i) => ({
      score: i % 7,
      reason: `Reason ${i}`,
    })),
  ];
  for (const person of people) await post(collector, person);
  const undecided = uuid();
  await post(collector, { install: undecided, score: 0, ageMs: 2 * 60_000 });
  await post(collector, {
    install: undecided,
    score: 10,
    ageMs: 60_000,
    reason: "Better now",
  });

  const truth = expected([...people.map(({ score }) => score), 10]);
  const scores = new ScoresPage(page, collector.url);
  await scores.signIn();
  await expect(scores.n).toHaveText("n = 41");
  await expect(scores.score).toHaveText(truth.score);
  await expect(scores.interval).toHaveText(truth.interval);
  expect(await scores.people("promoters")).toBe(truth.promoters);
  expect(await scores.people("passives")).toBe(truth.passives);
  expect(await scores.people("detractors")).toBe(truth.detractors);
  await expect(scores.comments).toHaveCount(10);
  for (const { reason } of people.filter(
    (person) => person.reason !== undefined,
  )) {
    await expect(scores.comments.filter({ hasText: reason! })).toHaveCount(1);
  }
  await expect(scores.comments.filter({ hasText: "Better now" })).toContainText(
    "10",
  );
});
