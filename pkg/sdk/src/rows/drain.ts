// Turns a book of calls into rows, as they end, and gives them away when that disturbs nobody.
import type { Book, Going } from "../capture/book.js";
import {
  BEACON,
  BLOCKED,
  ERROR_NETWORK,
  ERROR_PENDING,
  NAVIGATION,
  OPAQUE,
  PRERENDER,
  QUOTA,
  SUSPENDED,
  XHR,
  createCall,
  now,
  type Call,
} from "../capture/call.js";
import { native } from "../capture/patch.js";
import { createEntries } from "./entries.js";
import type { Sink } from "./index.js";
import { ROW, row, type Entry } from "./row.js";

/** Calls under way while rows are written: more than pages have. */
const UNDERWAY_MAX = 4_096;
/** Rows that are written at a time, which takes a few milliseconds. */
const AT_ONCE = 512;
/** Between two drains, and how long a call waits for the browser's entry, in ms. */
const PATIENCE_MS = 2_000;
/** Time within which a policy of the page owns up to a call that failed, in ms. */
const POLICY_MS = 50;
/** Clocks that have gone apart by more than this since a call began mean that the machine slept, in ms. */
const SLEPT_MS = 1_000;
/** The browser's quota for all `keepalive` requests together, in bytes; past it they fail at once. */
const QUOTA_BYTES = 65_536;
const QUOTA_MS = 10;

/** An entry of a call that only the browser has seen, with what TypeScript does not know of it. */
type Seen = PerformanceResourceTiming & { readonly activationStart?: number };

export interface Drain {
  /** Adds a row that was made elsewhere. */
  push(row: string): void;
}

export function createDrain(
  book: Book,
  ours: readonly string[],
  sink: Sink,
): Drain {
  const { page } = book;
  const own = page.location.origin;
  const { gather, take, takeBeacons } = createEntries(book);
  let rows: string[] = [];
  let timer = 0;
  /** Wall clock minus monotonic clock, which stands while a machine sleeps. */
  let skew = 0;

  /** Writes the row, unless the call was ours. */
  const write = (call: Call, url: URL, entry?: Entry) => {
    const isOurs = ours.some((prefix) => url.href.startsWith(prefix));
    if (!isOurs) rows.push(row(call, url, own, entry));
  };
  const writeSeen = (kind: number, method: string, entry: Seen) => {
    const { startTime, responseStart, responseEnd, responseStatus } = entry;
    const call = createCall(book, kind, method, entry.name);
    call.start = startTime;
    call.headers = call.read = responseStart || responseEnd;
    call.end = responseEnd;
    call.status = responseStatus || 0;
    if (!call.status) call.flags |= OPAQUE;
    if (entry.activationStart) call.flags |= PRERENDER;
    write(call, new URL(call.url), entry);
  };
  /** Writes the row of a call that is over, and of every one when the page goes; whether it stays. */
  const stays = (call: Call, at: number, going: Going): boolean => {
    // Who reads a body is waited for; a body that nobody reads has no end.
    const over = call.end || (call.read ? 0 : call.headers);
    if (!over && going < 2) return true;
    const age = at - over;
    if (!going && call.error && age < POLICY_MS) return true;
    const url = urlOf(call);
    // No address, no request.
    if (!url) return false;
    const entry = over ? take(call, url.href) : undefined;
    const mayCome = !going && !call.error && call.kind <= XHR;
    if (!entry && mayCome && age < PATIENCE_MS) return true;
    if (!over) book.end(call, at, ERROR_PENDING);
    if (Math.abs(skew - call.skew) > SLEPT_MS) call.flags |= SUSPENDED;
    if (call.error === ERROR_NETWORK) excuse(book, call, url);
    write(call, url, entry);
    return false;
  };
  const soon = () => {
    if (timer) return;
    // A method of the page, whatever zone.js says.
    const wait: Window["setTimeout"] = native(page, "setTimeout");
    const idle = native(page, "requestIdleCallback") as
      Window["requestIdleCallback"] | undefined;
    timer = wait.call(
      page,
      () => {
        // Safari has none.
        if (!idle) drain(0);
        else idle.call(page, () => drain(0), { timeout: PATIENCE_MS });
      },
      PATIENCE_MS,
    );
  };
  const drain = (going: Going) => {
    timer = 0;
    gather();
    const at = now();
    skew = Date.now() - at;
    const isFull = () => !going && rows.length >= AT_ONCE;
    book.calls = book.calls.filter(
      (call) => isFull() || stays(call, at, going),
    );
    for (const entry of takeBeacons(at)) writeSeen(BEACON, "POST", entry);
    book.forbidden = book.forbidden.filter(
      ({ timeStamp }) => at - timeStamp < PATIENCE_MS,
    );
    if (rows.length || book.lost) sink(book.lost, going && 1, rows.join(ROW));
    rows = [];
    book.lost = 0;
    if (book.calls.some(({ end, headers }) => end || headers)) soon();
  };
  Object.assign(book, { max: UNDERWAY_MAX, soon, drain });
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation) writeSeen(NAVIGATION, "GET", navigation as Seen);
  soon();
  return {
    push(it) {
      rows.push(it);
      soon();
    },
  };
}

/** The address of a call, without fragment; `undefined` when it has none that the browser can take. */
function urlOf({ url, base }: Call): URL | undefined {
  try {
    return new URL(url.replace(/#.*/s, ""), base);
  } catch {
    return undefined;
  }
}

/** Flags a failure that is neither the network's nor the service's. */
function excuse({ calls, forbidden }: Book, call: Call, { href }: URL): void {
  const { start, end, quota } = call;
  const isForbidden = forbidden.some(
    ({ blockedURI, timeStamp }) =>
      Math.abs(timeStamp - end) < POLICY_MS && href.startsWith(blockedURI),
  );
  if (isForbidden) call.flags |= BLOCKED;
  if (!quota || end - start > QUOTA_MS) return;
  const used = calls
    .filter((it) => it.start <= start && !(it.end && it.end < start))
    .reduce((sum, it) => sum + it.quota, 0);
  if (used > QUOTA_BYTES) call.flags |= QUOTA;
}
