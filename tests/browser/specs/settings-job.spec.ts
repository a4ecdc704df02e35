// Turns the jobs of an admin into what settings let somebody do: a site, a person, an invitation, a token.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { post, uuid } from "../fixtures/answers.ts";
import { signIn } from "../fixtures/console.ts";
import { query } from "../fixtures/database.ts";
import { expect, test } from "../fixtures/test.ts";

const PAGES = [
  "",
  "/project",
  "/sites",
  "/budgets",
  "/maintenance",
  "/releases",
  "/health",
  "/people",
  "/team",
  "/tokens",
  "/audit",
  "/account",
];

/** Everything that axe finds, one line each. */
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`,
    ),
  );
}

// Why: the way from "we want to try this" to a first event is where most people give up.
test("an admin adds a site and sees its first event arrive within two seconds", async ({
  page,
  context,
  collector,
  openShop,
}) => {
  await signIn(page, collector.url, "settings/sites");
  await expect(page.getByTestId("site")).toHaveCount(1);
  await page.getByRole("textbox", { name: "Name" }).fill("Corner shop");
  await page
    .getByRole("textbox", { name: "Origins that may use it" })
    .fill("http://127.0.0.1:*");
  await page.getByRole("button", { name: "Add site" }).click();
  const site = page.getByTestId("site").filter({ hasText: "Corner shop" });
  await expect(site).toContainText("Waiting for the first event");
  const tag = await site.locator("pre").innerText();
  const siteKey = /data-site-key="(fh_[0-9a-f]+)"/.exec(tag)?.[1] ?? "";
  expect(siteKey).not.toBe("");

  const shop = await openShop({ collector: collector.url, siteKey });
  const visitor = await context.newPage();
  await visitor.goto(shop.url);
  const kept = await visitor.waitForResponse(
    (response) => response.url().includes("/v1/batch") && response.ok(),
  );
  const since = Date.now();
  await kept.finished();
  await expect(site.locator("[data-heard=true]")).toBeVisible({
    timeout: 2_000,
  });
  const took = Date.now() - since;
  test
    .info()
    .annotations.push({ type: "first event", description: `${took} ms` });
  console.log(`first event on screen after ${took} ms`);
  expect(took).toBeLessThan(2_000);

  await visitor.close();
  await site.getByRole("button", { name: "Replace key" }).click();
  await site.getByRole("button", { name: "Make the new key" }).click();
  await expect(site).toContainText("works until");
  expect(await site.locator("pre").innerText()).not.toBe(tag);
  await site.getByRole("button", { name: "Remove Corner shop" }).click();
  const question = page.getByRole("dialog", { name: "Remove Corner shop?" });
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByTestId("site")).toHaveCount(1);

  await page.goto(`${collector.url}settings/audit?action=site`);
  const log = page.getByRole("list", { name: "Audit log" });
  await expect(log).toContainText("site.remove");
  await expect(log).toContainText("site.key");
  await expect(log).toContainText("site.add");
});

// Why: whoever is invited by a link that cannot be passed on never comes.
test("an admin invites somebody, changes the role and takes it back", async ({
  page,
  browser,
  collector,
}) => {
  await signIn(page, collector.url, "settings/team");
  await page.getByLabel("E-mail").fill("eve@shop.example");
  await page.getByLabel("Role", { exact: true }).selectOption("viewer");
  await page.getByRole("button", { name: "Invite" }).click();
  const link = await page.getByTestId("made-link").locator("pre").innerText();
  expect(link).toContain(`${collector.url}password#fh_link_`);
  const row = page
    .getByRole("listitem")
    .filter({ hasText: "eve@shop.example" });
  await expect(row).toContainText("no password yet");

  const other = await browser.newContext();
  const eve = await other.newPage();
  await eve.goto(link);
  await eve.getByLabel("New password").fill("a long password");
  await eve.getByRole("button", { name: "Save password" }).click();
  await expect(eve.getByText("Your password is saved")).toBeVisible();
  await other.close();

  const role = row.getByRole("combobox");
  await role.selectOption("manager");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(role).toHaveValue("viewer");
  await page.reload();
  await expect(role).toHaveValue("viewer");
  await row.getByRole("button", { name: "Remove" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "Remove" })
    .click();
  await expect(row).toHaveCount(0);
});

// Why: a secret that is shown twice is no secret, and one that was never seen is of no use.
test("a token is told once, works, and is revoked", async ({
  page,
  request,
  collector,
}) => {
  await signIn(page, collector.url, "settings/tokens");
  await page.getByRole("textbox", { name: "Name" }).fill("dashboard");
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText("Choose at least one.")).toBeVisible();
  await page.getByLabel("data health").check();
  await page.getByRole("button", { name: "Make token" }).click();
  const secret = await page
    .getByTestId("made-token")
    .locator("pre")
    .innerText();
  const ask = () =>
    request.get(`${collector.url}api/v1/delivery`, {
      headers: { authorization: `Bearer ${secret}` },
    });
  expect((await ask()).status()).toBe(200);
  await page.reload();
  await expect(
    page.getByRole("button", { name: "Revoke dashboard" }),
  ).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke dashboard" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "Revoke" })
    .click();
  await expect(page.getByText("No token works.")).toBeVisible();
  expect((await ask()).status()).toBe(401);
});

// Why: whoever asks to be forgotten has a right to all of it: rows, words of the index, files.
test("an admin erases a person, and nothing of them is left in any table, index or file", async ({
  page,
  collector,
}) => {
  const WORD = "zanzibarquux";
  const install = uuid();
  await post(collector, { install, score: 3, reason: `Slow ${WORD} checkout` });
  await post(collector, { score: 9, reason: "Quick" });
  await signIn(page, collector.url, "settings/people");
  const ask = async (path: string, data?: object) => {
    const how = { headers: { "sec-fetch-site": "same-origin" } };
    const answer = data
      ? await page.request.post(`${collector.url}api/v1/${path}`, {
          ...how,
          data,
        })
      : await page.request.get(`${collector.url}api/v1/${path}`);
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  };
  const { items } = await ask(`inbox?q=${WORD}`);
  expect(items).toHaveLength(1);
  await ask(`inbox/items/${items[0].response}/notes`, {
    text: `Call ${WORD} back`,
  });

  await page.getByLabel("Known by").selectOption("install");
  await page.getByLabel("Id", { exact: true }).fill(install);
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("responses")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export all of it" }).click();
  const exported = await readFile(await (await download).path(), "utf8");
  expect(exported).toContain(WORD);
  await page.getByRole("button", { name: "Erase all of it" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("responses: 1");
  await question.getByRole("button", { name: "Erase all of it" }).click();
  await expect(page.getByTestId("erased")).toContainText("written anew");
  expect((await ask(`inbox?q=${WORD}`)).items).toHaveLength(0);
  const log = await ask("audit?action=answerer");
  expect(log.items.map(({ action }: { action: string }) => action)).toEqual([
    "answerer.erase",
    "answerer.export",
  ]);

  await collector.stop();
  const tables = await query(
    collector.dataFolder,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  );
  expect(tables.map(({ name }) => name)).toContain("written_data");
  const bytes = Buffer.from(install.replaceAll("-", ""), "hex");
  const traces: string[] = [];
  for (const { name } of tables)
    for (const row of await query(
      collector.dataFolder,
      `SELECT * FROM "${name}"`,
    ))
      for (const value of Object.values(row)) {
        const cell = Buffer.from(
          value instanceof Uint8Array ? value : String(value),
        );
        // Words of the index are kept as pieces: what follows a common beginning.
        for (const trace of [WORD, WORD.slice(3), install])
          if (cell.includes(trace)) traces.push(`${name}: ${trace}`);
        if (cell.includes(bytes))
          traces.push(`${name}: id of the browser profile`);
      }
  expect(traces).toEqual([]);
  const files = await readdir(collector.dataFolder, {
    recursive: true,
    withFileTypes: true,
  });
  for (const file of files.filter((entry) => entry.isFile())) {
    const content = await readFile(join(file.parentPath, file.name));
    for (const trace of [WORD, WORD.slice(3), install])
      expect(content.includes(trace), `${file.name}: ${trace}`).toBe(false);
    expect(content.includes(bytes), `${file.name}: id`).toBe(false);
  }
});

// Why: "we keep answers for 30 days" is a promise to people, and nobody may delete by a slip of the pointer.
test("an admin has answers kept for 30 days, is told what goes, and it goes", async ({
  page,
  collector,
}) => {
  const responses = async () => {
    const sql = "SELECT count(*) AS n FROM response";
    return Number((await query(collector.dataFolder, sql))[0]?.["n"]);
  };
  await collector.stop();
  await collector.seed("--answers", "80", "--requests", "800", "--days", "60");
  const before = await responses();
  await collector.start({ env: { FIRSTHAND_KEEP_VITALS: "90d" } });
  await signIn(page, collector.url, "settings/project");
  const vitals = page.getByRole("row", { name: /keep_vitals/ });
  await expect(vitals).toContainText("90 days");
  await expect(vitals).toContainText("only in the configuration");
  await expect(vitals.getByRole("combobox")).toHaveCount(0);
  const answers = page.getByRole("combobox", { name: "Answers" });
  const question = page.getByRole("dialog");
  const save = page.getByRole("button", { name: "Save Answers" });
  await answers.selectOption("30 days");
  await save.click();
  await expect(question).toContainText("Answers: keep 30 days only?");
  await expect(question).toContainText("Their images and notes go with them.");
  const told = /for good: ([\d,]+)\./.exec(await question.innerText())?.[1];
  const goes = Number(told?.replaceAll(",", ""));
  expect(goes).toBeGreaterThan(0);
  expect(goes).toBeLessThan(before);
  await question.getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await expect(answers.locator("option:checked")).toHaveText("for good");

  // A question goes with its page.
  const sections = page.getByRole("navigation", { name: "Settings" });
  await sections.getByRole("link", { name: "Releases" }).click();
  await sections.getByRole("link", { name: "Project", exact: true }).click();
  await answers.selectOption("30 days");
  await save.click();
  await expect(question).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Flag it" })).toBeVisible();
  await expect(question).toHaveCount(0);
  await page.goForward();

  // Also what takes nothing away yet is asked about, and says when it was long ago.
  const images = page.getByRole("combobox", { name: "Images" });
  await images.selectOption("180 days");
  await page.getByRole("button", { name: "Save Images" }).click();
  await expect(question).toContainText("Nothing is older yet.");
  await question.getByRole("button", { name: "Delete what is older" }).click();
  await expect(page.getByText("Images: kept 180 days")).toBeVisible();

  await answers.selectOption("30 days");
  await save.click();
  await question.getByRole("button", { name: "Delete what is older" }).click();
  await expect(page.getByText("Answers: kept 30 days")).toBeVisible();
  await expect(answers.locator("option:checked")).toHaveText("30 days");
  await expect(save).toHaveCount(0);
  await expect(answers).toBeFocused();

  // Of two who choose, the second is told, also when the first was quicker than the answer to a question.
  const dismissals = page.getByRole("combobox", { name: "Dismissals" });
  await dismissals.selectOption("90 days");
  await page.getByRole("button", { name: "Save Dismissals" }).click();
  await expect(question).toBeVisible();
  const path = "api/v1/retention/keep_dismissals";
  const first = await page.request.put(collector.url + path, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { rev: 0, keep_ms: 200 * 24 * 3_600_000 },
  });
  expect(first.ok()).toBe(true);
  // It is asked every ten seconds how things are: the answer is about how they were.
  await page.waitForResponse(/api\/v1\/retention$/);
  await question.getByRole("button", { name: "Delete what is older" }).click();
  await expect(
    page.getByRole("row", { name: /keep_dismissals/ }),
  ).toContainText("Somebody else changed this meanwhile.");
  await expect(dismissals.locator("option:checked")).toHaveText("200 days");
  await page.goto(`${collector.url}settings/audit`);
  await expect(page.locator("main")).toContainText("keep_responses");
  // It tidies up as soon as it is started.
  await expect
    .poll(() => collector.count("response"), { intervals: [500] })
    .toBe(before - goes);
});

// Why: of two who edit promises neither may lose what they wrote, and a mistake is told where it is.
test("budgets are checked while they are written, and two editors keep both versions", async ({
  page,
  collector,
}) => {
  await signIn(page, collector.url, "settings/budgets");
  const text = page.getByLabel("Document (JSON)");
  const written = JSON.parse(await text.inputValue());
  await text.fill(
    JSON.stringify({ ...written, timezone: "Mars/Base" }, null, 2),
  );
  const finding = page.getByRole("list").filter({ hasText: "/timezone" });
  await expect(finding).toContainText("IANA");
  await finding.getByRole("button").click();
  const chosen = await text.evaluate((field: HTMLTextAreaElement) =>
    field.value.slice(field.selectionStart, field.selectionEnd),
  );
  expect(chosen).toBe('"Mars/Base"');
  await text.fill(
    JSON.stringify({ ...written, timezone: "Europe/Paris" }, null, 2),
  );
  await expect(finding).toHaveCount(0);

  const theirs = await page.request.put(`${collector.url}api/v1/budgets`, {
    headers: { "sec-fetch-site": "same-origin" },
    data: { ...written, timezone: "Asia/Tokyo" },
  });
  expect(theirs.ok()).toBe(true);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByTestId("theirs")).toContainText("Asia/Tokyo");
  expect(await text.inputValue()).toContain("Europe/Paris");
  await page
    .getByRole("button", { name: "Go on from theirs with mine" })
    .click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByTestId("toast")).toContainText(
    "Version 2 is in force",
  );

  await page.goto(`${collector.url}settings/maintenance`);
  await page.getByLabel("From").fill("2026-12-24T08:00");
  await page.getByLabel("To", { exact: true }).fill("2026-12-24T10:00");
  await page.getByLabel("Why").fill("Another database");
  await page.getByRole("button", { name: "Announce" }).click();
  const { items } = await (
    await page.request.get(`${collector.url}api/v1/maintenance`)
  ).json();
  expect(items[0].from_ms).toBe(Date.UTC(2026, 11, 24, 7));
  await page.goto(`${collector.url}settings/project`);
  await page.getByLabel("Name of the project").fill("Corner shop");
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.reload();
  await expect(page.locator("h1")).toHaveText(
    "Corner shop, by the clocks of Europe/Paris.",
  );
});

// Why: whoever asks what changed when the score fell needs to see what was shipped that day.
test("a release is flagged, stands in the trend, and goes again", async ({
  page,
  collector,
}) => {
  await post(collector, { score: 9, reason: "Quick" });
  await signIn(page, collector.url, "settings/releases");
  await expect(page.locator("h1")).toHaveText("No release is flagged yet.");
  await page.getByLabel("Name").fill("5.3.0");
  await page.getByLabel("What it changed").fill("A shorter checkout");
  await page.getByRole("button", { name: "Flag it" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "5.3.0" });
  await expect(row).toContainText("A shorter checkout");
  await expect(page.getByLabel("Name")).toHaveValue("");
  await page.goto(`${collector.url}scores`);
  await expect(page.locator("main")).toContainText("5.3.0");
  await page.goto(`${collector.url}settings/releases`);
  await row.getByRole("button", { name: "Remove" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: "Remove" })
    .click();
  await expect(row).toHaveCount(0);
});

// Why: whoever cannot see or point well sets things up too, and whoever reads must not lose the place.
test("every page of settings is clean for axe and stays where it is", async ({
  page,
  collector,
}) => {
  test.setTimeout(5 * 60_000);
  await post(collector, { score: 9, reason: "Quick" });
  await signIn(page, collector.url, "settings");
  let worst = 0;
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 320]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of PAGES) {
        await page.goto(`${collector.url}settings${path}`);
        await page.evaluate(() => {
          const shifts = { sum: 0 };
          Object.assign(window, { shifts });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries())
              shifts.sum += (
                entry as PerformanceEntry & { value: number }
              ).value;
          }).observe({ type: "layout-shift", buffered: true });
        });
        await expect(page.locator("h1.sentence")).toBeVisible();
        await expect(page.locator(".skeleton")).toHaveCount(0);
        await page.waitForTimeout(250);
        expect(
          await violations(page),
          `${path} ${colorScheme} ${width}`,
        ).toEqual([]);
        const shifted = await page.evaluate(
          () => (window as unknown as { shifts: { sum: number } }).shifts.sum,
        );
        worst = Math.max(worst, shifted);
        expect(shifted, `${path} ${colorScheme} ${width}`).toBeLessThanOrEqual(
          0.02,
        );
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth > window.innerWidth,
        );
        expect(wide, `${path} scrolls sideways at ${width}`).toBe(false);
      }
    }
  }
  console.log(`worst layout shift ${worst.toFixed(4)}`);
});
