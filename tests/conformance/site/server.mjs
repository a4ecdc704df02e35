// Turns three loopback ports into an application, a foreign API and a sink for what SDKs upload.

import { once } from "node:events";
import { createServer } from "node:http";

import { answer } from "./endpoints.mjs";
import { receive } from "./sink.mjs";

/** @typedef {import("./sink.mjs").Upload} Upload */

/**
 * What the application or the foreign API saw of one request.
 * @typedef {object} Hit
 * @property {"app" | "other"} at
 * @property {string} method
 * @property {string} path
 * @property {URLSearchParams} query
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {Buffer} body
 * @property {number} sent bytes of the answer that the connection took
 * @property {number | undefined} closedMs when the client closed the connection before the end, on `performance.now()`
 */

/** One application with its neighbours; every check has one of its own, so that nothing is counted twice. */
export class Site {
  /** @type {Hit[]} */
  hits = [];
  /** @type {Upload[]} */
  uploads = [];
  /** OPTIONS requests that the sink got: the price of an upload that is no simple request. */
  sinkPreflights = 0;
  /** Uploads that wait for their answer, now and at most so far. */
  inFlight = 0;
  inFlightMost = 0;
  /** How long the sink waits before it answers, in ms. */
  sinkDelayMs = 0;
  /** What the sink hands on to, when the SDK needs more than somebody who says yes. @type {URL | undefined} */
  collector;
  /** Further files by path: bundles of SDKs, pages. @type {Map<string, { type: string, body: string | Buffer }>} */
  files = new Map();
  #servers = [];

  static async start() {
    const site = new Site();
    site.app = await site.#listen((request, response) =>
      answer(site, "app", request, response),
    );
    site.other = await site.#listen((request, response) =>
      answer(site, "other", request, response),
    );
    site.sink = await site.#listen((request, response) =>
      receive(site, request, response),
    );
    site.closed = await closedPort();
    return site;
  }

  async #listen(listener) {
    const server = createServer(listener);
    // Chromium keeps connections; a check that waits a little must not meet a closed one.
    server.keepAliveTimeout = 60_000;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#servers.push(server);
    return `http://127.0.0.1:${server.address().port}`;
  }

  /** Requests for a path, in the order of arrival. */
  to(path, method) {
    return this.hits.filter(
      (hit) =>
        hit.path === path && (method === undefined || hit.method === method),
    );
  }

  async stop() {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

/** An origin on which nobody listens: connections are refused. */
async function closedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}
