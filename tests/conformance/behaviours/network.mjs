// Turns what users of other SDKs reported about other origins, preflights and quotas into checks at the servers.

import { setTimeout as sleep } from "node:timers/promises";

import { must, of, only, count } from "../site/visit.mjs";

const preflight = {
  number: 6,
  issues: ["open-telemetry/opentelemetry-js#5122"],
  says: "a preflight is neither caused nor reported as a request of its own",
  async check(visit) {
    await visit.open();
    const { other } = visit.site;
    await visit.run(async (other) => {
      await (await fetch(`${other}/api/preflight/simple`)).text();
      await (
        await fetch(`${other}/api/preflight/asked?tao=1`, {
          method: "PUT",
          headers: { "x-app": "1" },
        })
      ).text();
    }, other);
    const seen = await visit.leave();
    must(
      visit.site.to("/api/preflight/simple", "OPTIONS").length === 0,
      "a simple request became a preflighted one",
    );
    must(
      visit.site.to("/api/preflight/asked", "OPTIONS").length === 1,
      "there was another number of preflights than one",
    );
    only(seen, "/api/preflight/simple");
    only(seen, "/api/preflight/asked");
    const phantom = seen.filter(
      ({ name, method }) => method === "OPTIONS" || /preflight$/i.test(name),
    );
    must(count(phantom) === 0, "the preflight was reported as a request");
  },
};

const headers = {
  number: 12,
  issues: [
    "getsentry/sentry-javascript#6077",
    "getsentry/sentry-javascript#3203",
    "getsentry/sentry-javascript#8823",
    "grafana/faro-web-sdk#386",
    "grafana/faro-web-sdk#409",
  ],
  says: "nothing is added to what goes to other origins, not even by way of a redirect",
  harmless: true,
  async check(visit) {
    await visit.open();
    const { other, site } = { other: visit.site.other, site: visit.site };
    const failed = await visit.run(async (other) => {
      const failed = [];
      const attempt = async (name, run) => {
        const error = await host.error(run());
        if (error !== undefined) failed.push(`${name}: ${error.message}`);
      };
      await attempt("fetch", () => fetch(`${other}/api/headers/fetch`));
      await attempt("redirect", () =>
        fetch(
          `/redirect?to=${encodeURIComponent(`${other}/api/headers/redirect`)}`,
        ),
      );
      const ended = await host.xhr(`${other}/api/headers/xhr`);
      if (ended !== "load") failed.push(`XHR ended with ${ended}`);
      return failed;
    }, other);
    must(
      failed.length === 0,
      `requests that work without it fail: ${failed.join("; ")}`,
    );
    const added = site.hits
      .filter(({ at }) => at === "other")
      .flatMap(({ headers }) => Object.keys(headers))
      .filter((name) =>
        /^(x-|b3$|trace|baggage|sentry|uber|elastic)/.test(name),
      );
    must(
      added.length === 0,
      `headers were added: ${[...new Set(added)].join(", ")}`,
    );
    must(
      site.hits.every(({ method }) => method !== "OPTIONS"),
      "a simple request became a preflighted one",
    );
  },
};

/** What the page sends while it lives, and when it goes; together with our 16 KB still within the browser's 64. */
const WHILE_OPEN_BYTES = 60_000;
const AT_EXIT_BYTES = 44_000;

const quota = {
  number: 18,
  issues: ["DataDog/browser-sdk#2982", "DataDog/browser-sdk#3640"],
  says: "uploads leave the page its keepalive quota: 60 of 64 KiB while it is open, 44 when it goes",
  harmless: true,
  async check(visit) {
    await visit.open();
    visit.site.sinkDelayMs = 400;
    const refused = await visit.run(async (size) => {
      const body = "x".repeat(size);
      let refused = 0;
      for (let round = 0; round < 12; round++) {
        const calls = Array.from({ length: 15 }, (_, i) =>
          fetch(`/api/quota/call?round=${round}&i=${i}`).then((r) => r.text()),
        );
        await Promise.all(calls);
        const sent = fetch("/api/quota/open?ms=100", {
          method: "POST",
          body,
          keepalive: true,
        }).then((r) => r.text());
        if ((await host.error(sent)) !== undefined) refused += 1;
        await host.sleep(200);
      }
      return refused;
    }, WHILE_OPEN_BYTES);
    must(
      refused === 0,
      `${refused} of 12 requests of the page with keepalive were refused`,
    );
    await visit.run((size) => {
      // Registered last: what an SDK sends at the end is under way by then.
      addEventListener("pagehide", () => {
        fetch("/api/quota/exit", {
          method: "POST",
          body: "x".repeat(size),
          keepalive: true,
        }).catch(() => {});
      });
    }, AT_EXIT_BYTES);
    await visit.page.goto("about:blank");
    await sleep(800);
    const [exit] = visit.site.to("/api/quota/exit");
    must(
      exit?.body.length === AT_EXIT_BYTES,
      "what the page sent when it went was refused",
    );
  },
};

const GRAPHQL = JSON.stringify({
  operationName: "SearchProducts",
  query: "query SearchProducts { products { id } }",
});

const graphql = {
  number: 23,
  issues: ["elastic/apm-agent-rum-js#1161"],
  says: "GraphQL requests carry the names of their operations, batches and unnamed documents included",
  async check(visit) {
    await visit.open();
    await visit.run(async (plain) => {
      const post = (body) =>
        fetch("/graphql", {
          method: "POST",
          body,
          headers: { "content-type": "application/json" },
        }).then((r) => r.json());
      await post(plain);
      // The name stands in the document alone.
      await post(
        JSON.stringify({
          query: "query CartTotal($id: ID!) { cart(id: $id) { total } }",
        }),
      );
      await post(
        JSON.stringify([
          { operationName: "Me", query: "query Me { me { id } }" },
          { operationName: "Orders", query: "query Orders { orders { id } }" },
        ]),
      );
    }, GRAPHQL);
    const seen = await visit.leave();
    must(of(seen, "/graphql").length > 0, "/graphql was not reported");
    const names = seen
      .flatMap(({ graphql }) => (graphql ?? "").split(","))
      .filter(Boolean);
    for (const name of ["SearchProducts", "CartTotal", "Me", "Orders"]) {
      must(
        names.includes(name),
        `${name} is missing; told were: ${names.join(", ") || "no names"}`,
      );
    }
  },
};

export default [preflight, headers, quota, graphql];
