// Turns Grafana Faro into an adapter: spans say what became of a request, resource events what its phases were.

import { fromStatus } from "./observation.mjs";
import { spans } from "./otlp.mjs";
import { bundled, versionOf } from "./peer.mjs";

export default {
  id: "faro",
  name: "Faro",
  version: await versionOf("@grafana/faro-web-sdk"),
  prepare: () => bundled("faro"),
  read(uploads) {
    const all = uploads.map(({ text }) => JSON.parse(text));
    const resources = all
      .flatMap(({ events }) => events ?? [])
      .filter(
        ({ name, attributes }) =>
          name === "faro.performance.resource" &&
          /fetch|xmlhttp/.test(attributes.initiatorType),
      )
      .map(resource);
    const traced = all.flatMap(({ traces }) =>
      traces === undefined ? [] : spans(traces),
    );
    for (const span of traced) join(span, resources);
    // Told only by the browser: requests that the spans do not know.
    return [...traced, ...resources];
  },
};

/** Both tell of the same request: it is one observation. */
function join(span, resources) {
  const at = resources.findIndex(({ url }) => url === span.url);
  if (at < 0) return;
  const [{ phases, headersMs, bodyMs }] = resources.splice(at, 1);
  Object.assign(span, { phases, headersMs, bodyMs });
}

function resource({ attributes, timestamp }) {
  const ms = (name) => Number(attributes[name]);
  return {
    name: attributes.name,
    url: attributes.name,
    outcome: fromStatus(ms("responseStatus")),
    count: 1,
    durationMs: ms("duration"),
    // Its `ttfb` runs from the sending of the request; 0 where another origin hides it.
    headersMs: ms("ttfb") > 0 ? ms("duration") - ms("responseTime") : undefined,
    bodyMs: ms("duration"),
    phases: {
      dns: ms("dnsLookupTime"),
      connect: ms("tcpHandshakeTime"),
      tls: ms("tlsNegotiationTime"),
      server: ms("requestTime"),
      transfer: ms("responseTime"),
    },
    atMs: Date.parse(timestamp),
  };
}
