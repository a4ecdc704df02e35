// Turns files of public/ and drawings into what a browser loads, under a strict content policy.

import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

import { products } from "./catalogue.mjs";
import { drawingOf, favicon } from "./drawing.mjs";

const PUBLIC = fileURLToPath(new URL("../public/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};
/** Addresses that the page's own router draws. */
const PAGES = [
  /^\/$/,
  /^\/products\/[\w-]+$/,
  /^\/cart$/,
  /^\/checkout$/,
  /^\/about$/,
];

/** @param {{collector?: URL, siteKey: string}} options */
export async function createPages({ collector, siteKey }) {
  const files = await readPublic();
  const page = files
    .get("/index.html")
    .body.toString()
    .replace("{{firsthand}}", () =>
      collector ? scriptTag(collector, siteKey) : "",
    );
  const policy = contentPolicy(collector);

  return async function pages(request, response, url) {
    if (request.method !== "GET" && request.method !== "HEAD")
      return end(response, 405);
    const file = files.get(url.pathname);
    if (file && url.pathname !== "/index.html") {
      return end(response, 200, file.body, { "content-type": file.type });
    }
    const known = PAGES.some((path) => path.test(url.pathname));
    if (!known && extname(url.pathname) !== "") return end(response, 404);
    end(response, known ? 200 : 404, page, {
      "content-type": TYPES[".html"],
      "content-security-policy": policy,
      "referrer-policy": "strict-origin-when-cross-origin",
    });
  };
}

/** Everything is read once: a path that is not a key of this map cannot be asked for. */
async function readPublic() {
  const files = new Map();
  const entries = await readdir(PUBLIC, {
    recursive: true,
    withFileTypes: true,
  });
  for (const entry of entries.filter((e) => e.isFile())) {
    const folder = entry.parentPath ?? entry.path;
    const path = `${folder}/${entry.name}`.replace(/\/+/g, "/");
    const name = `/${path.slice(PUBLIC.length)}`;
    files.set(name, { body: await readFile(path), type: TYPES[extname(path)] });
  }
  for (const product of products) {
    files.set(`/drawings/${product.id}.svg`, {
      body: drawingOf(product),
      type: TYPES[".svg"],
    });
  }
  files.set("/favicon.svg", { body: favicon(), type: TYPES[".svg"] });
  return files;
}

function scriptTag(collector, siteKey) {
  const src = attribute(new URL("sdk.js", collector).href);
  return `<script async crossorigin src="${src}" data-site-key="${attribute(siteKey)}"></script>`;
}

function attribute(text) {
  return text
    .replace(/&/g, "&amp;")
    .replace(/"/g, "&quot;")
    .replace(/</g, "&lt;");
}

/** Nothing inline, nothing evaluated: what a careful shop sends, and what Firsthand has to live with. */
function contentPolicy(collector) {
  const guest = collector ? ` ${collector.origin}` : "";
  return [
    "default-src 'none'",
    `script-src 'self'${guest}${guest && " 'wasm-unsafe-eval'"}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${guest}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function end(response, status, body = "", headers = {}) {
  response.writeHead(status, {
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
