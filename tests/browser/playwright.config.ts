// Turns a Chromium and the built binary into a run of the end-to-end tests, one at a time.

import { existsSync } from "node:fs";

import { defineConfig } from "@playwright/test";

const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const chromium =
  process.env["FIRSTHAND_CHROMIUM"] ??
  (existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined);

export default defineConfig({
  // The pictures of the documentation are made, not checked.
  testDir: process.env["PICTURES"] === undefined ? "specs" : "pictures",
  // Each test has its own collector, shop and data folder; two at a time would only share the CPU.
  workers: 1,
  retries: 0,
  forbidOnly: process.env["CI"] !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    screenshot: "only-on-failure",
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      ...(chromium !== undefined && { executablePath: chromium }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // A browser that calls itself headless is no person, and its answers count nowhere.
        "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
      ],
    },
  },
});
