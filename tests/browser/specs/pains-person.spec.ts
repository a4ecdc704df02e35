// Turns what people need of a survey (their theme, their language, their phone, their half-written answer) into checks.

import {
  definition,
  feedback,
  kinds,
  reason,
  score,
} from "../fixtures/definitions.ts";
import { scriptTag } from "../fixtures/host-page.ts";
import { query } from "../fixtures/database.ts";
import { expect, test } from "../fixtures/test.ts";

const HOST = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<meta name="viewport" content="width=device-width"><h1>Host</h1><p style="height: 200vh">Long</p>`;

test.describe("phones", () => {
  test.use({
    setup: { survey: definition("nps", [score, reason]) },
    hasTouch: true,
    isMobile: true,
  });
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 667, height: 320 },
    { width: 320, height: 568 },
  ]) {
    test.describe(`${viewport.width} by ${viewport.height}`, () => {
      test.use({ viewport });

      test("pain 12: no zoom, nothing out of reach", async ({
        page,
        collector,
        serve,
        survey,
      }) => {
        const host = await serve(
          HOST + scriptTag(collector.url, collector.siteKey),
        );
        await page.goto(host.url);
        await expect(survey.dialog).toBeVisible();
        for (const cell of await survey.dialog.locator("label").all()) {
          const box = (await cell.boundingBox())!;
          expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
        }
        await expect(survey.button("Next")).toBeInViewport({ ratio: 1 });
        await survey.pick(/^8\b/);
        await survey.next();
        const size = await survey.reason.evaluate((e) =>
          parseFloat(getComputedStyle(e).fontSize),
        );
        expect(size).toBeGreaterThanOrEqual(16);
        await expect(survey.send).toBeInViewport({ ratio: 1 });
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        expect(wide).toBeLessThanOrEqual(0);
      });
    });
  }
});

test.describe("themes", () => {
  test.use({ setup: { survey: definition("nps", [score]) } });

  test("pain 13: the theme follows the system, or the page, at any time", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(host.url);
    await expect(survey.dialog).toBeVisible();
    const lightness = () =>
      survey.card.evaluate((element) => {
        const canvas = document.createElement("canvas").getContext("2d")!;
        canvas.fillStyle = getComputedStyle(element).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
        return (r! + g! + b!) / 765;
      });
    expect(await lightness()).toBeLessThan(0.3);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await lightness()).toBeGreaterThan(0.9);
    await page.evaluate(`firsthand.setTheme("dark")`);
    await expect.poll(lightness).toBeLessThan(0.3);
    await page.evaluate(`firsthand.setTheme("auto")`);
    await expect.poll(lightness).toBeGreaterThan(0.9);
  });
});

test.describe("languages", () => {
  const words = (en: string, ar: string, de: string) => ({ en, ar, de });
  test.use({
    setup: {
      survey: definition(
        "nps",
        [
          {
            ...score,
            title: words(
              "How likely?",
              "ما مدى احتمال ذلك؟",
              "Wie wahrscheinlich?",
            ),
            kind: {
              nps: {
                low: words("Not", "أبداً", "Gar nicht"),
                high: words("Very", "جداً", "Sehr"),
              },
            },
          },
          { ...reason, title: words("Why?", "لماذا؟", "Warum?") },
        ],
        {
          languages: ["ar", "de"],
          endings: [
            { id: "thanks", title: words("Thank you", "شكراً", "Danke") },
          ],
        },
      ),
    },
  });

  test("pain 14: another language in the middle, answers kept, right to left", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect(survey.title).toHaveText("How likely?");
    await survey.pick(/^8\b/);
    await page.evaluate(`firsthand.setLanguage("de-AT")`);
    await expect(survey.title).toHaveText("Wie wahrscheinlich?");
    await expect(survey.score(8)).toBeChecked();
    await survey.button("Weiter").click();
    await survey.reason.fill("Halb geschrie");
    await page.evaluate(`firsthand.setLanguage("ar")`);
    await expect(survey.title).toHaveText("لماذا؟");
    await expect(survey.reason).toHaveValue("Halb geschrie");
    expect(
      await survey.card.evaluate((e) => getComputedStyle(e).direction),
    ).toBe("rtl");
    expect(await page.evaluate("document.documentElement.dir")).toBe("");
    await survey.dialog.getByRole("button", { name: "إرسال" }).click();
    await expect(survey.title).toHaveText("شكراً");
  });
});

test.describe("partial answers", () => {
  test.use({
    setup: {
      survey: definition("long", [score, kinds["single"]!, kinds["text"]!]),
    },
  });

  test("pain 16: half an answer is kept, and goes on after a reload as the same one", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await expect(survey.dialog).toBeVisible();
    await survey.pick(/^6\b/);
    await survey.next();
    await survey.pick("Something else");
    await survey.dialog.getByRole("textbox").fill("A present");
    await expect.poll(() => collector.count("response")).toBe(1);
    await page.reload();
    await expect(survey.title).toContainText("What brought you here");
    await expect(survey.dialog.getByRole("textbox")).toHaveValue("A present");
    await survey.button("Back").click();
    await expect(survey.score(6)).toBeChecked();
    await survey.next();
    await survey.next();
    await survey.button("Skip").click();
    await survey.thanks();
    await collector.stop();
    const rows = await query(
      collector.dataFolder,
      "SELECT complete, revision, (SELECT count(*) FROM answer WHERE answer.response = response.id) AS answers FROM response",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ complete: 1, answers: 3 });
    expect(Number(rows[0]!["revision"])).toBeGreaterThan(2);
  });
});

test.describe("screenshots", () => {
  test.use({ setup: { survey: feedback() } });

  test("pain 17: a file instead of a capture; what is hidden is gone from the image", async ({
    page,
    collector,
    serve,
    survey,
  }) => {
    const host = await serve(
      HOST + scriptTag(collector.url, collector.siteKey),
    );
    await page.goto(host.url);
    await page.getByRole("button", { name: "Feedback" }).click();
    await survey.dialog
      .getByRole("textbox")
      .first()
      .fill("The button is broken");
    const chooser = survey.dialog.locator("input[type=file]");
    await chooser.setInputFiles({
      name: "a.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("no image"),
    });
    await expect(
      survey.dialog.getByRole("status").filter({ hasText: /image/i }),
    ).toBeVisible();
    await expect(survey.dialog.getByRole("textbox").first()).toHaveValue(
      "The button is broken",
    );
    await chooser.setInputFiles({
      name: "red.png",
      mimeType: "image/png",
      buffer: await red(page),
    });
    await page.getByRole("button", { name: "Hide", exact: true }).click();
    const canvas = page.locator("canvas:visible").last();
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.75, {
      steps: 5,
    });
    await page.mouse.up();
    await page.getByRole("button", { name: "Done" }).click();
    await survey.next();
    await survey.thanks();
    const [bytes] = await collector.images();
    expect(bytes).toBeDefined();
    const pixels = await page.evaluate(centreAndCorner, [...bytes!]);
    expect(pixels.corner, "the corner is as it was").toEqual([255, 0, 0, 255]);
    expect(pixels.centre.slice(0, 3), "the centre is not").not.toEqual([
      255, 0, 0,
    ]);
    expect(pixels.centre[3]).toBe(255);
  });
});

/** A red image of 200 by 200 pixels. */
async function red(page: import("@playwright/test").Page): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 200;
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#f00";
    context.fillRect(0, 0, 200, 200);
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.split(",")[1]!, "base64");
}

/** Two pixels of an image, as red, green, blue and opacity. */
async function centreAndCorner(
  bytes: number[],
): Promise<{ centre: number[]; corner: number[] }> {
  const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext(
    "2d",
  )!;
  canvas.drawImage(image, 0, 0);
  const at = (x: number, y: number) => [
    ...canvas.getImageData(x, y, 1, 1).data,
  ];
  return { centre: at(image.width >> 1, image.height >> 1), corner: at(2, 2) };
}
