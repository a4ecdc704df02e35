// Turns the command line into checked options.

import { parseArgs } from "node:util";

export const usage = `usage: node www/shop/server.mjs [options]
  --port PORT          port to listen on; 0 picks a free one (default 8788)
  --host HOST          address to listen on (default 127.0.0.1)
  --collector URL      where Firsthand's collector is; without it the pages carry no script tag
  --site-key KEY       the site's public key (default fh_demo_shop)
  --seed N             draws the same delays and failures on every run
  --calm               no failures and no long waits`;

/**
 * Reads `argv`; throws an error that names the option and what is wrong with it.
 * @param {string[]} argv
 */
export function readArguments(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: "string", default: "8788" },
      host: { type: "string", default: "127.0.0.1" },
      collector: { type: "string" },
      "site-key": { type: "string", default: "fh_demo_shop" },
      seed: { type: "string" },
      calm: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return {
    port: wholeNumber("port", values.port, 65535),
    host: values.host,
    collector:
      values.collector === undefined ? undefined : baseUrl(values.collector),
    siteKey: values["site-key"],
    seed:
      values.seed === undefined
        ? Math.floor(Math.random() * 2 ** 32)
        : wholeNumber("seed", values.seed, 2 ** 32 - 1),
    calm: values.calm,
    help: values.help,
  };
}

function wholeNumber(name, text, max) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > max) {
    throw new Error(
      `--${name}: expected a whole number from 0 to ${max}, got "${text}"`,
    );
  }
  return number;
}

function baseUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Error(`--collector: expected an http(s) URL, got "${text}"`);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
