// Turns the ways out that a page has when it goes, and pages without Web Locks, into items that arrive once.

import { readFileSync } from "node:fs";

import { HOST, scriptTag } from "../fixtures/host-page.ts";
import { delivery, keeps, keepsAll } from "../fixtures/outbox.ts";
import { expect, test } from "../fixtures/test.ts";

const ANSWER = readFileSync(
  new URL("../../fixtures/wire/v1/partial-response.ndjson", import.meta.url),
  "utf8",
).replace('"version":3', '"version":1');

/** What the outbox needs of a page to hand something off. */
interface Around {
  handOff: (url: string, body: string | Blob) => boolean;
}

// Why: what has no room among the requests that outlive a page goes by these two, whose end nobody hears.
for (const way of ["fetchLater", "sendBeacon"]) {
  test(`what is handed to the browser by ${way} arrives after its page`, async ({
    page,
    serve,
    collector,
    counter,
  }) => {
    if (way === "sendBeacon")
      await page.addInitScript("delete window.fetchLater");
    const host = await serve(HOST);
    const elsewhere = await serve(HOST);
    await page.goto(host.url);
    expect(await page.evaluate("typeof window.fetchLater")).toBe(
      way === "fetchLater" ? "function" : "undefined",
    );
    const sdk = await (await fetch(`${counter.url}sdk.js`)).text();
    const [outbox] = /a\/outbox-[0-9a-f]+\.js/.exec(sdk) ?? [];
    const target = `v1/batch?k=${collector.siteKey}&v=1&z=gz&b=01936f7e-5000-7000-8000-000000000001&n=1`;
    const taken = await page.evaluate(
      async ([module, url, body]) => {
        const { createOutbox } = (await import(module)) as {
          createOutbox: (around: object) => unknown;
        };
        const around: Around & Record<string, unknown> = {
          page: window,
          name: "firsthand:alone",
          marker: "firsthand:alone:kept",
          call: () => {},
          report: () => {},
          through: (item: unknown) => item,
          handOff: () => false,
          signal: new AbortController().signal,
        };
        createOutbox(around);
        // As long ones are: packed, and still no cause for a preflight.
        const packed = new Blob([body])
          .stream()
          .pipeThrough(new CompressionStream("gzip"));
        const headers = { "Content-Type": "text/plain" };
        return around.handOff(
          url,
          await new Response(packed, { headers }).blob(),
        );
      },
      [`${counter.url}${outbox}`, `${counter.url}${target}`, ANSWER] as const,
    );
    expect(taken).toBe(true);
    await page.goto(elsewhere.url);
    const answers = () =>
      counter.passed
        .filter(({ target }) => target.startsWith("/v1/batch"))
        .map(({ status }) => status);
    await expect.poll(answers).toEqual([200]);
    expect(counter.count({ method: "OPTIONS" })).toBe(0);
    expect(await collector.count("response")).toBe(1);
  });
}

// Why: pages without TLS have no Web Locks; all tabs would deliver what was left.
test("without locks one tab at a time delivers what was left, once its page has had a minute", async ({
  page,
  context,
  serve,
  collector,
  survey,
}) => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
  });
  const host = await serve(HOST + scriptTag(collector.url, collector.siteKey));
  await page.goto(host.url);
  await survey.appears();
  await collector.stop();
  await survey.answer(9);
  const left = await keepsAll(page);
  await page.close();

  await collector.start();
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.clock.install();
    await tab.goto(host.url);
    const lease = `localStorage.getItem("firsthand:${collector.siteKey}:lead")`;
    await expect.poll(() => tab.evaluate(lease)).toBeTruthy();
    await expect.poll(() => tab.evaluate("!!firsthand.init")).toBe(true);
  }
  // Nobody knows yet whether it still lives.
  for (const tab of tabs) expect((await delivery(tab)).adopted).toBe(0);
  // Their clocks go together, as they do in life. That of who delivers is never ahead: a lease that ends later
  // than any can is of a clock that was set since.
  for (let n = 0; n < 13; n++)
    for (const tab of [...tabs].reverse()) {
      await tab.clock.runFor(5_000);
      // Time must not run away from the database, which goes by ours.
      await delivery(tab);
    }
  await keeps(tabs[0]!, 0);
  const all = await Promise.all(tabs.map(delivery));
  const adopted = all.map((it) => it.adopted).sort((a, b) => a - b);
  expect(adopted[0]).toBe(0);
  // Closing told of some more.
  expect(adopted[1]).toBeGreaterThanOrEqual(left);
  expect(await collector.count("response")).toBe(1);
});
