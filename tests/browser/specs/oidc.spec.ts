// Turns accounts of a real OpenID provider into who is let in, and who is told why not.

import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { ADMIN, Collector } from "../fixtures/collector.ts";
import { signIn } from "../fixtures/console.ts";
import { CLIENT, OpenIdProvider } from "../fixtures/provider.ts";
import { expect, test as base } from "../fixtures/test.ts";

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const test = base.extend<{ world: { url: string; provider: OpenIdProvider } }>({
  world: async ({}, use) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const provider = await OpenIdProvider.start(
      () => `${url}api/v1/oidc/return`,
    );
    const collector = await Collector.prepare({
      siteKey: "fh_e2e_shop",
      origins: ["http://127.0.0.1:*"],
    });
    await collector.start({
      port,
      env: {
        FIRSTHAND_PUBLIC_URL: url,
        FIRSTHAND_OIDC_ISSUER: provider.issuer,
        FIRSTHAND_OIDC_CLIENT_ID: CLIENT.id,
        FIRSTHAND_OIDC_CLIENT_SECRET: CLIENT.secret,
        FIRSTHAND_OIDC_NAME: "Shop login",
        FIRSTHAND_OIDC_DOMAINS: "staff.example",
      },
    });
    await use({ url, provider });
    await collector.remove();
    await provider.stop();
  },
});

// Why: whoever was invited comes in as who they are, and lands where they wanted to go.
test("somebody who was invited signs in by the provider, with PKCE", async ({
  page,
  world: { url, provider },
}) => {
  provider.is({ subject: "1", email: ADMIN.email, verified: true });
  await page.goto(`${url}settings/team?x=1`);
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  await expect(page).toHaveURL(/settings\/team\?x=1$/);
  await expect(
    page.getByRole("listitem").filter({ hasText: ADMIN.email }),
  ).toContainText("you");
  expect(provider.exchanges).toEqual([true]);
  const cookies = await page.context().cookies(url);
  const session = cookies.find(
    ({ name }) => name !== "firsthand_oidc" && name.startsWith("firsthand"),
  );
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });

  // The address may be another one by now; the person is the same.
  await page.context().clearCookies();
  provider.is({
    subject: "1",
    email: "renamed@elsewhere.example",
    verified: true,
  });
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  await expect(page.locator("header.rail")).toContainText(ADMIN.email);

  // Somebody else who got the address is nobody here.
  await page.context().clearCookies();
  provider.is({ subject: "2", email: ADMIN.email, verified: true });
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  await expect(page.getByRole("alert")).toContainText("was invited");
});

// Why: a provider knows many people; only those of a domain that was named, or invited, belong here.
test("a stranger is told so, a colleague of the domain becomes a viewer", async ({
  page,
  world: { url, provider },
}) => {
  provider.is({ subject: "3", email: "eve@elsewhere.example", verified: true });
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  await expect(page.getByRole("alert")).toContainText(
    "Nobody with this e-mail address was invited",
  );

  await page.context().clearCookies();
  provider.is({ subject: "4", email: "bo@staff.example", verified: false });
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  await expect(page.getByRole("alert")).toContainText(
    "no verified e-mail address",
  );

  await page.context().clearCookies();
  provider.is({ subject: "4", email: "Bo@Staff.example", verified: true });
  await page.goto(url);
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  await expect(page.locator("header.rail")).toContainText("bo@staff.example");
  await page.goto(`${url}settings/team`);
  await expect(
    page.getByText("This page takes the role Admin; yours is Viewer"),
  ).toBeVisible();

  await page.context().clearCookies();
  await signIn(page, url, "settings/audit?action=person");
  await expect(page.getByRole("list", { name: "Audit log" })).toContainText(
    "person.join",
  );
});

// Why: an attempt that somebody else began must never sign anybody in as them.
test("an attempt ends only in the browser that began it, and once", async ({
  page,
  browser,
  request,
  world: { url, provider },
}) => {
  provider.is({ subject: "1", email: ADMIN.email, verified: true });
  await page.goto(url);
  const back = page.waitForRequest((asked) =>
    asked.url().includes("/api/v1/oidc/return"),
  );
  await page.getByRole("link", { name: "Sign in with Shop login" }).click();
  const address = (await back).url();
  await expect(page.locator("header.rail nav")).toBeVisible();

  const other = await browser.newContext();
  const thief = await other.newPage();
  await thief.goto(address);
  await expect(thief.getByRole("alert")).toContainText("another browser");
  await other.close();
  const forged = await request.get(`${url}api/v1/oidc/return?state=x&code=y`, {
    maxRedirects: 0,
  });
  expect(forged.status()).toBe(303);
  expect(forged.headers()["location"]).toBe("/#oidc=stale");
  const led = await request.get(`${url}api/v1/oidc/begin?to=//evil.test`, {
    maxRedirects: 0,
  });
  expect(led.headers()["location"]).toContain("code_challenge_method=S256");
  expect(led.headers()["location"]).toMatch(/[?&]nonce=/);
});
