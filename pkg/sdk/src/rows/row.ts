// Turns a call and what the browser measured of it into one row for the agent.
import {
  CACHE,
  ESTIMATED,
  EVENT_SOURCE,
  GRAPHQL,
  MARKED,
  PREFLIGHT,
  STREAM,
  VITAL,
  WEB_SOCKET,
  XHR,
  type Call,
} from "../capture/call.js";
import { operations } from "./graphql.js";

/** A body larger than this waits in the network while the page does not read it, in bytes. */
const BUFFER_BYTES = 65_536;
/** Who begins to read later than this after the headers may have kept the body waiting, in ms. */
const PROMPT_MS = 50;
/** A wait this long before a request on a used connection is that for a preflight, in ms. */
const PREFLIGHT_MS = 20;
/** Longest path that is told, in characters. */
const PATH_MAX = 1_000;

/** The status of what is connected, by kind. */
const CONNECTED: Partial<Record<number, number>> = {
  [EVENT_SOURCE]: 200,
  [WEB_SOCKET]: 101,
};

/** Between fields, and between rows. */
const FIELD = "\x1f";
export const ROW = "\x1e";

/** What a browser tells of a request: as much of it as it knows. */
export type Entry = Partial<PerformanceResourceTiming> & {
  readonly deliveryType?: string;
};

/** Between two stamps of the browser; `undefined` when it tells nothing or nonsense, never 0 for that. */
function span(from = 0, to = 0): number | undefined {
  return from > 0 && to >= from ? to - from : undefined;
}

/** Tenths of a millisecond, as text. */
function tenths(ms: number | undefined): string {
  return ms === undefined ? "" : `${Math.max(0, Math.round(ms * 10))}`;
}

/** What must not be in a field: the separators. */
const clean = (text: string) => text.replace(/[\x1e\x1f]/g, "");

/** Origin and path: query, fragment and whose account it is never leave the page. */
function place({ protocol, host, pathname }: URL): string {
  return /^(http|ws)/.test(protocol)
    ? `${protocol}//${host}${pathname.slice(0, PATH_MAX)}`
    : protocol;
}

const isParent = ({ name }: PerformanceServerTiming) => name === "traceparent";

/** The trace that a `traceparent` belongs to. */
function traceOf(parent: unknown): string | undefined {
  return /^\w\w-([0-9a-f]{32})-/.exec(`${parent as string}`)?.[1];
}

/**
 * One row, without a separator at its end. `url` is the call's, `own` the page's origin, `entry` the
 * browser's where it has one.
 *
 * With an entry the time to the headers is the browser's, and what the page's own was longer is the
 * time that the main thread was busy with other things. Phases count where both of their ends do.
 */
export function row(call: Call, url: URL, own: string, entry?: Entry): string {
  const { kind, start, headers, read, end, error } = call;
  // Of what failed the browser tells the same, whatever it was.
  const at = (error ? undefined : entry) ?? {};
  const { startTime = 0, requestStart, responseStart = 0 } = at;
  const whole = at.responseEnd ? at.responseEnd - startTime : undefined;
  const told = responseStart > 0 ? responseStart - startTime : undefined;
  const heard = ((!error && headers) || end) - start;
  // Without phases there is the end: the headers cannot have come after it.
  const first = told ?? Math.min(heard, whole ?? heard);

  const size = at.encodedBodySize ?? 0;
  const late = !read || read - headers > PROMPT_MS;
  const waited = late && (told === undefined || size > BUFFER_BYTES);
  const body = error || waited ? undefined : (whole ?? end - start);

  const connect = span(at.domainLookupStart, at.connectEnd);
  const queue = span(at.fetchStart, requestStart);
  const shared = kind <= XHR;
  // Of whatever a service worker answers Chromium says that it came from a cache.
  const cached =
    !at.workerStart &&
    (at.deliveryType === "cache" || (at.transferSize === 0 && size > 0));
  const flags =
    call.flags |
    (kind in CONNECTED ? STREAM : 0) |
    (cached ? CACHE : 0) |
    (shared && told === undefined ? ESTIMATED : 0) |
    (queue! > PREFLIGHT_MS && connect === 0 && url.origin !== own
      ? PREFLIGHT
      : 0);
  return [
    kind,
    kind === MARKED ? "" : clean(call.method.toUpperCase()),
    call.url && place(url),
    GRAPHQL.test(call.url) ? clean(operations(call.body, url.search)) : "",
    Math.round(start),
    tenths(first),
    tenths(body),
    call.status || (!error && CONNECTED[kind]) || 0,
    error,
    flags,
    tenths(queue && queue - (connect ?? 0)),
    tenths(connect),
    tenths(span(requestStart, responseStart)),
    tenths(body && span(responseStart, at.responseEnd)),
    tenths(shared && whole ? heard - first : undefined),
    traceOf(call.trace) ??
      traceOf(at.serverTiming?.find(isParent)?.description) ??
      "",
    kind === MARKED ? clean(call.method) : "",
  ].join(FIELD);
}

/** The row of one web vital: its value in thousandths stands where headers do. */
export function vital(name: string, value: number): string {
  const empty = Array<string>(11).fill("");
  return [VITAL, name, "", "", "", Math.round(value * 1_000), ...empty].join(
    FIELD,
  );
}
