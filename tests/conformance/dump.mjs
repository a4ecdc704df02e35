// Turns one SDK's uploads into text, for whoever writes an adapter: node dump.mjs SDK
import { launch, adapters, prepared } from "./suite.mjs";
import { Site } from "./site/server.mjs";
import { Visit } from "./site/visit.mjs";

const sdk = adapters.find(({ id }) => id === process.argv[2]);
const browser = await launch();
const site = await Site.start();
const visit = new Visit({
  site,
  sdk,
  prepared: await prepared(sdk),
  context: await browser.newContext(),
});
const page = await visit.open({ wait: false });
page.on("console", (m) => console.error("console", m.text()));
page.on("pageerror", (m) => console.error("pageerror", m));
await visit.ready();
await visit.run(
  async ([other, closed]) => {
    await fetch("/api/things?ms=100&body=100").then((r) => r.json());
    await host.xhr("/api/xhr?ms=50");
    await fetch(other + "/api/foreign?ms=50").then((r) => r.text());
    await fetch("/api/broken?status=500").then((r) => r.text());
    await host.error(fetch(closed + "/api/refused"));
    await host.error(
      fetch("/api/aborted?ms=900", { signal: AbortSignal.timeout(100) }),
    );
    const c = new AbortController();
    setTimeout(() => c.abort(), 100);
    await host.error(
      fetch("/api/aborted-by-user?ms=900", { signal: c.signal }),
    );
    await host.xhr("/api/xhr-abort?ms=900", { abortMs: 100 });
    await host.xhr("/api/xhr-timeout?ms=900", { timeout: 100 });
    await host.xhr(closed + "/api/xhr-refused");
    await fetch("/graphql", {
      method: "POST",
      body: JSON.stringify({
        operationName: "SearchProducts",
        query: "query SearchProducts { a }",
      }),
      headers: { "content-type": "application/json" },
    }).then((r) => r.json());
  },
  [site.other, site.closed],
);
const seen = await visit.leave();
if (process.argv[3] === "raw")
  for (const u of site.uploads)
    console.log(`## ${u.method} ${u.url.href} ${u.bytes}\n${u.text}`);
console.log(JSON.stringify(seen, null, 1));
await browser.close();
await site.stop();
