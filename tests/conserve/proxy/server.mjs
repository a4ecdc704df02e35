// Turns a collector into one that is reached over a bad network: everything passes here, batches with faults.
//
// Every page load has a path of its own, `/l7/v1/batch`, so that it is known who sends.

import { once } from "node:events";
import { createServer, request as send } from "node:http";

import { Exchange } from "./exchange.mjs";
import { Ledger } from "./ledger.mjs";

export class Proxy {
  ledger = new Ledger();
  batches = 0;
  /** Whether faults happen: not any more at the end. */
  rough = true;
  /** Page loads with batches on their way, and how many. */
  #under = new Map();
  lastAt = performance.now();

  /**
   * @param {object} of
   * @param {() => string} of.collector its address now
   * @param {import("../random.mjs").Random} of.random
   * @param {Record<string, number>} of.weights of faults; `none` is one of them
   * @param {(item: import("./ledger.mjs").Known) => boolean} of.isPoison whether it is bad for good
   * @param {Record<string, Function>} of.known faults by name
   */
  static async start(of) {
    const it = Object.assign(new Proxy(), of);
    it.server = createServer((request, response) => {
      it.#hear(request, response).catch((error) => {
        it.ledger.faults.push(`the proxy failed: ${error.stack}`);
        response.destroy();
      });
    });
    it.server.listen(0, "127.0.0.1");
    await once(it.server, "listening");
    it.url = `http://127.0.0.1:${it.server.address().port}`;
    return it;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** Whether no batch is on its way. */
  get isQuiet() {
    return this.#under.size === 0;
  }

  left(load) {
    this.lastAt = performance.now();
    const n = this.#under.get(load) - 1;
    if (n > 0) this.#under.set(load, n);
    else this.#under.delete(load);
  }

  async #hear(request, response) {
    const found = /^\/l(\d+)(\/.*)$/.exec(request.url);
    const load = Number(found?.[1] ?? 0);
    const url = new URL(found?.[2] ?? request.url, "http://proxy");
    if (request.method === "OPTIONS") this.ledger.count("OPTIONS");
    const bytes = await whole(request);
    // The page broke off while it sent: nothing has arrived.
    if (bytes === undefined) return response.destroy();
    if (request.method === "POST" && url.pathname === "/v1/batch")
      return this.#batch({
        load,
        url,
        headers: request.headers,
        bytes,
        response,
      });
    return this.#through(request, url, bytes, response);
  }

  async #batch(given) {
    this.#under.set(given.load, (this.#under.get(given.load) ?? 0) + 1);
    const exchange = new Exchange(this, given);
    // What is bad for good stays bad when the network is well again.
    if (exchange.isPoisoned()) {
      this.ledger.count(this.poisonName);
      return this.known[this.poisonName](exchange);
    }
    const name = this.rough ? exchange.random.weighted(this.weights) : "none";
    if (name === "none") return exchange.pass(await exchange.forward());
    this.ledger.count(name);
    return this.known[name](exchange);
  }

  #through(request, url, bytes, response) {
    const to = new URL(url.pathname + url.search, this.collector());
    const { method, headers } = request;
    const onward = send(
      to,
      { method, headers: { ...headers, host: to.host } },
      (came) => {
        response.writeHead(came.statusCode, came.headers);
        came.pipe(response);
        came.on("error", () => response.destroy());
      },
    );
    onward.on("error", () => response.destroy());
    onward.end(bytes);
  }
}

/** All bytes of a request; none when it broke off. */
async function whole(request) {
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
