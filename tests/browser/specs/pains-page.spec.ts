// Turns what hosts suffer from widgets (and widgets from hosts) into checks.

import { definition, feedback, kinds, score } from "../fixtures/definitions.ts";
import { scriptTag } from "../fixtures/host-page.ts";
import { expect, test } from "../fixtures/test.ts";
import { explain } from "../fixtures/visit.ts";

const HOST = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<h1>Host</h1><input id="field" aria-label="Field"><button id="buy"><span id="inner">Buy</span></button>
<div id="place"></div>`;

test.describe("focus and dialogs", () => {
  test.use({
    setup: {
      surveys: [definition("nps", [score, kinds["text"]!]), feedback()],
    },
  });

  test("pain 10: a focus trap of the page does not pull the focus out of the survey", async ({
    page,
    collector,
    serve,
    survey,
    watch,
  }) => {
    const trap = `<script>
      document.addEventListener("focusin", (event) => {
        if (event.target.id !== "field") document.getElementById("field").focus();
      });
      document.getElementById("field").focus();
    </script>`;
    const host = await serve(
      HOST + trap + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect(survey.dialog).toBeVisible();
    await expect(page.locator("#field"), "not moved").toBeFocused();
    await survey.pick(/^8\b/);
    await survey.next();
    await survey.dialog.getByRole("textbox").click();
    await page.keyboard.type("typed in peace");
    await expect(survey.dialog.getByRole("textbox")).toHaveValue(
      "typed in peace",
    );
    expect(watch.uncaught).toEqual([]);
  });

  test("pain 11: a survey waits for the page's own dialog", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const dialog = `<dialog id="own"><p>Terms</p><button>Accept</button></dialog>
      <script>document.getElementById("own").showModal()</script>`;
    const host = await serve(
      HOST + dialog + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect
      .poll(async () => (await explain(page, "nps")).gates)
      .toContainEqual({
        gate: "guard",
        needed: "free",
        actual: "modal",
        passes: false,
      });
    await survey.isGone();
    await page.evaluate(`document.getElementById("own").close()`);
    await expect(survey.title).toContainText("recommend");
  });

  test("pain 11: feedback that the person asks for opens above the page's own dialog", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const dialog = `<dialog id="own"><p>Terms</p><button>Accept</button></dialog>
      <script>document.getElementById("own").showModal()</script>`;
    const host = await serve(
      HOST + dialog + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await page.evaluate("firsthand.openFeedback()");
    await expect(survey.dialog).toBeVisible();
    await survey.dialog.getByRole("textbox").first().click();
    await page.keyboard.type("Above the dialog");
    await expect(survey.dialog.getByRole("textbox").first()).toHaveValue(
      "Above the dialog",
    );
    await survey.button(/Close/).click();
    await survey.isGone();
  });
});

test.describe("typing", () => {
  test.use({
    setup: { survey: definition("nps", [score], { show: { delay_ms: 2000 } }) },
  });

  test("pain 10: nobody is interrupted while typing", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await page.locator("#field").focus();
    for (let i = 0; i < 20; i++) {
      await page.keyboard.type("a");
      await page.waitForTimeout(150);
    }
    await survey.isGone();
    await page.locator("#field").blur();
    await expect(survey.dialog).toBeVisible();
  });
});

test.describe("nothing to ask", () => {
  test.use({
    setup: {
      survey: definition("nps", [score], {
        show: { url: [{ contains: "/nowhere" }] },
      }),
    },
  });

  test("pain 19: without anything to show, nothing more is fetched", async ({
    page,
    collector,
    serve,
    watch,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await page.waitForLoadState("networkidle");
    const asked = watch.paths(collector.url);
    expect(
      asked.filter((path) => /widget|stage|shot|words|survey/.test(path)),
    ).toEqual([]);
    const names = asked.map((path) => path.replace(/-[0-9a-f]{8}\./, "."));
    expect(names.sort()).toEqual([
      "/a/asker.js",
      "/a/asker.woven",
      "/a/rows.js",
      "/a/vitals.js",
      "/sdk.js",
      "/v1/config",
    ]);
  });
});

test.describe("first party", () => {
  test.use({ setup: { surveys: [definition("nps", [score]), feedback()] } });

  test("pain 18: everything comes from the collector's own address, and a blocked answer says so", async ({
    page,
    collector,
    serve,
    survey,
    watch,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect(survey.dialog).toBeVisible();
    await page.route("**/v1/batch*", (route) => route.abort("blockedbyclient"));
    await survey.pick(/^9\b/);
    await survey.next();
    await expect(survey.title).toHaveText("Not sent yet");
    const foreign = watch.requests
      .map((request) => new URL(request.url()).origin)
      .filter(
        (origin) =>
          ![new URL(collector.url).origin, new URL(host.url).origin].includes(
            origin,
          ),
      );
    expect(foreign).toEqual([]);
    await page.unroute("**/v1/batch*");
    await expect(survey.title).toHaveText("Thank you", { timeout: 40_000 });
  });
});

test.describe("placement", () => {
  test.use({
    setup: {
      surveys: [
        definition("inline", [kinds["stars"]!], {
          look: { placement: "inline", element: "#place" },
        }),
        feedback({ kind: { feedback: { launcher: "tab" } } }),
      ],
    },
  });

  test("pain 22: inline in the page, and a tab at its side", async ({
    page,
    collector,
    serve,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    const inline = page.locator("#place firsthand-widget");
    await expect(inline.getByRole("radio")).toHaveCount(5);
    const tab = page.getByRole("button", { name: "Feedback" });
    await expect(tab).toBeVisible();
    await tab.click();
    await expect(
      page.getByRole("dialog", { name: /Feedback|What is it about/ }),
    ).toBeVisible();
  });
});

test.describe("corners", () => {
  for (const [corner, x, y] of [
    ["top_left", 0, 0],
    ["top_right", 1, 0],
    ["bottom_left", 0, 1],
    ["bottom_right", 1, 1],
  ] as const) {
    test.describe(corner, () => {
      test.use({
        setup: { survey: definition("nps", [score], { look: { corner } }) },
      });

      test(`pain 22: in the corner that is asked for, ${corner}`, async ({
        page,
        collector,
        serve,
        survey,
      }) => {
        const tag = scriptTag(collector.url, collector.siteKey);
        await page.goto((await serve(HOST + tag)).url);
        await expect(survey.dialog).toBeVisible();
        const box = (await survey.card.boundingBox())!;
        const { width, height } = page.viewportSize()!;
        expect((box.x + box.width / 2) / width > 0.5).toBe(x === 1);
        expect((box.y + box.height / 2) / height > 0.5).toBe(y === 1);
      });
    });
  }
});

test.describe("hostile hosts", () => {
  test.use({
    setup: {
      survey: definition(
        "nps",
        [
          { ...score, title: "<b>Bold</b> & <img src=x onerror=alert(1)>?" },
          kinds["text"]!,
        ],
        {
          show: { triggers: [{ click: "#buy" }] },
        },
      ),
    },
  });

  test("pain 25: storage denied, nested clicks, HTML in texts", async ({
    page,
    collector,
    serve,
    survey,
    watch,
  }) => {
    const deny = `<script>
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
    </script>`;
    const host = await serve(
      HOST + deny + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect
      .poll(async () => (await explain(page, "nps")).storage)
      .toBe("memory");
    await survey.isGone();
    // The click lands on the element inside of the one that the survey names.
    await page.locator("#inner").click();
    await expect(survey.title).toHaveText(
      "<b>Bold</b> & <img src=x onerror=alert(1)>?",
    );
    await survey.pick(/^9\b/);
    await survey.next();
    await survey.dialog.getByRole("textbox").fill("<script>alert(1)</script>");
    await survey.next();
    await survey.thanks();
    expect(watch.uncaught).toEqual([]);
  });
});
