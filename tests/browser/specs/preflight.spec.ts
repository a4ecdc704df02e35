// Turns every kind of request that the SDK makes into a proof that none of them needs a preflight.

import { expect, test } from "../fixtures/test.ts";

// Why: a preflight doubles the time of each request, cannot finish while a page goes away, and is
// refused by some networks. Both detectors are shown to see one before they are believed.
test("no request of ours causes an OPTIONS", async ({
  page,
  collector,
  counter,
  openShop,
  survey,
  watch,
}) => {
  const shop = await openShop({
    collector: counter.url,
    siteKey: collector.siteKey,
  });
  const batches = () => counter.count({ method: "POST", path: "/v1/batch" });

  await test.step("an answer, a closing, a page that is left, and a dismissal", async () => {
    await page.goto(shop.url);
    await survey.appears();
    await survey.answer(8, "Good value");
    await survey.thanks();
    await survey.close.click();
    await expect(survey.dialog).toHaveCount(0);
    await page.evaluate(() => localStorage.clear());
    await page.goto(shop.url);
    await survey.appears();
    const sent = batches();
    await survey.close.click();
    await page.goto("about:blank");
    await expect
      .poll(batches, "what waits is sent when the page goes")
      .toBeGreaterThan(sent);
  });

  expect(counter.passed.map(({ method }) => method)).not.toContain("OPTIONS");
  expect(watch.preflights).toEqual([]);
  const posts = counter.passed.filter(({ method }) => method === "POST");
  for (const { contentType } of posts)
    expect(contentType).toMatch(/^text\/plain/);
  // Every answer that came back was a success; the last one may have outlived its page.
  expect(
    posts.filter(({ status }) => status !== undefined && status !== 200),
  ).toEqual([]);

  await test.step("control: both detectors see a preflight that somebody else provokes", async () => {
    await page.goto(shop.url);
    await page.evaluate(
      async (url) =>
        fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: "{}",
        }).catch(() => undefined),
      `${counter.url}v1/batch?control`,
    );
    await expect.poll(() => counter.count({ method: "OPTIONS" })).toBe(1);
    await expect
      .poll(() => watch.preflights)
      .toEqual([`${counter.url}v1/batch?control`]);
  });
});
