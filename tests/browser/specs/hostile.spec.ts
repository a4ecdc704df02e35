// Turns a host page that is as hostile as pages get into one that the widget does not notice.

import { definition, kinds, score } from "../fixtures/definitions.ts";
import { scriptTag } from "../fixtures/host-page.ts";
import { atRest, difference } from "../fixtures/picture.ts";
import { expect, test } from "../fixtures/test.ts";

const CALM = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><body style="background: #fff">`;

const HOSTILE = `<style>
  * { all: revert; font-size: 62.5% !important; color: red !important; margin: 9px !important;
      padding: 9px !important; border: 3px solid red !important; letter-spacing: 5px !important;
      text-transform: uppercase !important; transform: none !important; filter: none !important;
      box-sizing: content-box !important; line-height: 3 !important; direction: rtl; animation: none !important }
  html, body { background: #fff !important; border: 0 !important; margin: 0 !important; padding: 0 !important }
  firsthand-widget, firsthand-widget::before { display: none !important; opacity: 0.2 !important; content: "x" }
</style><script>
  window.heard = [];
  for (const type of ["keydown", "keyup", "keypress", "input", "beforeinput", "textInput", "paste", "drop"])
    for (const target of [document, document.documentElement])
      target.addEventListener(type, (event) => { heard.push(type); event.preventDefault(); }, true);
  document.addEventListener("focusin", (event) => { if (event.target !== document.body) document.body.focus(); });
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...args) { heard.push(name); return original.apply(this, args); };
  }
  Array.prototype.extra = function () {};
  Object.prototype.hasExtra = true;
</script>`;

test.describe("a hostile page", () => {
  test.use({
    setup: {
      survey: definition("nps", [score, kinds["single"]!, kinds["text"]!]),
    },
    contextOptions: { reducedMotion: "reduce" },
  });

  // Why: what a guest looks like and does must not depend on the house.
  test("the widget looks and works the same, and the page hears no key of ours", async ({
    page,
    collector,
    serve,
    survey,
    watch,
  }) => {
    const tag = scriptTag(collector.url, collector.siteKey);
    const pictures: Buffer[][] = [];
    for (const html of [CALM, CALM + HOSTILE]) {
      await page.context().clearCookies();
      await page.goto((await serve(html + tag)).url);
      await expect(survey.dialog).toBeVisible();
      const picture = () => atRest(survey.dialog);
      const mine = [await picture()];
      await survey.pick(/^8\b/);
      await survey.next();
      mine.push(await picture());
      await survey.pick("Looking around");
      await survey.next();
      await survey.dialog.getByRole("textbox").click();
      await page.keyboard.type("k/j?");
      await expect(survey.dialog.getByRole("textbox")).toHaveValue("k/j?");
      mine.push(await picture());
      await survey.next();
      await survey.thanks();
      pictures.push(mine);
    }
    const [calm, hostile] = pictures;
    const differ: string[] = [];
    for (const [i, picture] of hostile!.entries())
      differ.push(await difference(page, calm![i]!, picture));
    expect(differ).toEqual(["nowhere", "nowhere", "nowhere"]);
    expect(await page.evaluate("heard")).toEqual([]);
    expect(watch.uncaught).toEqual([]);
  });
});
