// Turns bad weather in the demo shop into what its visitors are told.

import { expect, test } from "../fixtures/test.ts";

// Why: the demo has to show failures that are real to the page, and a shop that hides them would make
// a poor host. In this weather the first request for the shelf is refused and the second is not.
test("a failure comes, is told, and can be tried again", async ({
  page,
  openShop,
}) => {
  const shop = await openShop({ weather: 70 });
  await page.goto(shop.url);
  const notice = page.getByRole("alert");
  await expect(notice).toContainText(
    "The shelf did not load. The shop is busy.",
  );
  await notice.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: "Round teapot" })).toBeVisible();
  await expect(notice).toHaveCount(0);
});

// Why: "you have not been charged" must be true, and trying again must not charge twice.
test("a payment that fails says so and keeps the cart", async ({
  page,
  openShop,
}) => {
  const shop = await openShop({});
  await page.goto(`${shop.url}products/carafe`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "See the cart" }).click();
  await page.getByRole("link", { name: "Go to checkout" }).click();
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("E-mail").fill("ada@shop.example");
  await page.getByLabel("Address").fill("River 1");

  const busy = { status: 503, json: { error: "The shop is busy." } };
  await page.route("**/api/checkout", (route) => route.fulfill(busy), {
    times: 1,
  });
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(
    page.getByText("You have not been charged, and your cart is kept."),
  ).toBeVisible();
  await expect(page.getByRole("link", { name: "Cart 1" })).toBeVisible();

  // The order is placed, only its answer is lost.
  const numbers: string[] = [];
  await page.route(
    "**/api/checkout",
    async (route) => {
      const answer = await route.fetch();
      numbers.push(((await answer.json()) as { number: string }).number);
      await route.abort("connectionreset");
    },
    { times: 1 },
  );
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(
    page.getByText("Trying again never charges you twice."),
  ).toBeVisible();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(
    page.getByRole("heading", { name: `Order ${numbers[0]} is placed` }),
  ).toBeVisible();
});
