// Turns a request under way into what is known of it so far, by stamps that cost next to nothing.
import type { Book } from "./book.js";

/** What was called: the first field of a row. */
export const FETCH = 0;
export const XHR = 1;
export const BEACON = 2;
export const EVENT_SOURCE = 3;
export const WEB_SOCKET = 4;
export const NAVIGATION = 5;
export const MARKED = 6;
export const VITAL = 7;

/** How a call ended without an answer: `ERROR_*` of `latency::class`. */
export const ERROR_NETWORK = 1;
export const ERROR_ABORT = 2;
export const ERROR_TIMEOUT = 3;
export const ERROR_PENDING = 4;

/** Flags of a call: `flag` of `latency::class`. */
export const PRERENDER = 1;
export const OFFLINE = 2;
export const SUSPENDED = 4;
export const QUOTA = 8;
export const BLOCKED = 16;
export const OPAQUE = 32;
export const CACHE = 64;
export const BACKGROUND = 128;
export const GRAPHQL_ERRORS = 256;
export const STREAM = 512;
export const ESTIMATED = 1024;
export const PREFLIGHT = 2048;

/** The window of a page. Nothing in it is sure to be there. */
export type Page = Window & typeof globalThis;

/** One call. Times are those of `performance.now()`, 0 while they are not known. */
export interface Call {
  readonly kind: number;
  /** As the page wrote it; of a marked operation, its feature. */
  readonly method: string;
  /** As the page wrote it, and what it was relative to: resolved in idle time. */
  url: string;
  readonly base: string;
  start: number;
  /** When the browser's own function had returned: the browser's entry starts before. */
  begun: number;
  headers: number;
  /** When the page began to read the body. */
  read: number;
  /** The last thing that can be known of it. */
  end: number;
  status: number;
  error: number;
  flags: number;
  /** Wall clock minus monotonic clock at the start: they part when a machine sleeps. */
  readonly skew: number;
  /** What was sent: it may hold the names of GraphQL operations. */
  body: unknown;
  /** Bytes that count against the quota of `keepalive`. */
  quota: number;
  /** Ends the call when the page wants it. */
  signal: AbortSignal | undefined;
  /** A `traceparent`, as the page wrote it. */
  trace: unknown;
}

// To look it up in the window takes longer than to read it.
const clock = performance;

/** The monotonic clock, in milliseconds. */
export const now = (): number => clock.now();

/** Addresses of GraphQL, as they are usually written. */
export const GRAPHQL = /graphql/i;

/** What excludes a call as the page is now. */
export function state({ document, navigator }: Page): number {
  return (
    ((document as { prerendering?: boolean }).prerendering ? PRERENDER : 0) |
    // That it is online means nothing.
    (navigator.onLine === false ? OFFLINE : 0) |
    (document.hidden ? BACKGROUND : 0)
  );
}

/** A call that begins now. All that it will ever have is there at once: to add a field later costs more. */
export function createCall(
  { page, state }: Book,
  kind: number,
  method: string,
  url: string,
): Call {
  const start = now();
  return {
    kind,
    method,
    url,
    base: page.document.baseURI,
    start,
    begun: 0,
    headers: 0,
    read: 0,
    end: 0,
    status: 0,
    error: 0,
    flags: state,
    skew: Date.now() - start,
    body: undefined,
    quota: 0,
    signal: undefined,
    trace: undefined,
  };
}

/**
 * Why a call ended without an answer. `fetch` rejects with the reason of its signal, which may be
 * anything; that of `AbortSignal.timeout` has a name of its own.
 */
export function errorOf(error: unknown, signal?: AbortSignal): number {
  const named = [error, signal?.reason].map((it) => (it as Error)?.name);
  if (named.includes("TimeoutError")) return ERROR_TIMEOUT;
  return signal?.aborted || named[0] === "AbortError"
    ? ERROR_ABORT
    : ERROR_NETWORK;
}
