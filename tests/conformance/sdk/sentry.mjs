// Turns Sentry's tracing into an adapter: streamed spans, and those inside of transactions.

import { fromStatus } from "./observation.mjs";
import { bundled, versionOf } from "./peer.mjs";

export default {
  id: "sentry",
  name: "Sentry",
  version: await versionOf("@sentry/browser"),
  prepare: () => bundled("sentry"),
  read: (uploads) =>
    uploads
      .flatMap(({ text }) => text.split("\n"))
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line))
      .flatMap(({ items, spans }) => items ?? spans ?? [])
      .map((span) => ({ span, told: told(span) }))
      .filter(({ told }) => told["sentry.op"] === "http.client")
      .map(observation),
};

function told({ attributes, data }) {
  if (data !== undefined) return data;
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([key, { value }]) => [key, value]),
  );
}

function observation({ span, told }) {
  const at = (name) => told[`http.request.${name}`] || undefined;
  const between = (from, to) =>
    at(from) && at(to) ? (at(to) - at(from)) * 1_000 : undefined;
  const start = span.start_timestamp;
  const since = (name) => (at(name) ? (at(name) - start) * 1_000 : undefined);
  const status = told["http.response.status_code"];
  return {
    name: told["url.template"] ?? told["url.full"] ?? span.name,
    url: told["url.full"],
    method: told["http.request.method"],
    // One "internal_error" for whatever went wrong.
    outcome: !status && span.status === "error" ? "error" : fromStatus(status),
    count: 1,
    durationMs: (span.end_timestamp - start) * 1_000,
    headersMs: since("response_start"),
    bodyMs: since("response_end"),
    phases: {
      dns: between("domain_lookup_start", "domain_lookup_end"),
      connect: between("connect_start", "connection_end"),
      tls: between("secure_connection_start", "connection_end"),
      server: between("request_start", "response_start"),
      transfer: between("response_start", "response_end"),
    },
    atMs: start * 1_000,
    graphql: told["graphql.operation.name"],
  };
}
