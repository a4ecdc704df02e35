// Turns markup in every text that somebody can send or write into text that the console shows as it is.

import { randomUUID } from "node:crypto";

import type { APIRequestContext, Page } from "@playwright/test";

import { uuid } from "../fixtures/answers.ts";
import { ADMIN, type Collector } from "../fixtures/collector.ts";
import { definition, reason, score } from "../fixtures/definitions.ts";
import { report, SLICE } from "../fixtures/latency.ts";
import { Performance } from "../fixtures/performance.ts";
import { expect, test } from "../fixtures/test.ts";

/** Markup that says `name` if any part of it ever runs. */
const evil = (name: string): string =>
  `${name}"'><img src=x onerror="ran('${name}')"><script>ran('${name}')</script><svg onload=ran('${name}')>`;

const EMAIL = `"><img/src/onerror=ran('email')>@evil.example`;
const PASSWORD = randomUUID();
const TEMPLATE = `/api/<img src=x onerror=ran('template')>/:id`;

const survey = definition(
  "nps",
  [
    { ...score, title: evil("title") },
    { ...reason, title: evil("question") },
  ],
  { name: evil("survey") },
);

const budgets = {
  v: 1,
  window: "7d",
  features: [
    {
      id: "orders",
      name: evil("feature"),
      owner: evil("owner"),
      match: [{ path: "/api/**" }],
      latency: [{ within: "300ms", target: 0.95 }],
      availability: { target: 0.99 },
      min_samples: 1,
    },
  ],
};

/** Answers as a page could make them up. */
async function answer({ url, siteKey }: Collector): Promise<void> {
  const header = {
    sdk: "firsthand-e2e/1",
    install: uuid(),
    session: uuid(),
    boot: uuid(),
    sent_wall: Date.now(),
    report: {},
  };
  const answers = [
    { question: "score", prompt: evil("asked"), value: { nps: 3 } },
    {
      question: "reason",
      prompt: evil("prompt"),
      value: { text: evil("answer") },
    },
  ];
  const page = {
    url: `https://shop.example/<script>ran('page')</script>"onmouseover="ran('page')`,
    language: "en",
  };
  const p = {
    survey: { id: "nps", version: 1 },
    response: uuid(),
    revision: 1,
    complete: true,
    answers,
    page,
    traits: { plan: evil("trait") },
  };
  const item = { id: uuid(), seq: 0, age_ms: 0, type: "response", p };
  const query = `k=${siteKey}&v=1&z=-&b=${uuid()}&n=1`;
  const reply = await fetch(`${url}v1/batch?${query}`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: `${JSON.stringify(header)}\n${JSON.stringify(item)}\n`,
  });
  expect(await reply.json()).toEqual({ r: "a" });
}

/** Measurements of a template with markup in it. */
async function measure(collector: Collector): Promise<void> {
  const first = Math.floor((Date.now() - 3 * SLICE) / SLICE);
  const times = Array.from({ length: 20 }, () => 900);
  const slices = [[0, 1, 20, 0, 0, 20, 20]];
  const slowest = {
    trace: "0af7651916cd43dd8448eb211c80319c",
    offset: 1,
    status: 200,
  };
  const keys = [{ method: "GET", template: TEMPLATE, times, slowest }];
  const features = [{ id: "orders", within: [300], slices, keys }];
  await report(collector, uuid(), [{ first, features }]);
}

/** Lets somebody in whose address is markup. */
async function invite(
  request: APIRequestContext,
  { url }: Collector,
): Promise<void> {
  const headers = { origin: new URL(url).origin };
  const invited = await request.post(`${url}api/v1/team`, {
    data: { email: EMAIL, role: "admin" },
    headers,
  });
  expect(invited.ok(), await invited.text()).toBe(true);
  const { link } = (await invited.json()) as { link: string };
  const used = await request.post(`${url}api/v1/password-link`, {
    data: { link: link.split("#")[1], password: PASSWORD },
    headers,
  });
  expect(used.status()).toBe(204);
}

/** Collects what ran and what the policy refused, from before the first script on. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { ran: [] as string[], refused: [] as string[] };
    Object.assign(window, { seen, ran: (name: string) => seen.ran.push(name) });
    document.addEventListener("securitypolicyviolation", (event) => {
      seen.refused.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
}

/** What ran or was refused so far. */
const seen = (page: Page): Promise<unknown> =>
  page.evaluate(() => (window as unknown as { seen: unknown }).seen);

const nothing = { ran: [], refused: [] };

test.describe("markup in texts", () => {
  test.use({ setup: { survey } });

  // Why: whoever can send an answer can write to the screen of whoever reads it.
  test("is shown as it is, and runs nowhere", async ({
    page,
    request,
    collector,
    watch,
  }) => {
    const performance = await Performance.signIn(request, collector);
    await performance.promise(budgets);
    await invite(request, collector);
    await answer(collector);
    await measure(collector);
    expect(ADMIN.email).not.toBe(EMAIL);

    await listen(page);
    await page.goto(collector.url);
    await page.getByLabel("E-mail").evaluate((input: HTMLInputElement) => {
      // The browser's own check of addresses is not what stands between.
      input.type = "text";
    });
    await page.getByLabel("E-mail").fill(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    const comment = page.getByTestId("comment");
    await expect(comment).toContainText(evil("answer"));
    await expect(page.locator("body")).toContainText(evil("survey"));
    await expect(page.locator("body")).toContainText(EMAIL);
    expect(await seen(page), "scores").toEqual(nothing);

    await page.getByRole("link", { name: "Performance" }).click();
    const feature = page.getByTestId("feature").first();
    await expect(feature).toContainText(evil("feature"));
    expect(await seen(page), "performance").toEqual(nothing);
    await feature.getByRole("link").first().click();
    await expect(page.locator("body")).toContainText(TEMPLATE);
    expect(await seen(page), "one feature").toEqual(nothing);
    await page.getByRole("link", { name: "Availability" }).first().click();
    await expect(page.locator("body")).toContainText(evil("feature"));
    expect(await seen(page), "availability").toEqual(nothing);
    expect(watch.errors()).toEqual([]);
    expect(watch.uncaught).toEqual([]);

    // Markup that does become part of the page is seen here, if only as something that was refused.
    await page.evaluate((markup) => {
      document.body.insertAdjacentHTML("beforeend", markup);
    }, evil("control"));
    await expect.poll(() => seen(page)).not.toEqual(nothing);
  });
});
