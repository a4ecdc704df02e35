// Turns what people hate about being asked (too often, too early, the wrong ones) into checks.

import { definition, kinds, score } from "../fixtures/definitions.ts";
import { HOST, scriptTag } from "../fixtures/host-page.ts";
import { expect, test } from "../fixtures/test.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  closed,
  later,
  live,
  visit,
} from "../fixtures/visit.ts";

test.describe("shown once", () => {
  test.use({ setup: { survey: definition("nps", [score]) } });

  test("pain 1: five tabs of one origin show one survey once", async ({
    context,
    collector,
    serve,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    const tabs = await Promise.all(
      [1, 2, 3, 4, 5].map(() => context.newPage()),
    );
    await Promise.all(tabs.map((tab) => tab.goto(host.url)));
    const open = async () => {
      const counts = await Promise.all(
        tabs.map((tab) =>
          tab.locator("firsthand-widget").getByRole("dialog").count(),
        ),
      );
      return counts.reduce((sum, n) => sum + n, 0);
    };
    // Only the tab in front is visible to the browser: each of them gets its turn.
    for (const tab of [...tabs, ...tabs]) {
      await tab.bringToFront();
      await tab.waitForTimeout(600);
    }
    expect(await open()).toBe(1);
    await Promise.all(tabs.map((tab) => tab.close()));
    await expect
      .poll(() => collector.count("impression"), { timeout: 15_000 })
      .toBe(1);
  });

  test("pain 1: the display is remembered before any network", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    await page.clock.install();
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.route("**/v1/batch*", (route) => route.abort());
    await visit(page, host.url);
    await expect(survey.dialog).toBeVisible();
    await visit(page, host.url);
    await survey.isGone();
    expect(await closed(page, "nps")).toContain("session");
  });
});

test.describe("asked again", () => {
  test.use({
    setup: {
      survey: definition("nps", [score, kinds["text"]!], {
        look: { snooze: true },
        show: {
          max_impressions: 10,
          again: {
            survey: {
              snoozed: { days: 3 },
              dismissed: { days: 30 },
              partial: { days: 60 },
              completed: { days: 90 },
            },
          },
        },
      }),
    },
  });

  test("pain 2: later, closed, answered in part and answered have waits of their own", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    await page.clock.install();
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    const outcomes: [string, number, () => Promise<void>][] = [
      ["snoozed", 3, () => survey.button("Later").click()],
      ["dismissed", 30, () => survey.close.click()],
      [
        "partial",
        60,
        async () => {
          await survey.pick(/^7\b/);
          await survey.next();
          await survey.close.click();
        },
      ],
      [
        "completed",
        90,
        async () => {
          await survey.pick(/^9\b/);
          await survey.next();
          await survey.button("Skip").click();
        },
      ],
    ];
    await visit(page, host.url);
    for (const [name, days, act] of outcomes) {
      await expect(survey.dialog, name).toBeVisible();
      await act();
      await live(page, 4);
      await later(page, days * DAY - HOUR);
      await visit(page, host.url);
      await survey.isGone();
      await later(page, 2 * HOUR);
      await visit(page, host.url);
    }
    await expect(survey.dialog).toBeVisible();
  });
});

test.describe("classes", () => {
  const quiet = { again: { class: { seen: { days: 30 } } } };
  test.use({
    setup: {
      surveys: [
        definition("nps_a", [score], { show: { priority: 3, ...quiet } }),
        definition("nps_b", [score], { show: { priority: 2, ...quiet } }),
        definition("csat", [kinds["csat"]!], { show: { priority: 1 } }),
      ],
    },
  });

  test("pain 3: one clock for all NPS, another for everything else; a wait of whole hours; resuming is no showing", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    await page.clock.install();
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await visit(page, host.url);
    await expect(survey.title).toContainText("recommend");
    await survey.close.click();
    await later(page, HOUR);
    await visit(page, host.url);
    await expect(survey.title, "another class").toContainText("satisfied");
    await survey.close.click();
    await later(page, HOUR);
    await visit(page, host.url);
    await survey.isGone();
    await later(page, 30 * DAY);
    await visit(page, host.url);
    await expect(survey.title, "30 days later").toContainText("recommend");
  });

  test("pain 23: the highest priority comes first, whatever the order; one survey a session", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    await page.clock.install();
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await visit(page, host.url);
    await expect(survey.title).toContainText("recommend");
    await survey.close.click();
    await live(page, 4);
    await visit(page, host.url);
    await survey.isGone();
    expect(await closed(page, "csat")).toEqual(["session"]);
    await later(page, 31 * MINUTE);
    await visit(page, host.url);
    await expect(survey.title, "the next session").toContainText("satisfied");
  });
});

test.describe("delays", () => {
  test.use({
    setup: {
      survey: definition("nps", [score], {
        show: {
          delay_ms: 10_000,
          url: [{ contains: "/cart" }],
          traits: [{ key: "plan", test: { is: ["pro"] } }],
          cancel: [{ name: "checkout_started" }],
        },
      }),
    },
  });

  const start = `<script>window.firsthand = [["setTraits", { plan: "pro" }]]</script>`;

  test("pain 5: what changed during the delay counts", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    await page.clock.install();
    const tag = scriptTag(collector.url, collector.siteKey);
    const host = await serve(HOST + start + tag);
    await visit(page, `${host.url}cart`, 6);
    await page.evaluate(`firsthand.setTraits({ plan: "free" })`);
    await live(page, 30);
    await survey.isGone();
    await page.evaluate(`firsthand.setTraits({ plan: "pro" })`);
    await live(page, 6);
    await page.evaluate(`history.pushState({}, "", "/about")`);
    await live(page, 30);
    await survey.isGone();
    await page.evaluate(`history.pushState({}, "", "/cart")`);
    await live(page, 16);
    await expect(survey.dialog).toBeVisible();
  });

  test("pain 5: an event that cancels, cancels", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    await page.clock.install();
    const tag = scriptTag(collector.url, collector.siteKey);
    const host = await serve(HOST + start + tag);
    await visit(page, `${host.url}cart`, 6);
    await page.evaluate(`firsthand.track("checkout_started")`);
    await live(page, 30);
    await survey.isGone();
    expect(await closed(page, "nps")).toContain("cancel");
  });
});

test.describe("single-page routes", () => {
  test.use({
    setup: {
      survey: definition("nps", [score, kinds["text"]!], {
        show: { url: [{ glob: "*/cart*" }] },
      }),
    },
  });

  test("pain 6: a survey goes with its page, comes back with it, and counts once", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(`${host.url}cart`);
    await expect(survey.dialog).toBeVisible();
    await survey.pick(/^8\b/);
    await survey.next();
    await page.evaluate(`history.pushState({}, "", "/about")`);
    await survey.isGone();
    await page.evaluate(`history.replaceState({}, "", "/about")`);
    await page.evaluate(`history.pushState({}, "", "/cart/2")`);
    await expect(survey.title, "the answer is kept").toContainText("do better");
    await survey.dialog.getByRole("textbox").fill("Fine");
    await survey.next();
    await survey.thanks();
    await expect.poll(() => collector.count("impression")).toBe(1);
    await expect.poll(() => collector.count("response")).toBe(1);
    expect(await collector.count("dismissal")).toBe(0);
  });
});
