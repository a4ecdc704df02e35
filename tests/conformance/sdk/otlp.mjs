// Turns spans in OTLP's JSON into observations.

import { attributesOf, fromStatus } from "./observation.mjs";

const MS = 1e6;
const STATUS_ERROR = 2;

/** Every client span of an export. */
export function spans(exported) {
  return (exported.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .filter(({ attributes }) =>
      attributes.some(({ key }) => key === "url.full"),
    )
    .map(observation);
}

function observation(span) {
  const told = attributesOf(span.attributes);
  const startMs = Number(span.startTimeUnixNano) / MS;
  const durationMs = Number(span.endTimeUnixNano) / MS - startMs;
  const at = Object.fromEntries(
    span.events.map(({ name, timeUnixNano }) => [
      name,
      Number(timeUnixNano) / MS,
    ]),
  );
  const between = (from, to) =>
    at[from] !== undefined && at[to] !== undefined
      ? at[to] - at[from]
      : undefined;
  const since = (name) =>
    at[name] === undefined ? undefined : at[name] - startMs;
  return {
    name: told["url.template"] ?? told["url.full"],
    url: told["url.full"],
    method: told["http.request.method"],
    outcome: outcome(told, span),
    count: 1,
    durationMs,
    headersMs: since("responseStart"),
    bodyMs: since("responseEnd"),
    phases: {
      dns: between("domainLookupStart", "domainLookupEnd"),
      connect: between("connectStart", "connectEnd"),
      tls: between("secureConnectionStart", "connectEnd"),
      server: between("requestStart", "responseStart"),
      transfer: between("responseStart", "responseEnd"),
    },
    atMs: startMs,
    graphql: told["graphql.operation.name"],
  };
}

/** `error.type` is a status, the name of an error, or that of XHR's event; aborts of XHR are told by an event alone. */
function outcome(told, { events, status }) {
  const type = told["error.type"];
  if (events.some(({ name }) => name === "abort") || type === "AbortError")
    return "aborted";
  if (type === "timeout" || type === "TimeoutError") return "timeout";
  if (type === "error" || type === "TypeError") return "network";
  const code = told["http.response.status_code"];
  return !code && status.code === STATUS_ERROR ? "error" : fromStatus(code);
}
