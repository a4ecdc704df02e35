// Turns whatever an SDK uploads into an entry of the site's list, and an answer that contents it.

import { request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, inflateSync } from "node:zlib";

import { body, corsHeaders } from "./http.mjs";

/**
 * One request that an SDK sent.
 * @typedef {object} Upload
 * @property {string} method
 * @property {URL} url
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {number} bytes of the body, as on the wire
 * @property {string} text the body without its compression
 * @property {number} atMs on `performance.now()`
 */

export async function receive(site, request, response) {
  const common = corsHeaders(request, "*");
  if (request.method === "OPTIONS") {
    site.sinkPreflights += 1;
    if (site.collector !== undefined)
      return handOn(site, request, Buffer.alloc(0), response);
    response.writeHead(204, common).end();
    return;
  }
  if (request.method === "POST") {
    site.inFlight += 1;
    site.inFlightMost = Math.max(site.inFlightMost, site.inFlight);
    response.once("close", () => (site.inFlight -= 1));
  }
  const url = new URL(request.url, "http://127.0.0.1");
  const bytes = await body(request);
  const atMs = performance.now();
  if (bytes.length > 0) {
    site.uploads.push({
      method: request.method,
      url,
      headers: request.headers,
      bytes: bytes.length,
      text: plain(bytes),
      atMs,
    });
  }
  await sleep(site.sinkDelayMs);
  if (site.collector !== undefined)
    return handOn(site, request, bytes, response);
  response
    .writeHead(200, { ...common, "content-type": "application/json" })
    .end("{}");
}

/** To the real collector, whose answer goes back as it is. */
function handOn(site, request, bytes, response) {
  const headers = { ...request.headers, host: site.collector.host };
  const onward = send(
    new URL(request.url, site.collector),
    { method: request.method, headers },
    (came) => {
      response.writeHead(came.statusCode, came.headers);
      came.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  onward.end(bytes);
}

/** Recognised by its first bytes: beacons have no header that would tell. */
function plain(bytes) {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b)
      return gunzipSync(bytes).toString();
    if (bytes[0] === 0x78) return inflateSync(bytes).toString();
  } catch {
    // Not compressed after all.
  }
  return bytes.toString();
}
