// Turns keys, palette, languages and an ended session into what somebody in the console meets.

import { post } from "../fixtures/answers.ts";
import { ADMIN } from "../fixtures/collector.ts";
import { serious, signIn } from "../fixtures/console.ts";
import { expect, test } from "../fixtures/test.ts";

// Why: whoever reads answers all day has the hands on the keyboard, and learns keys from the list.
test("keys lead to pages, and the list of keys says so", async ({
  page,
  collector,
}) => {
  await signIn(page, collector.url);
  await expect(page).toHaveURL(/\/scores$/);
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(/\/performance$/);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/scores$/);

  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  await expect(list).toContainText("Go to Performance");
  await expect(list).toContainText("Search and jump");
  // While it is open, no key does anything else.
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(/\/scores$/);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
});

// Why: code that is asked for only by other code comes a round trip later, and another one for a page inside a page.
test("a page that is opened as the first has asked for its code at once", async ({
  page,
  collector,
}) => {
  await signIn(page, collector.url);
  const fetched = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.endsWith(".wasm"))
        .map((it) => [
          (it as PerformanceResourceTiming).initiatorType,
          it.name.replace(/.*\/console-(.*)-[0-9a-f]{8}\.wasm$/, "$1"),
        ]),
    );
  for (const [name, chunk] of [
    ["account", "settings-done"],
    ["audit", "settings-done"],
    ["budgets", "settings-times"],
    ["health", "settings-data"],
    ["maintenance", "settings-times"],
    ["people", "settings-data"],
    ["project", "settings-project"],
    ["releases", "settings-times"],
    ["sites", "settings-project"],
    ["team", "settings-access"],
    ["tokens", "settings-access"],
  ] as const) {
    await page.goto(`${collector.url}settings/${name}`);
    // The outline of a page has a title as well, and no such id.
    await expect(page.locator("main#main h1")).toBeVisible();
    const all = await fetched();
    expect(all, name).toContainEqual(["link", chunk]);
    const late = all.filter(([by]) => by !== "link");
    expect(late, name).toEqual([]);
  }
});

// Why: a letter that somebody types must never be taken for a command.
test("keys are left alone in fields", async ({ page, collector }) => {
  await signIn(page, collector.url);
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and jump" });
  await expect(field).toBeFocused();
  await page.keyboard.type("gp?");
  await expect(field).toHaveValue("gp?");
  await expect(page).toHaveURL(/\/scores$/);
});

// Why: Back is how people leave; a link to where they are must not cost them another press.
test("a link to this page is no step of the history", async ({
  page,
  collector,
}) => {
  await signIn(page, collector.url);
  const rail = page.getByRole("navigation", { name: "Pages" });
  await rail.getByRole("link", { name: "Performance" }).click();
  await rail.getByRole("link", { name: "Performance" }).click();
  await expect(page).toHaveURL(/\/performance$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/scores$/);
  await expect(rail.getByRole("link", { name: "Scores" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

// Why: nobody remembers where everything is; everybody remembers a part of its name.
test("the palette finds pages and surveys, by keyboard and for screen readers", async ({
  page,
  collector,
}) => {
  await signIn(page, collector.url, "performance");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and jump" });
  await expect(field).toBeFocused();
  await page.keyboard.type("sco");
  const options = page.getByRole("option");
  await expect(options.first()).toHaveText(/^Scores/);
  const active = await field.getAttribute("aria-activedescendant");
  await expect(page.locator(`#${active}`)).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/scores\?survey=/);
  await expect(field).toBeHidden();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("appearance dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Your account" }).click();
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  // Its outline has no links, and hears no keys yet.
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothing like this");
  await expect(options).toHaveCount(0);
  await expect(page.getByText("Nothing by that name")).toBeVisible();
});

// Why: a console in a language that somebody thinks in is read; the choice must survive.
test("the language is the browser's, until somebody chooses another", async ({
  browser,
  collector,
}) => {
  const context = await browser.newContext({ locale: "fr-CA" });
  const page = await context.newPage();
  const fetched: string[] = [];
  page.on("request", (request) => {
    const words = /console-words-(\w+)-/.exec(request.url());
    if (words) fetched.push(words[1]!);
  });
  await page.goto(collector.url);
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await expect(page.locator("button[type=submit]")).toHaveText("Se connecter");
  await signIn(page, collector.url, "performance?window=7d");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(
    "7 derniers jours",
  );
  expect(new Set(fetched)).toEqual(new Set(["fr"]));

  await page.getByRole("button", { name: "Votre compte" }).click();
  await page.getByLabel("Langue").selectOption("de");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page).toHaveURL(/performance\?window=7d$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(
    "in den letzten 7 Tagen",
  );
  await context.close();
});

// Why: a session ends while somebody is in the middle of something. Nothing of it may be lost.
test("an ended session asks for the password over the page, which stays", async ({
  page,
  context,
  collector,
}) => {
  await post(collector, { score: 9, reason: "Still here" });
  await signIn(page, collector.url, "scores?days=90");
  await expect(page.getByTestId("comment")).toContainText("Still here");
  await page.evaluate(() => {
    // What a page would have in a form of its own.
    const note = document.createElement("textarea");
    note.id = "note";
    document.querySelector("main")!.append(note);
  });
  await page.locator("#note").fill("half a sentence");
  await context.clearCookies();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  // Chromium lets the first Escape be refused, and not the second.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await expect(page.locator("#email")).toHaveValue(ADMIN.email);
  await page.locator("#password").fill("not it");
  await page.locator("#password").press("Enter");
  await expect(dialog).toContainText("do not belong together");
  await page.locator("#password").fill(ADMIN.password);
  await page.locator("#password").press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/scores\?days=90$/);
  await expect(page.locator("#note")).toHaveValue("half a sentence");
  await expect(page.getByTestId("comment")).toContainText("Still here");
});

// Why: an invitation is the first that somebody sees of the console.
test("a link chooses a password once, and says why it does not", async ({
  page,
  request,
  collector,
}) => {
  const headers = { origin: new URL(collector.url).origin };
  const api = `${collector.url}api/v1/`;
  await request.post(`${api}session`, { data: ADMIN, headers });
  const email = "new@shop.example";
  const invited = await request.post(`${api}team`, {
    data: { email, role: "viewer" },
    headers,
  });
  const { link } = (await invited.json()) as { link: string };
  const address = new URL(link, collector.url).href;

  await page.goto(address);
  const password = page.getByLabel("New password");
  await expect(password).toBeFocused();
  expect(await serious(page)).toEqual([]);
  await password.fill("short");
  await page.getByRole("button", { name: "Save password" }).click();
  await expect(page.getByRole("alert")).toContainText("at least 8");
  await password.fill("long enough now");
  await page.getByRole("button", { name: "Save password" }).click();
  await expect(
    page.getByRole("heading", { name: "Your password is saved" }),
  ).toBeFocused();
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("long enough now");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("header.rail nav")).toBeVisible();

  const again = await page.context().newPage();
  await again.goto(address);
  await again.getByLabel("New password").fill("long enough again");
  await again.getByRole("button", { name: "Save password" }).click();
  await expect(again.getByRole("alert")).toContainText("was used, replaced");
  await again.goto(`${collector.url}password`);
  await expect(again.getByRole("heading", { level: 1 })).toHaveText(
    "This address is not whole",
  );
});

// Why: a link that came from elsewhere may say what this view does not know. It must not be hidden.
test("what makes no sense in an address is left out and named; Back undoes a filter", async ({
  page,
  collector,
}) => {
  await post(collector, { score: 9 });
  await signIn(page, collector.url, "scores?days=99999&color=red");
  const notice = page.locator(".dropped");
  await expect(notice).toContainText("days=99999");
  await expect(notice).toContainText("color=red");
  await page.getByRole("link", { name: "90 days" }).click();
  await expect(page).toHaveURL(/days=90/);
  await expect(notice).toHaveText("");
  await page.getByRole("link", { name: "7 days" }).click();
  await expect(page).toHaveURL(/days=7/);
  await page.goBack();
  await expect(page).toHaveURL(/days=90/);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 320]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({
        colorScheme,
        viewport: { width, height: 800 },
        contextOptions: { reducedMotion: "reduce" },
      });

      // Why: what floats over a page is where contrast and names are forgotten, and nothing may jump.
      test("the shell is readable and stands still", async ({
        page,
        collector,
      }) => {
        await page.addInitScript(() => {
          const moved = { sum: 0 };
          Object.assign(window, { moved });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              const shift = entry as unknown as {
                value: number;
                hadRecentInput: boolean;
              };
              if (!shift.hadRecentInput) moved.sum += shift.value;
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
        await signIn(page, collector.url);
        await expect(
          page.getByText("Waiting for the first answer"),
        ).toBeVisible();
        expect(await serious(page), "page").toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        await page.getByRole("button", { name: "Your account" }).click();
        await expect(page.locator("#menu")).toBeVisible();
        expect(await serious(page), "menu").toEqual([]);
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await expect(page.locator("dialog.help")).toBeVisible();
        expect(await serious(page), "keys").toEqual([]);
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+k");
        await expect(page.locator("dialog.palette")).toBeVisible();
        expect(await serious(page), "palette").toEqual([]);
        await page.keyboard.press("Escape");
        await page.reload();
        await expect(
          page.getByText("Waiting for the first answer"),
        ).toBeVisible();
        const moved = await page.evaluate(
          () => (window as unknown as { moved: { sum: number } }).moved.sum,
        );
        expect(moved).toBeLessThan(0.02);
      });
    });
  }
}
