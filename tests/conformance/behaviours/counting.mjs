// Turns what users of other SDKs reported about requests that went missing, or came too often, into checks.

import { setTimeout as sleep } from "node:timers/promises";

import { count, must, of, only } from "../site/visit.mjs";

const loop = {
  number: 8,
  issues: ["open-telemetry/opentelemetry-browser#248"],
  says: "uploads are not measured, and cause no uploads",
  async check(visit) {
    await visit.open();
    await visit.run(async () => {
      for (const name of ["a", "b", "c"])
        await (await fetch(`/api/loop/${name}`)).json();
      await window.conformance.flush?.();
    });
    await sleep(2_500);
    const before = visit.site.uploads.length;
    await sleep(4_000);
    const idle = visit.site.uploads.length - before;
    const seen = await visit.leave({ settleMs: 0 });
    for (const name of ["a", "b", "c"]) only(seen, `/api/loop/${name}`);
    const { sink } = visit.site;
    const own = seen.filter(
      ({ name, url }) => name.startsWith(sink) || url?.startsWith(sink),
    );
    must(own.length === 0, `${own.length} uploads were measured`);
    must(idle <= 2, `${idle} uploads in 4 s in which the page did nothing`);
  },
};

const late = {
  number: 9,
  issues: [
    "getsentry/sentry-javascript#5631",
    "getsentry/sentry-javascript#11574",
    "getsentry/sentry-javascript#17932",
  ],
  says: "requests long after the page has loaded are counted",
  async check(visit) {
    await visit.open();
    await visit.run(() => fetch("/api/late/first").then((r) => r.json()));
    await sleep(5_000);
    await visit.run(async () => {
      for (const name of ["a", "b", "c", "d", "e"]) {
        await (await fetch(`/api/late/${name}?ms=50`)).json();
        await host.sleep(100);
      }
    });
    const seen = await visit.leave();
    for (const name of ["first", "a", "b", "c", "d", "e"])
      only(seen, `/api/late/${name}`);
  },
};

const worker = {
  number: 15,
  issues: ["DataDog/browser-sdk#2566"],
  says: "requests that a service worker answers keep their duration",
  async check(visit) {
    visit.site.files.set("/worker.js", {
      type: "text/javascript",
      body: `(${serviceWorker})()`,
    });
    await visit.open({ path: "/controlled", sdk: false });
    await visit.run(async () => {
      await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller) {
        await new Promise((done) =>
          navigator.serviceWorker.addEventListener("controllerchange", done),
        );
      }
    });
    await visit.page.close();
    await visit.open();
    await visit.run(async () => {
      if (!navigator.serviceWorker.controller)
        throw new Error("no service worker");
      await (await fetch("/api/worker/passed?ms=120")).json();
      await (await fetch("/api/worker/made")).text();
    });
    // Chromium loses some of what a page with a service worker sends while it goes: that is about another pitfall.
    const seen = await visit.leave({ hideFirst: true });
    for (const name of ["passed", "made"]) {
      const { durationMs, headersMs, outcome } = only(
        seen,
        `/api/worker/${name}`,
      );
      const told = headersMs ?? durationMs;
      must(
        told > 90 && told < 600,
        `${name} took 120 ms, told were ${told === undefined ? "none" : Math.round(told)}`,
      );
      must(outcome === "ok", `${name} is said to be ${outcome}`);
    }
  },
};

/** Runs in the worker: hands one request on, answers another by itself. */
function serviceWorker() {
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) =>
    event.waitUntil(self.clients.claim()),
  );
  self.addEventListener("fetch", (event) => {
    const { pathname } = new URL(event.request.url);
    if (pathname === "/api/worker/passed")
      event.respondWith(fetch(event.request));
    if (pathname === "/api/worker/made") {
      event.respondWith(
        new Promise((done) =>
          setTimeout(() => done(new Response("made")), 120),
        ),
      );
    }
  });
}

/** What a bundle of the application does while it is parsed, right behind the SDK's own script. */
const EARLY = `<script>
  window.captured = window.fetch;
  window.early = fetch("/api/early/parsing?ms=50").then((r) => r.json());
</script>`;

const captured = {
  number: 16,
  issues: ["DataDog/browser-sdk#2911", "elastic/apm-agent-rum-js#1552"],
  says: "libraries that took `fetch` while the page was parsed are measured, and so is what they fetched then",
  async check(visit) {
    await visit.open({ after: EARLY });
    await visit.run(async () => {
      await window.early;
      await (await window.captured("/api/early/captured?ms=50")).json();
    });
    const seen = await visit.leave();
    only(seen, "/api/early/parsing");
    only(seen, "/api/early/captured");
  },
};

const aborts = {
  number: 17,
  issues: [
    "DataDog/browser-sdk#308",
    "DataDog/browser-sdk#799",
    "DataDog/browser-sdk#768",
    "elastic/apm-agent-rum-js#1210",
  ],
  says: "what a user aborts is no error, and a status of 0 says why: aborted, time limit, network",
  async check(visit) {
    await visit.open();
    await visit.run(endings, [visit.site.closed, visit.site.other]);
    const seen = await visit.leave();
    const expected = {
      "/api/ends/aborted": "aborted",
      "/api/ends/xhr-abort": "aborted",
      "/api/ends/limit": "timeout",
      "/api/ends/xhr-timeout": "timeout",
      "/api/ends/refused": "network",
      "/api/ends/blocked": "network",
      "/api/ends/xhr-refused": "network",
    };
    const wrong = Object.entries(expected)
      .map(([path, outcome]) => [
        path.split("/").at(-1),
        outcome,
        only(seen, path).outcome,
      ])
      .filter(([, outcome, told]) => told !== outcome);
    must(
      wrong.length === 0,
      `not told: ${wrong.map(([name, outcome, told]) => `${name} is ${outcome}, said was ${told}`).join("; ")}`,
    );
  },
};

const closed = {
  number: 21,
  issues: ["elastic/apm-agent-rum-js#871"],
  says: "every request is closed exactly once: answered, aborted, out of time, failed, or cut off in the middle",
  async check(visit) {
    await visit.open();
    await visit.run(endings, [visit.site.closed, visit.site.other]);
    const seen = await visit.leave();
    const paths =
      "aborted xhr-abort limit xhr-timeout refused blocked xhr-refused cut unread broken again".split(
        " ",
      );
    const wrong = paths
      .map((name) => [name, count(of(seen, `/api/ends/${name}`))])
      .filter(([, n]) => n !== 1);
    must(
      wrong.length === 0,
      wrong.map(([name, n]) => `${name} ${n} times`).join(", "),
    );
  },
};

/** Runs in the page: every way for a request to end. */
async function endings([closed, other]) {
  const abortAfter = (ms) => {
    const end = new AbortController();
    setTimeout(() => end.abort(), ms);
    return end.signal;
  };
  await host.error(
    fetch("/api/ends/aborted?ms=700", { signal: abortAfter(80) }),
  );
  await host.error(
    fetch("/api/ends/limit?ms=700", { signal: AbortSignal.timeout(80) }),
  );
  await host.error(fetch(`${closed}/api/ends/refused`));
  await host.error(fetch(`${other}/api/ends/blocked?cors=0`));
  // Cut off while the body comes.
  await host.error(
    fetch("/api/ends/cut?body=700", { signal: abortAfter(150) }).then((r) =>
      r.text(),
    ),
  );
  // The page looks at the status and throws: Chromium makes no timing entry of these.
  await fetch("/api/ends/unread");
  await fetch("/api/ends/broken?status=503");
  await host.xhr("/api/ends/xhr-abort?ms=700", { abortMs: 80 });
  await host.xhr("/api/ends/xhr-timeout?ms=700", { timeout: 80 });
  await host.xhr(`${closed}/api/ends/xhr-refused`);
  await host.xhr("/api/ends/again");
}

const ENTRIES = 320;

const buffer = {
  number: 20,
  issues: [
    "elastic/apm-agent-rum-js#1285",
    "newrelic/newrelic-browser-agent#57",
  ],
  says: "the 251st request counts like the first, and the browser's list of them stays the page's",
  async check(visit) {
    await visit.open();
    const list = await visit.run(async (entries) => {
      let full = 0;
      performance.addEventListener(
        "resourcetimingbufferfull",
        () => (full += 1),
      );
      for (let i = 0; i < entries; i += 20) {
        const some = Array.from({ length: 20 }, (_, j) =>
          fetch(`/api/buffer/item?i=${i + j}`).then((r) => r.json()),
        );
        await Promise.all(some);
      }
      await host.sleep(300);
      const names = performance
        .getEntriesByType("resource")
        .map(({ name }) => name);
      return {
        length: names.length,
        first: names.some((name) => name.endsWith("/api/buffer/item?i=0")),
        full,
      };
    }, ENTRIES);
    must(
      list.length === 250,
      `the browser's list holds ${list.length} entries instead of its 250`,
    );
    must(list.first && list.full > 0, "the browser's list was cleared");
    const seen = await visit.leave({ settleMs: 2_500 });
    const n = count(of(seen, "/api/buffer/item"));
    must(n === ENTRIES, `${n} of ${ENTRIES} requests were counted`);
  },
};

const template = {
  number: 22,
  issues: [
    "elastic/apm-agent-rum-js#56",
    "open-telemetry/semantic-conventions#675",
  ],
  says: "ids in paths collapse to a template",
  async check(visit) {
    await visit.open();
    await visit.run(async () => {
      for (let i = 0; i < 20; i++) {
        const order = `9f8b7c6d-1111-2222-3333-4444555566${10 + i}`;
        await (
          await fetch(`/api/users/${1_000 + i}/orders/${order}?page=${i}`)
        ).json();
      }
    });
    const seen = (await visit.leave()).filter(({ name }) =>
      name.includes("/api/users/"),
    );
    must(count(seen) === 20, `${count(seen)} of 20 requests were reported`);
    const names = new Set(seen.map(({ name }) => name));
    must(
      names.size === 1,
      `${names.size} names for 20 requests to one endpoint`,
    );
    must(
      ![...names].some((name) => /\d{4}|\?/.test(name)),
      `ids are left in ${[...names][0]}`,
    );
  },
};

export default [loop, late, worker, captured, aborts, closed, buffer, template];
