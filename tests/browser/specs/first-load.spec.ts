// Turns a page that shows no survey into the list of what Firsthand fetched for it, and its weight.

import { expect, test } from "../fixtures/test.ts";

/**
 * Bytes of bodies, compressed, that a page may carry before there is anything to show, where surveys run
 * and requests are measured, web vitals with them.
 */
const ALWAYS_ON_BYTES = 37_000;

const SURVEY = {
  id: "nps",
  name: "Asked in the cart",
  language: "en",
  questions: [
    {
      id: "score",
      title: "How likely are you to recommend us?",
      required: true,
      kind: { nps: { low: "Not at all likely", high: "Extremely likely" } },
    },
  ],
  endings: [{ id: "thanks", title: "Thank you" }],
  show: { url: [{ contains: "/cart" }] },
};

test.use({ setup: { survey: SURVEY } });

// Why: the tag is on every page of a product, the survey on few. A page that shows nothing must not
// pay for what it does not show.
test("loader, agent and config come first, within 37,000 bytes; the widget comes to be shown", async ({
  page,
  shop,
  collector,
  survey,
  watch,
}) => {
  await page.goto(shop.url);
  await page.waitForResponse((response) =>
    response.url().includes("/v1/config"),
  );
  await page.waitForLoadState("networkidle");

  const paths = watch
    .paths(collector.url)
    .map((path) => path.replace(/-[0-9a-f]{8}\./, "."));
  expect(paths.sort()).toEqual([
    "/a/asker.js",
    "/a/asker.woven",
    "/a/rows.js",
    "/a/vitals.js",
    "/sdk.js",
    "/v1/config",
  ]);
  const weights: Record<string, number> = {};
  for (const request of watch.requests.filter((r) =>
    r.url().startsWith(collector.url),
  )) {
    const path = new URL(request.url()).pathname;
    weights[path] = (await request.sizes()).responseBodySize;
    const encoding = await (
      await request.response()
    )?.headerValue("content-encoding");
    if (!path.startsWith("/v1/")) expect(encoding, path).toBe("br");
  }
  const total = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
  test.info().annotations.push({
    type: "bytes",
    description: JSON.stringify({ ...weights, total }),
  });
  expect
    .soft(total, JSON.stringify(weights))
    .toBeLessThanOrEqual(ALWAYS_ON_BYTES);

  const known = watch.requests.length;
  await page.goto(`${shop.url}cart`);
  await survey.appears();
  const later = watch.requests
    .slice(known)
    .map((request) => decodeURIComponent(request.url()));
  expect(later.some((url) => /\/a\/widget-[0-9a-f]{8}\.wasm$/.test(url))).toBe(
    true,
  );
  expect(later.some((url) => url.includes("/v1/survey/nps@1"))).toBe(true);
});
