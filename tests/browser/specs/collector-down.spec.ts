// Turns a collector that goes away and comes back into what the shop and the person notice of it.

import { expect, test } from "../fixtures/test.ts";
import { freePort } from "../fixtures/processes.ts";
import { ScoresPage } from "../fixtures/scores-page.ts";

// Why: the person has answered, and it is not their fault that nobody takes the answer. They are told
// the truth, the shop goes on, and the answer arrives as soon as somebody takes it.
test("an answer given while the collector is away waits, says so, and arrives", async ({
  page,
  shop,
  collector,
  survey,
  watch,
  context,
}) => {
  await page.goto(shop.url);
  await survey.appears();
  await collector.stop();

  await survey.answer(10, "Still here");
  await expect(survey.dialog).toContainText("Not sent yet");
  await expect(survey.dialog).toContainText("saved on this device");

  await test.step("the shop works meanwhile", async () => {
    const answered = page.waitForResponse((r) =>
      r.url().endsWith("/api/products/teapot"),
    );
    await page.getByRole("link", { name: "Round teapot" }).click();
    expect((await answered).status()).toBe(200);
    await page.getByRole("button", { name: "Add to cart" }).click();
    await expect(page.getByText("1 in your cart.")).toBeVisible();
  });
  await expect(survey.title).not.toHaveText("Thank you");

  await collector.start();
  await survey.thanks(45_000);
  expect(watch.uncaught).toEqual([]);
  expect(watch.errors()).toEqual([]);

  const scores = new ScoresPage(await context.newPage(), collector.url);
  await scores.signIn();
  await expect(scores.n).toHaveText("n = 1");
  await expect(scores.comments).toContainText("Still here");
});

// Why: the tag is on the page on the day when the collector does not start at all.
test("a shop whose collector was never there works as if it had no tag", async ({
  page,
  openShop,
  watch,
}) => {
  const nobody = `http://127.0.0.1:${await freePort()}/`;
  const shop = await openShop({ collector: nobody, siteKey: "fh_e2e_shop" });
  const asked = page.waitForEvent(
    "requestfailed",
    (r) => r.url() === `${nobody}sdk.js`,
  );
  await page.goto(shop.url);
  await asked;

  await page.getByRole("link", { name: "Breakfast bowl" }).click();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.getByText("1 in your cart.")).toBeVisible();
  await page.getByRole("button", { name: "Give feedback" }).click();
  await expect(
    page.getByText("Feedback is not available right now."),
  ).toBeVisible();
  expect(watch.uncaught).toEqual([]);
  expect(watch.errors()).toEqual([]);
});
