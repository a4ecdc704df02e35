// Turns an entry of peers/ into the script that a page carries: one bundle, started while the page is parsed.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const PEERS = new URL("../peers/", import.meta.url);

/** The exact version that is installed, or undefined before `npm ci` in peers/. */
export async function versionOf(name) {
  const file = new URL(`node_modules/${name}/package.json`, PEERS);
  return existsSync(file)
    ? JSON.parse(await readFile(file, "utf8")).version
    : undefined;
}

/** A synchronous script in the head: where every one of these SDKs asks to be, for requests from the first on. */
export async function bundled(entry) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`entries/${entry}.js`, PEERS))],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"', "process.env": "{}" },
    write: false,
    logLevel: "error",
  });
  const body = result.outputFiles[0].text;
  return {
    files: new Map([["/peer.js", { type: "text/javascript", body }]]),
    head: () => '<script src="/peer.js"></script>',
  };
}
