// Turns a request to the application or the foreign API into the answer that its query asks for.
//
// | path | answer |
// |---|---|
// | a file of the site | that file |
// | `/echo` | method, headers and body of the request, as JSON |
// | `/endless` | bytes as fast as the connection takes them, until it is closed |
// | `/drip` | `n` chunks, `gap` ms apart |
// | `/redirect` | 302 to `to` |
// | any other | JSON of `size` bytes with `status`, after `ms`; the last byte `body` ms after the headers |
//
// `cors=0` leaves CORS headers out, `tao=1` opens the timing to other origins, `cache=N` makes the answer fresh for N s.

import { setTimeout as sleep } from "node:timers/promises";

import { body, corsHeaders } from "./http.mjs";

/** Headers that the foreign API lets pages send; everything else is refused, as strict APIs do. */
const ALLOWED_HEADERS = "x-app, content-type";

const CHUNK = Buffer.alloc(65_536, "x");

export async function answer(site, at, request, response) {
  const url = new URL(request.url, "http://127.0.0.1");
  const hit = {
    at,
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.alloc(0),
    sent: 0,
    closedMs: undefined,
  };
  site.hits.push(hit);
  response.on("close", () => {
    if (!response.writableFinished) hit.closedMs = performance.now();
  });
  const common =
    url.searchParams.get("cors") === "0"
      ? {}
      : corsHeaders(request, ALLOWED_HEADERS);
  if (url.searchParams.get("tao") === "1") common["timing-allow-origin"] = "*";
  if (request.method === "OPTIONS") {
    response.writeHead(204, common).end();
    return;
  }
  hit.body = await body(request);
  const file = site.files.get(url.pathname);
  if (file !== undefined) {
    response
      .writeHead(200, {
        ...common,
        "content-type": file.type,
        "cache-control": "no-store",
      })
      .end(file.body);
    return;
  }
  const special = SPECIAL[url.pathname] ?? json;
  await special({ url, hit, request, response, common });
}

const SPECIAL = {
  "/echo": echo,
  "/endless": endless,
  "/drip": drip,
  "/redirect": redirect,
};

async function echo({ hit, response, common }) {
  const { method, headers } = hit;
  const said = JSON.stringify({
    method,
    headers,
    body: hit.body.toString("latin1"),
  });
  response
    .writeHead(200, { ...common, "content-type": "application/json" })
    .end(said);
}

async function endless({ url, hit, response, common }) {
  const type = url.searchParams.get("type") ?? "application/octet-stream";
  response.writeHead(200, { ...common, "content-type": type });
  const gone = new Promise((done) => response.once("close", done));
  while (!response.destroyed) {
    const room = response.write(CHUNK);
    hit.sent += CHUNK.length;
    if (!room) await Promise.race([drained(response), gone]);
    // Others are served meanwhile.
    await new Promise(setImmediate);
  }
}

function drained(response) {
  return new Promise((done) => response.once("drain", done));
}

async function drip({ url, hit, response, common }) {
  const chunks = Number(url.searchParams.get("n") ?? 5);
  const gap = Number(url.searchParams.get("gap") ?? 150);
  response.writeHead(200, {
    ...common,
    "content-type": url.searchParams.get("type") ?? "video/x-flv",
  });
  response.flushHeaders();
  for (let i = 0; i < chunks && !response.destroyed; i++) {
    await sleep(gap);
    response.write(`chunk ${i}\n`.padEnd(2_048, "."));
    hit.sent += 2_048;
  }
  response.end();
}

async function redirect({ url, response, common }) {
  response
    .writeHead(302, { ...common, location: url.searchParams.get("to") })
    .end();
}

async function json({ url, hit, response, common }) {
  const number = (name, otherwise) =>
    Number(url.searchParams.get(name) ?? otherwise);
  await sleep(number("ms", 0));
  const status = number("status", 200);
  const cache = url.searchParams.has("cache")
    ? `max-age=${number("cache", 0)}`
    : "no-store";
  const headers = {
    ...common,
    "content-type": "application/json",
    "cache-control": cache,
  };
  if (status === 204) {
    response.writeHead(204, headers).end();
    return;
  }
  const text = JSON.stringify({
    path: hit.path,
    filler: "x".repeat(Math.max(0, number("size", 64) - 64)),
  });
  response.writeHead(status, {
    ...headers,
    "content-length": Buffer.byteLength(text),
  });
  const bodyMs = number("body", 0);
  if (bodyMs > 0) {
    response.write(text.slice(0, -1));
    await sleep(bodyMs);
    response.end(text.slice(-1));
  } else {
    response.end(text);
  }
  hit.sent += text.length;
}
