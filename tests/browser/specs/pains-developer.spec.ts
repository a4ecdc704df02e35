// Turns what developers and product managers ask of surveys into checks.

import { definition, kinds, reason, score } from "../fixtures/definitions.ts";
import { HOST, scriptTag } from "../fixtures/host-page.ts";
import { expect, test } from "../fixtures/test.ts";
import { closed, explain } from "../fixtures/visit.ts";
import { query } from "../fixtures/database.ts";

test.describe("events", () => {
  test.use({ setup: { survey: definition("nps", [score, reason]) } });

  test("pain 20: events for listeners and for the document, also for those who come late", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const listen = `<script>
      window.heard = []; window.dom = [];
      window.firsthand = [];
      for (const name of ["ready", "eligible", "shown", "answered", "submitted", "dismissed", "snoozed", "error"]) {
        firsthand.push(["on", name, () => heard.push(name)]);
        document.addEventListener("firsthand:" + name, () => dom.push(name));
      }
    </script>`;
    const host = await serve(
      HOST + listen + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect(survey.dialog).toBeVisible();
    await page.evaluate(`firsthand.on("shown", () => heard.push("late"))`);
    await survey.answer(9, "Because");
    await survey.thanks();
    const expected = [
      "ready",
      "eligible",
      "shown",
      "late",
      "answered",
      "answered",
      "submitted",
    ];
    await expect.poll(() => page.evaluate("heard")).toEqual(expected);
    expect(await page.evaluate("dom")).toEqual(
      expected.filter((name) => name !== "late"),
    );
  });
});

test.describe("explaining", () => {
  test.use({
    setup: {
      survey: definition("nps", [score], {
        show: {
          url: [{ contains: "/cart" }],
          devices: ["phone"],
          traits: [{ key: "plan", test: { is: ["pro"] } }],
          triggers: [{ event: { name: "bought", times: 2 } }],
        },
      }),
    },
  });

  test("pain 21: every gate says what it needs and what it found", async ({
    page,
    collector,
    serve,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await page.evaluate(`firsthand.track("bought")`);
    const told = await explain(page, "nps");
    expect(told.eligible).toBe(false);
    expect(await closed(page, "nps")).toEqual(
      expect.arrayContaining(["url", "device", "trait", "trigger"]),
    );
    for (const gate of told.gates) {
      expect(Object.keys(gate).sort()).toEqual([
        "actual",
        "gate",
        "needed",
        "passes",
      ]);
    }
    // One of two times: not armed yet.
    await page.evaluate(`firsthand.track("bought")`);
    expect(await closed(page, "nps")).not.toContain("trigger");
    expect(await page.evaluate(`firsthand.explain("nobody")`)).toMatchObject({
      eligible: false,
    });
  });
});

test.describe("scores", () => {
  test.use({
    setup: {
      survey: definition("nps", [
        { ...score, required: false },
        { ...kinds["numbers"]!, id: "search" },
      ]),
    },
  });

  test("pain 24: what was skipped and what is no NPS is in no NPS", async ({
    page,
    browser,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect(survey.dialog).toBeVisible();
    await survey.button("Skip").click();
    await survey.pick(/^10\b/);
    await survey.next();
    await survey.thanks();
    const other = await browser.newPage();
    await other.goto(host.url);
    const dialog = other.locator("firsthand-widget").getByRole("dialog");
    await dialog
      .locator("label", { has: other.getByRole("radio", { name: /^2\b/ }) })
      .click();
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog
      .locator("label", { has: other.getByRole("radio", { name: /^9\b/ }) })
      .click();
    await dialog.getByRole("button", { name: "Send" }).click();
    await expect(dialog.getByRole("heading")).toHaveText("Thank you");
    await other.close();
    await collector.stop();
    const rows = await query(
      collector.dataFolder,
      "SELECT kind, score FROM answer WHERE kind = 'nps' AND score IS NOT NULL",
    );
    expect(rows).toEqual([{ kind: "nps", score: 2 }]);
  });
});
