// Turns one batch of one page load into an answer, and into what the ledger has to know of it.

import { request as send } from "node:http";
import { gunzipSync } from "node:zlib";

/** Headers of a body that are not to be handed on when it is another. */
const OF_THE_BODY = /^(content-length|transfer-encoding|connection)$/i;

/** One batch between a page and the collector. */
export class Exchange {
  #said = [];
  #done = false;

  /** @param {object} of the seed's proxy: its ledger, clock and choices, where the collector is */
  constructor(proxy, { load, url, headers, bytes, response }) {
    Object.assign(this, { proxy, load, url, headers, response });
    const { ledger } = proxy;
    this.speed = proxy.speed;
    this.pageNow = proxy.pageNow;
    this.random = proxy.random.named(`batch ${proxy.batches++}`);
    this.isPacked = url.searchParams.get("z") === "gz";
    try {
      this.text = (this.isPacked ? gunzipSync(bytes) : bytes).toString();
    } catch {
      ledger.faults.push(`load ${load} sent gzip that is none`);
      this.text = "";
    }
    this.lines = this.text.split("\n").filter(Boolean);
    this.items = ledger.sent(load, this.text, url.searchParams);
    this.bytes = bytes;
    response.on("close", () => this.#closed());
  }

  isPoisoned() {
    return this.items.some(this.proxy.isPoison);
  }

  /** Has the collector keep these items, or all; gives its answer. */
  async forward(items = this.items) {
    if (items.length === this.items.length) return this.#ask(this.bytes);
    const ids = new Set(items.map(({ id }) => id));
    const isOne = (line) => ids.has(JSON.parse(line).id);
    const [header, ...lines] = this.lines;
    return this.forwardText([header, ...lines.filter(isOne)].join("\n") + "\n");
  }

  forwardText(text) {
    return this.#ask(Buffer.from(text), { z: "-" });
  }

  #ask(bytes, query = {}) {
    const url = new URL(
      this.url.pathname + this.url.search,
      this.proxy.collector(),
    );
    for (const [name, value] of Object.entries(query))
      url.searchParams.set(name, value);
    const kept = Object.entries(this.headers).filter(
      ([name]) => !OF_THE_BODY.test(name),
    );
    const headers = { ...Object.fromEntries(kept), host: url.host };
    return new Promise((resolve) => {
      const onward = send(url, { method: "POST", headers }, async (came) => {
        try {
          const chunks = [];
          for await (const chunk of came) chunks.push(chunk);
          const body = Buffer.concat(chunks).toString();
          resolve({ status: came.statusCode, headers: came.headers, body });
        } catch {
          resolve({ status: 0 });
        }
      });
      // The collector is down: what the page sees is a broken connection.
      onward.on("error", () => resolve({ status: 0 }));
      onward.end(bytes);
    });
  }

  /** Hands the collector's answer on. */
  pass({ status, headers, body }) {
    if (status === 0) return this.cut();
    const kept = Object.entries(headers).filter(
      ([name]) => !OF_THE_BODY.test(name),
    );
    return this.#write(status, Object.fromEntries(kept), body);
  }

  /** Answers in the collector's place, so that a page may read it. */
  answer(status, headers, body) {
    const { origin } = this.headers;
    const cors = {
      "access-control-allow-origin": origin ?? "*",
      "access-control-expose-headers": "Retry-After",
    };
    return this.#write(status, { ...cors, ...headers }, body);
  }

  #write(status, headers, body) {
    this.#note(status, body);
    this.response.writeHead(status, {
      ...headers,
      "content-length": Buffer.byteLength(body),
    });
    this.response.end(body);
  }

  #note(status, body) {
    if (status !== 200) return;
    try {
      const { r, err = [] } = JSON.parse(body);
      const { ledger } = this.proxy;
      this.#said = ledger.answered(this.load, this.items, r);
      for (const [idx, ...why] of err) this.#said[idx].why = why.join(": ");
    } catch {
      // Not an answer of the collector: nobody may believe it.
    }
  }

  /** Sends the head and half of the body, then nothing. */
  half({ status, headers, body }) {
    if (status === 0) return this.cut();
    const length = Buffer.byteLength(body);
    this.response.writeHead(status, { ...headers, "content-length": length });
    this.response.write(body.slice(0, length / 2), () => this.cut());
  }

  cut() {
    this.response.destroy();
  }

  #closed() {
    if (this.#done) return;
    this.#done = true;
    const heard = this.response.writableFinished;
    for (const said of this.#said) said.heard = heard;
    this.proxy.left(this.load);
  }
}
