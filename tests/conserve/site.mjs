// Turns a proxy into a product page that carries our script tag, with an API behind it that is not always well.

import { once } from "node:events";
import { createServer } from "node:http";

import { SITE_KEY } from "./collector.mjs";

export class Site {
  /** Page loads so far: each has its own way to the collector, see the proxy. */
  loads = 0;

  static async start(proxy) {
    const it = new Site();
    it.server = createServer((request, response) => {
      const { pathname } = new URL(request.url, "http://site");
      if (pathname.startsWith("/api/")) return api(pathname, response);
      if (pathname === "/favicon.ico") return response.writeHead(204).end();
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      return response.end(it.#page(proxy.url));
    });
    it.server.listen(0, "127.0.0.1");
    await once(it.server, "listening");
    it.url = `http://127.0.0.1:${it.server.address().port}/`;
    return it;
  }

  #page(proxy) {
    const load = ++this.loads;
    return `<!doctype html><html lang="en"><title>A page</title>
<script>window.conserveLoad = ${load}; window.firsthand = [];</script>
<script async crossorigin src="${proxy}/sdk.js" data-site-key="${SITE_KEY}" data-endpoint="${proxy}/l${load}/"></script>
<h1>A page</h1>`;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

/** `/api/STATUS/MS/…` answers with this status after this time, by our clock; 0 breaks off. */
function api(pathname, response) {
  const [, , status, ms] = pathname.split("/").map(Number);
  setTimeout(() => {
    if (status === 0) return response.destroy();
    response.writeHead(status, { "content-type": "application/json" });
    return response.end("{}");
  }, ms);
}
