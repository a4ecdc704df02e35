// Turns the name of a browser into one that runs, with pages that hear what the plan needs.
//
// One library drives both: Chromium by its own protocol, a distribution's Firefox by WebDriver BiDi. What BiDi cannot do
// (crash the process of a page) Firefox is not asked to, and the plan says so.

import { existsSync } from "node:fs";

import puppeteer from "puppeteer-core";

const SYSTEM = {
  chromium: "/usr/bin/chromium",
  firefox: "/usr/bin/firefox-esr",
};

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser with nothing of its own going on. */
export function launch(name) {
  const path = process.env[`FIRSTHAND_${name.toUpperCase()}`] ?? SYSTEM[name];
  if (!existsSync(path))
    throw new Error(
      `there is no ${name} at ${path}: cargo xtask conserve installs one`,
    );
  const common = {
    executablePath: path,
    headless: true,
    // Starting takes as long as a busy machine makes it; steps and seeds have limits of their own.
    protocolTimeout: 120_000,
    // It would end the browser and leave us waiting for it, see `run.mjs`.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
  if (name === "firefox")
    return puppeteer.launch({
      ...common,
      browser: "firefox",
      extraPrefsFirefox: {
        // Tabs of one window are behind each other; a plan's tabs are not.
        "dom.min_background_timeout_value": 4,
        "dom.min_background_timeout_value_without_budget_throttling": 4,
        "dom.timeout.enable_budget_timer_throttling": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
      },
    });
  return puppeteer.launch({
    ...common,
    browser: "chrome",
    args: QUIET,
    // Pages come back from it in real life, too.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
}

/** Ends the process of a page as a crash would; only Chromium can be asked to. */
export async function crash(page) {
  const session = await page.createCDPSession();
  // Never answered: who would answer is gone.
  session.send("Page.crash").catch(() => undefined);
}
