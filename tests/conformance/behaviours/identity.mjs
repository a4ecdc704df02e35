// Turns what users of other SDKs reported about arguments, answers and errors into checks: they stay the page's own.

import { must } from "../site/visit.mjs";

/** `(module)`: the smallest module there is. */
const EMPTY_MODULE = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

const streaming = {
  number: 4,
  issues: ["open-telemetry/opentelemetry-js#6518"],
  says: "WebAssembly compiles from a wrapped fetch",
  harmless: true,
  async check(visit) {
    visit.site.files.set("/empty.wasm", {
      type: "application/wasm",
      body: EMPTY_MODULE,
    });
    await visit.open();
    const failed = await visit.run(async () => {
      try {
        await WebAssembly.compileStreaming(fetch("/empty.wasm"));
        await WebAssembly.instantiateStreaming(await fetch("/empty.wasm"));
      } catch (error) {
        return String(error);
      }
      return undefined;
    });
    must(failed === undefined, failed);
  },
};

const response = {
  number: 5,
  issues: ["open-telemetry/opentelemetry-js#6243"],
  says: "url, type, redirected and the object itself are those of the browser",
  harmless: true,
  async check(visit) {
    await visit.open();
    const found = await visit.run(async (other) => {
      const wrong = [];
      const expect = (name, actual, expected) => {
        if (actual !== expected) wrong.push(`${name} is ${actual}`);
      };
      const promise = fetch("/redirect?to=/api/identity/end");
      expect("the promise's constructor", promise.constructor, Promise);
      const moved = await promise;
      expect(
        "url after a redirect",
        new URL(moved.url || "x:").pathname,
        "/api/identity/end",
      );
      expect("redirected", moved.redirected, true);
      expect("type", moved.type, "basic");
      expect("the prototype", Object.getPrototypeOf(moved), Response.prototype);
      expect("the number of own properties", Reflect.ownKeys(moved).length, 0);
      // Reads the object's inside: a stand-in has none.
      const brand = Object.getOwnPropertyDescriptor(
        Response.prototype,
        "status",
      ).get;
      try {
        expect("status", brand.call(moved), 200);
      } catch (error) {
        wrong.push(`the object is a stand-in (${error.message})`);
      }
      const foreign = await fetch(`${other}/api/identity/cors`);
      expect("type from another origin", foreign.type, "cors");
      const opaque = await fetch(`${other}/api/identity/opaque?cors=0`, {
        mode: "no-cors",
      });
      expect("type without CORS", opaque.type, "opaque");
      const manual = await fetch("/redirect?to=/api/identity/end", {
        redirect: "manual",
      });
      expect(
        "type of a redirect that is not followed",
        manual.type,
        "opaqueredirect",
      );
      return wrong;
    }, visit.site.other);
    must(found.length === 0, found.join("; "));
  },
};

const request = {
  number: 7,
  issues: [
    "open-telemetry/opentelemetry-js#6421",
    "elastic/apm-agent-rum-js#1396",
    "elastic/apm-agent-rum-js#1288",
  ],
  says: "whatever fetch takes arrives unchanged: URL objects, Request with init, headers, bodies; what it rejects it rejects",
  harmless: true,
  async check(visit) {
    await visit.open();
    const found = await visit.run(async () => {
      const wrong = [];
      const expect = (name, actual, expected) => {
        if (actual !== expected)
          wrong.push(`${name}: ${actual} instead of ${expected}`);
      };
      const echo = async (...args) => (await fetch(...args)).json();
      const guarded = async (name, run) => {
        try {
          await run();
        } catch (error) {
          wrong.push(`${name}: ${error}`);
        }
      };
      await guarded("URL object", async () => {
        const it = await echo(new URL("/echo", location.href), {
          method: "POST",
          body: "a",
          headers: { "x-app": "1" },
        });
        expect("method with a URL object", it.method, "POST");
        expect("body with a URL object", it.body, "a");
        expect("header with a URL object", it.headers["x-app"], "1");
      });
      await guarded("Request and init", async () => {
        const base = new Request("/echo", {
          method: "POST",
          body: "a",
          headers: { "x-app": "1", "x-old": "1" },
        });
        const it = await echo(base, {
          method: "PUT",
          body: "b",
          headers: new Headers({ "x-app": "2" }),
        });
        expect("method of init", it.method, "PUT");
        expect("body of init", it.body, "b");
        expect("header of init", it.headers["x-app"], "2");
        expect("header that init replaced", it.headers["x-old"], undefined);
      });
      await guarded("Request", async () => {
        const base = new Request("/echo", { method: "POST", body: "a" });
        const it = await echo(base);
        expect("body of a Request", it.body, "a");
        expect("whether the Request is used", base.bodyUsed, true);
      });
      await guarded("object", async () => {
        const it = await echo({ toString: () => "/echo" });
        expect("method by default", it.method, "GET");
      });
      await guarded("form", async () => {
        const form = new FormData();
        form.set("name", "value");
        const it = await echo("/echo", { method: "POST", body: form });
        expect(
          "type of a form",
          it.headers["content-type"].startsWith("multipart/form-data"),
          true,
        );
      });
      await guarded("detached", async () => {
        const { fetch: detached } = window;
        await detached("/echo");
        await Reflect.apply(window.fetch, undefined, ["/echo"]);
      });
      for (const [name, call] of [
        ["a bad URL", () => fetch("http://")],
        [
          "a stream without duplex",
          () => fetch("/echo", { method: "POST", body: new ReadableStream() }),
        ],
      ]) {
        try {
          const error = await call().then(
            () => undefined,
            (error) => error,
          );
          expect(`rejection of ${name}`, error instanceof TypeError, true);
        } catch (error) {
          wrong.push(`${name} is thrown instead of rejected`);
        }
      }
      const xhr = await new Promise((done) => {
        const it = new XMLHttpRequest();
        it.open("PATCH", new URL("/echo", location.href));
        it.setRequestHeader("x-app", "3");
        it.responseType = "json";
        it.onload = () => done(it);
        it.onerror = () => done(it);
        it.send("c");
      });
      expect("method of XHR", xhr.response?.method, "PATCH");
      expect("body of XHR", xhr.response?.body, "c");
      return wrong;
    });
    must(found.length === 0, found.join("; "));
  },
};

const errors = {
  number: 10,
  issues: ["getsentry/sentry-javascript#18449"],
  says: "errors are the browser's own, message and all, and each unhandled rejection is told once",
  harmless: true,
  async check(visit) {
    await visit.open();
    const found = await visit.run(async (closed) => {
      const wrong = [];
      const frame = document.body.appendChild(document.createElement("iframe"));
      const native = await host.error(
        frame.contentWindow.fetch(`${closed}/api/refused`),
      );
      const error = await host.error(fetch(`${closed}/api/refused`));
      if (!(error instanceof TypeError)) wrong.push(`the error is ${error}`);
      if (error?.message !== native.message)
        wrong.push(`the message is "${error?.message}"`);
      if (Object.keys(error ?? {}).length > 0)
        wrong.push(`the error has got ${Object.keys(error)}`);

      const reason = { mine: true };
      const end = new AbortController();
      setTimeout(() => end.abort(reason), 50);
      const aborted = await host.error(
        fetch("/api/errors/aborted?ms=500", { signal: end.signal }),
      );
      if (aborted !== reason)
        wrong.push(`abort(reason) rejects with ${aborted}`);
      const timeout = await host.error(
        fetch("/api/errors/timeout?ms=500", {
          signal: AbortSignal.timeout(50),
        }),
      );
      if (timeout?.name !== "TimeoutError")
        wrong.push(`a time limit rejects with ${timeout?.name}`);

      let unhandled = 0;
      addEventListener("unhandledrejection", (event) => {
        unhandled += 1;
        event.preventDefault();
      });
      void fetch(`${closed}/api/errors/uncaught`);
      await host.sleep(300);
      if (unhandled !== 1)
        wrong.push(
          `a rejection that nobody handles is told ${unhandled} times`,
        );
      unhandled = 0;
      await fetch(`${closed}/api/errors/caught`).then(
        () => {},
        () => {},
      );
      await fetch(`${closed}/api/errors/caught`)
        .then((response) => response.json())
        .catch(() => {});
      await host.sleep(300);
      if (unhandled !== 0)
        wrong.push(`a rejection that is handled is told as unhandled`);
      return wrong;
    }, visit.site.closed);
    must(found.length === 0, found.join("; "));
  },
};

export default [streaming, response, request, errors];
