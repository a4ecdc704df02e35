// Turns "the host page is sacred" into checks of everything that a guest could disturb.

import type { Locator, Page } from "@playwright/test";

import { scriptTag } from "../fixtures/host-page.ts";
import { expect, test } from "../fixtures/test.ts";

const BARE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
<h1>Host</h1><p>Text</p><input id="field" aria-label="Field"><button>Button</button>`;

// Why: a page may list its globals, wrap its own fetch or compare references; a guest that changes
// them breaks what it never saw. One name is ours, nothing else.
test("no global but `firsthand`, no built-in replaced but those that ask for something", async ({
  page,
  collector,
  serve,
  survey,
  watch,
}) => {
  await page.goto((await serve(BARE)).url);
  const ours = await page.evaluate(globals);
  const remember = `<script>window.before = (${builtIns.toString()})()</script>`;
  const tag = scriptTag(collector.url, collector.siteKey);
  await page.goto((await serve(`${BARE}${remember}${tag}`)).url);
  await survey.appears();

  const added = (await page.evaluate(globals)).filter(
    (name) => !ours.includes(name),
  );
  expect(added.sort()).toEqual(["before", "firsthand"]);
  const replaced = await page.evaluate(
    `(() => { const now = (${builtIns.toString()})();
       return Object.keys(now).filter((name) => now[name] !== window.before[name]); })()`,
  );
  // What stands before these passes every call on, as it is: see the suite of conformance.
  expect(replaced).toEqual([
    "window.WebSocket",
    "window.EventSource",
    "window.fetch",
    "request.open",
    "request.send",
  ]);
  expect(watch.uncaught).toEqual([]);
});

// Why: pages and their error reporters live by this event. A script of another origin that calls come
// back through takes it away, unless its tag says `crossorigin`.
test("a rejection that nobody handles is told once", async ({
  page,
  collector,
  serve,
}) => {
  const tag = scriptTag(collector.url, collector.siteKey);
  await page.goto((await serve(BARE + tag)).url);
  await page.waitForFunction("'init' in (window.firsthand ?? {})");
  const told = await page.evaluate(async () => {
    let n = 0;
    window.addEventListener("unhandledrejection", (event) => {
      n += 1;
      event.preventDefault();
    });
    await fetch("http://127.0.0.1:1/caught").catch(() => {});
    void fetch("http://127.0.0.1:1/uncaught");
    await new Promise((done) => setTimeout(done, 300));
    return n;
  });
  expect(told).toBe(1);
});

function globals(): string[] {
  return Object.getOwnPropertyNames(window);
}

/** Everything that SDKs like to wrap, by name. Runs in the page, without a type in sight. */
function builtIns(): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, owner] of Object.entries({
    window,
    history: History.prototype,
    element: Element.prototype,
    node: Node.prototype,
    events: EventTarget.prototype,
    request: XMLHttpRequest.prototype,
    storage: Storage.prototype,
    promise: Promise.prototype,
    array: Array.prototype,
    console,
  })) {
    for (const key of Object.getOwnPropertyNames(owner)) {
      const value = Object.getOwnPropertyDescriptor(owner, key);
      const held = value?.value ?? value?.get;
      if (typeof held === "function") found[`${name}.${key}`] = held;
    }
    found[`${name} has`] = Object.getOwnPropertyNames(owner)
      .filter((key) => key !== "firsthand" && key !== "before")
      .join();
  }
  return found;
}

// Why: a survey that turns red because the page is, or a page that changes because of the survey,
// are both the widget's fault in the eyes of whoever looks.
test("pain 8: styles leak neither way", async ({
  page,
  collector,
  serve,
  survey,
}) => {
  const tag = scriptTag(collector.url, collector.siteKey);
  await page.goto((await serve(`${BARE}${tag}`)).url);
  await survey.appears();
  const home = await looks(survey.dialog);

  const hostile = `<style>
    * { all: unset !important; color: red !important; font: 40px/3 cursive !important;
        letter-spacing: 9px !important; visibility: visible; box-sizing: content-box !important }
    body > * { display: inline !important; position: static !important; opacity: 0.4 !important;
        transform: rotate(9deg) !important; zoom: 2 }
    html { font-size: 3px !important }
  </style>`;
  await page.goto((await serve(`${BARE}${hostile}${tag}`)).url);
  const host = page.locator("body > :is(h1, p, #field, button)");
  const alone = await Promise.all((await host.all()).map(looks));
  await survey.appears();
  expect(await looks(survey.dialog)).toEqual(home);
  expect(await Promise.all((await host.all()).map(looks))).toEqual(alone);
  expect(
    await page.evaluate(() => [
      document.styleSheets.length,
      document.adoptedStyleSheets.length,
    ]),
  ).toEqual([1, 0]);
});

/** How an element and everything in it is drawn, and where. */
function looks(locator: Locator): Promise<string[]> {
  return locator.evaluate(async (root) => {
    // What moves in is looked at when it has arrived.
    const moving = root.getRootNode();
    const animations =
      moving instanceof ShadowRoot ? moving.getAnimations() : [];
    await Promise.allSettled(animations.map((animation) => animation.finished));
    return [root, ...root.querySelectorAll("*")].map((element) => {
      const style = getComputedStyle(element);
      const { x, y, width, height } = element.getBoundingClientRect();
      const drawn = [
        "color",
        "background-color",
        "font-size",
        "font-family",
        "font-weight",
        "line-height",
        "letter-spacing",
        "display",
        "position",
        "opacity",
        "visibility",
        "padding",
        "margin",
        "border",
        "text-align",
        "box-sizing",
        "cursor",
      ].map((name) => `${name}: ${style.getPropertyValue(name)}`);
      return [element.localName, [x, y, width, height].join(), ...drawn].join(
        "; ",
      );
    });
  });
}

// Why: shops have shortcuts ("/" searches, "j" scrolls). A letter typed into an answer is not one.
test("pain 9: keys pressed in the widget stay there", async ({
  page,
  collector,
  serve,
  survey,
}) => {
  const listen = `<script>
    window.heard = [];
    const hear = (event) => window.heard.push(event.type + " " + (event.key ?? ""));
    for (const type of ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "submit"])
      for (const target of [document, document.body, window])
        target.addEventListener(type, hear);
    for (const type of ["keydown", "keypress", "keyup"])
      for (const target of [document, document.body])
        target.addEventListener(type, hear, { capture: true });
  </script>`;
  const tag = scriptTag(collector.url, collector.siteKey);
  await page.goto((await serve(`${BARE}${listen}${tag}`)).url);
  await survey.appears();
  await survey.score(7).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await survey.reason.focus();
  await page.keyboard.type("j/k?");
  const heard = () => page.evaluate<string[]>("window.heard");
  expect(await heard()).toEqual([]);
  await page.locator("#field").focus();
  await page.keyboard.press("j");
  expect(await heard(), "control: the page hears its own keys").toContain(
    "keydown j",
  );
});

// Why: somebody is typing a card number when the survey comes up.
test("pain 10: the survey appears without taking the focus, and Tab leads to it", async ({
  page,
  collector,
  serve,
  survey,
}) => {
  const tag = scriptTag(collector.url, collector.siteKey);
  await page.goto((await serve(`${BARE}${tag}`)).url);
  const field = page.locator("#field");
  await field.focus();
  await survey.appears();
  await expect(field).toBeFocused();
  await page.keyboard.type("4242");
  await expect(field).toHaveValue("4242");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Button" })).toBeFocused();
  await page.keyboard.press("Tab");
  expect(await survey.hasFocus()).toBe(true);
  await page.keyboard.press("Escape");
  await expect(survey.dialog).toHaveCount(0);
});

const policies = {
  "the shop's policy": "style-src 'self'",
  "trusted types as well":
    "style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
};
for (const [name, more] of Object.entries(policies)) {
  // Why: where a strict policy is set, a violation is an alarm in somebody's inbox, and often the end
  // of the tag on that page.
  test(`pain 7: a strict content policy is kept: ${name}`, async ({
    page,
    collector,
    serve,
    survey,
    watch,
  }) => {
    const host = await serve(
      `${BARE}${scriptTag(collector.url, collector.siteKey)}`,
      {
        "content-security-policy":
          `default-src 'none'; img-src 'self'; connect-src ${collector.url};
        script-src 'self' ${collector.url} 'wasm-unsafe-eval'; ${more}`.replace(
            /\s+/g,
            " ",
          ),
      },
    );
    await countViolations(page);
    await page.goto(host.url);
    await survey.appears();
    await survey.answer(9, "Strict");
    await survey.thanks();
    expect(await page.evaluate("window.violations")).toEqual([]);
    expect(watch.errors()).toEqual([]);
    expect(watch.uncaught).toEqual([]);
  });
}

async function countViolations(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(window, { violations });
    document.addEventListener("securitypolicyviolation", (event) => {
      violations.push(
        `${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
      );
    });
  });
}
