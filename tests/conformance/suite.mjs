// Turns the folders of adapters and behaviours into lists, and a Chromium into one that runs them.

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

import bad from "./sdk/bad.mjs";
import bare from "./sdk/bare.mjs";
import { observer, wrapper } from "./sdk/controls.mjs";
import datadog from "./sdk/datadog.mjs";
import faro from "./sdk/faro.mjs";
import firsthand from "./sdk/firsthand.mjs";
import otel from "./sdk/otel.mjs";
import sentry from "./sdk/sentry.mjs";
import shim from "./sdk/shim.mjs";

export const adapters = [
  bare,
  bad,
  firsthand,
  shim,
  observer,
  wrapper,
  faro,
  sentry,
  datadog,
  otel,
];

const SYSTEM_CHROMIUM = "/usr/bin/chromium";

/** A Chromium with nothing of its own going on. */
export function launch(extra = []) {
  const path =
    process.env["FIRSTHAND_CHROMIUM"] ??
    (existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined);
  return chromium.launch({
    ...(path !== undefined && { executablePath: path }),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...extra,
    ],
  });
}

const ready = new Map();

/** What the pages of an SDK carry; built once. */
export function prepared(sdk) {
  if (!ready.has(sdk.id)) ready.set(sdk.id, sdk.prepare());
  return ready.get(sdk.id);
}

/** Ends what preparing has started. */
export async function release() {
  for (const sdk of adapters) {
    if (ready.has(sdk.id)) await (await ready.get(sdk.id)).stop?.();
  }
}
