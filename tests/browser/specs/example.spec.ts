// Turns the five-minute start into a page that really works, as it stands in the repository.

import { readFile } from "node:fs/promises";

import { expect, test } from "../fixtures/test.ts";

const EXAMPLE = new URL(
  "../../../examples/script-tag/index.html",
  import.meta.url,
);

// Why: the first thing that somebody copies has to work, and stays untested everywhere else.
test("the script tag of the example shows the survey", async ({
  page,
  collector,
  serve,
  survey,
}) => {
  const example = await readFile(EXAMPLE, "utf8");
  expect(example).toContain("http://127.0.0.1:8787/sdk.js");
  expect(example).toContain('data-site-key="YOUR_SITE_KEY"');
  const html = example
    .replace("http://127.0.0.1:8787/", collector.url)
    .replace("YOUR_SITE_KEY", collector.siteKey);
  await page.goto((await serve(html)).url);
  await survey.appears();
  await survey.answer(10, "It took four minutes");
  await survey.thanks();
});
