// Turns a view that is saved, shared and taken back into what its owner and a stranger see of it.

import { post } from "../fixtures/answers.ts";
import { serious, signIn } from "../fixtures/console.ts";
import { expect, test } from "../fixtures/test.ts";

import type { Browser, Page } from "@playwright/test";

/** Somebody else: no cookie, no storage. */
async function stranger(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  return context.newPage();
}

/** Makes a link to what is on screen, and answers its address. */
async function share(
  page: Page,
  name: string,
  password?: string,
): Promise<string> {
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Views and links" });
  await expect(dialog).toBeVisible();
  await dialog.locator("#share-name").fill(name);
  if (password !== undefined) {
    await dialog.locator("#share-password").fill(password);
  }
  await dialog.getByRole("button", { name: "Make link" }).click();
  const address = await dialog.locator("#share-address").inputValue();
  expect(address).toMatch(/\/s\/[0-9a-f]{64}$/);
  return address;
}

// Why: a number that is shown to others must be the same number, and not what people trusted us with.
test("a link shows a stranger the same number, without words, until it is taken back", async ({
  page,
  browser,
  collector,
}) => {
  for (const score of [9, 10, 10, 3]) {
    await post(collector, { score, reason: "Checkout is a maze" });
  }
  await signIn(page, collector.url, "scores?survey=nps&days=7");
  const own = page.getByTestId("score").first();
  await expect(own).toBeVisible();
  const number = await own.innerText();
  await expect(page.locator("main")).toContainText("Checkout is a maze");
  const address = await share(page, "For the board");

  const other = await stranger(browser);
  await other.goto(address);
  await expect(other.getByTestId("score").first()).toHaveText(number);
  await expect(other).toHaveURL(/\/s\/[0-9a-f]{64}\/scores\?.*days=7/);
  await expect(other.locator("header.visit")).toContainText("For the board");
  await expect(other.locator("body")).not.toContainText("Checkout is a maze");
  await expect(other.locator("header.rail")).toHaveCount(0);
  expect(await serious(other)).toEqual([]);
  // Whatever is typed into the address, the filters that were shared hold.
  await other.goto(`${address}/scores?survey=nps&days=365`);
  await expect(other.getByTestId("score").first()).toHaveText(number);
  await other.goto(`${address}/performance`);
  await expect(other.locator("main")).toContainText("not part of what was");

  const dialog = page.getByRole("dialog", { name: "Views and links" });
  await expect(dialog).toContainText("opened");
  expect(await serious(page)).toEqual([]);
  await dialog
    .getByRole("button", { name: "Take back the link For the board" })
    .click();
  await expect(dialog).toContainText("taken back");
  await other.goto(address);
  await expect(other.getByRole("alert")).toContainText("leads nowhere");
  expect(await serious(other)).toEqual([]);
});

// Why: a link is forwarded further than anybody meant it to be.
test("a link with a password asks for it", async ({
  page,
  browser,
  collector,
}) => {
  await post(collector, { score: 9 });
  await signIn(page, collector.url, "scores?survey=nps&days=7");
  await expect(page.getByTestId("score").first()).toBeVisible();
  const address = await share(page, "Locked", "correct horse");

  const other = await stranger(browser);
  await other.goto(address);
  await other.getByLabel("Password").fill("wrong horse");
  await other.getByRole("button", { name: "Open" }).click();
  await expect(other.getByRole("alert")).toContainText("not its password");
  await other.getByLabel("Password").fill("correct horse");
  await other.getByRole("button", { name: "Open" }).click();
  await expect(other.getByTestId("score").first()).toBeVisible();
});

// Why: whoever looks at the same three things every Monday should not set filters every Monday.
test("a view is saved under a name and opened again", async ({
  page,
  collector,
}) => {
  await post(collector, { score: 9 });
  await signIn(page, collector.url, "scores?survey=nps&days=7");
  await expect(page.getByTestId("score").first()).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Views and links" });
  await dialog.locator("#view-name").fill("My Monday");
  await dialog.getByRole("button", { name: "Save view" }).click();
  await expect(dialog.getByRole("link", { name: "My Monday" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto(`${collector.url}performance`);
  await expect(page.locator("main#main h1")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("v");
  await dialog.getByRole("link", { name: "My Monday" }).click();
  await expect(page).toHaveURL(/\/scores\?.*days=7/);
  await expect(dialog).toBeHidden();
});
