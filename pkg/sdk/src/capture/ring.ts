// Turns calls that have ended into rows for the agent, when the page is idle or goes.
import {
  BACKGROUND,
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
  look,
  now,
  type Call,
  type Page,
} from "./call.js";
import { createEntries } from "./entries.js";
import { native } from "./patch.js";
import { ROW, row, type Entry } from "./row.js";

/** Calls that are kept for an agent which does not run yet. */
const WAITING_MAX = 512;
/** Calls under way while it runs: more than pages have. */
const UNDERWAY_MAX = 4_096;
/** Rows that are written at a time, which takes a few milliseconds. */
const AT_ONCE = 512;
/** Between two drains, and how long a call waits for the browser's entry, in ms. */
const PATIENCE_MS = 2_000;
/** Time within which a policy of the page owns up to a call that failed, in ms. */
const POLICY_MS = 50;
/** The browser's quota for all `keepalive` requests together, in bytes; past it they fail within {@link QUOTA_MS}. */
const QUOTA_BYTES = 65_536;
const QUOTA_MS = 10;

/** Takes rows as text; `overflow` were lost before them; `exit` is 1 when the page is going. */
export type Sink = (overflow: number, exit: number, rows: string) => void;

/** An entry of a call without a wrapper, as far as TypeScript does not know it. */
type Seen = PerformanceResourceTiming & { readonly activationStart?: number };

/** What of a page goes: nothing, the sight of it, all of it. */
export type Going = 0 | 1 | 2;

export interface Ring {
  /** From now on the call is under way. */
  add(call: Call): Call;
  /** The call has gone on, at a time that was taken before anything else. */
  stamp(call: Call, at: number): void;
  /** The call has ended, with one of `ERROR_*`. */
  end(call: Call, at: number, error: number): void;
  /** Begins to give rows; those of calls below `endpoint` are ours. */
  connect(endpoint: string, sink: Sink): void;
  /** Adds a row that was made elsewhere. */
  push(row: string): void;
  drain(going: Going): void;
}

export function createRing(page: Page, signal: AbortSignal): Ring {
  const entries = createEntries(page, signal);
  let calls: Call[] = [];
  let rows: string[] = [];
  let overflow = 0;
  let timer = 0;
  let sink: Sink | undefined;
  let ours = "";

  const soon = () => {
    if (!sink || timer) return;
    timer = (native(page, "setTimeout") as Window["setTimeout"]).call(
      page,
      () => {
        const idle = native(page, "requestIdleCallback");
        // Safari has none.
        if (idle) idle.call(page, () => drain(0), { timeout: PATIENCE_MS });
        else drain(0);
      },
      PATIENCE_MS,
    );
  };
  const stamp = (call: Call, at: number) => {
    look(page, call, at);
    soon();
  };
  const end = (call: Call, at: number, error: number) => {
    if (call.end) return;
    if (error === ERROR_NETWORK && call.quota && at - call.start < QUOTA_MS) {
      const used = calls.reduce((sum, it) => sum + (it.end ? 0 : it.quota), 0);
      if (used > QUOTA_BYTES) call.flags |= QUOTA;
    }
    call.end = at;
    call.error = error;
    call.signal = undefined;
    stamp(call, at);
  };
  /** Writes the row, unless the call was ours or never one. */
  const write = (call: Call, entry?: Entry, url = urlOf(call)) => {
    if (url && !url.href.startsWith(ours))
      rows.push(row(call, url, page.location.origin, entry));
  };
  /** A call that only the browser has seen. */
  const writeSeen = (kind: number, entry: Seen, method: string) => {
    const { startTime, responseStart, responseEnd, responseStatus } = entry;
    const call = createCall(page, kind, method, entry.name);
    call.start = startTime;
    call.headers = call.read = responseStart || responseEnd;
    call.end = responseEnd;
    call.status = responseStatus || 0;
    if (!call.status) call.flags |= OPAQUE;
    if (entry.activationStart) call.flags |= PRERENDER;
    write(call, entry);
  };
  /** Writes the row of a call that is over, and of any when the page goes; answers whether to keep it. */
  const isOpen = (call: Call, at: number, going: Going): boolean => {
    // Who reads a body is waited for; a body that nobody reads has no end.
    const over = call.end || (call.read ? 0 : call.headers);
    if (!over && going < 2) return true;
    const age = at - over;
    if (!going && call.error && age < POLICY_MS) return true;
    const url = urlOf(call);
    const entry = over && url ? entries.take(call, url.href) : undefined;
    const patient = !going && !call.error && call.kind <= XHR && !!url;
    if (!entry && patient && age < PATIENCE_MS) return true;
    if (!over) end(call, at, ERROR_PENDING);
    write(call, entry, url);
    return false;
  };
  const drain = (going: Going) => {
    timer = 0;
    if (!sink) return;
    entries.gather();
    const at = now();
    calls = calls.filter(
      (call) => (!going && rows.length >= AT_ONCE) || isOpen(call, at, going),
    );
    for (const entry of entries.beacons(at)) writeSeen(BEACON, entry, "POST");
    if (rows.length || overflow) sink(overflow, going && 1, rows.join(ROW));
    rows = [];
    overflow = 0;
    if (calls.some((call) => call.end || call.headers)) soon();
  };
  const flag = (which: number) => {
    for (const call of calls) if (!call.end) call.flags |= which;
  };
  hear(page, signal, {
    // Before the agent hears of it: it sends what it has then.
    hidden() {
      flag(BACKGROUND);
      drain(1);
    },
    gone: () => drain(2),
    frozen: () => flag(SUSPENDED),
    forbidden({ blockedURI, timeStamp }) {
      for (const call of calls) {
        const since = timeStamp - (call.end || timeStamp);
        if (since < POLICY_MS && urlOf(call)?.href.startsWith(blockedURI))
          call.flags |= BLOCKED;
      }
    },
  });
  return {
    add(call) {
      if (calls.length < (sink ? UNDERWAY_MAX : WAITING_MAX)) calls.push(call);
      else overflow++;
      return call;
    },
    stamp,
    end,
    connect(endpoint, to) {
      ours = endpoint;
      sink = to;
      const [seen] = performance.getEntriesByType("navigation");
      if (seen) writeSeen(NAVIGATION, seen as Seen, "GET");
      soon();
    },
    push: (it) => void rows.push(it),
    drain,
  };
}

/** What a call's address is relative to its page; `undefined` when it is none, and so there was no request. */
function urlOf({ url, base }: Call): URL | undefined {
  try {
    const it = new URL(url, base);
    it.hash = "";
    return it;
  } catch {
    return undefined;
  }
}

/** What becomes of a page. */
interface Fate {
  hidden(): void;
  gone(): void;
  frozen(): void;
  forbidden(event: SecurityPolicyViolationEvent): void;
}

function hear(page: Page, signal: AbortSignal, fate: Fate): void {
  const { document } = page;
  const on = { signal };
  document.addEventListener(
    "visibilitychange",
    () => document.visibilityState === "hidden" && fate.hidden(),
    on,
  );
  page.addEventListener("pagehide", fate.gone, on);
  document.addEventListener("freeze", fate.frozen, on);
  document.addEventListener("securitypolicyviolation", fate.forbidden, on);
}
