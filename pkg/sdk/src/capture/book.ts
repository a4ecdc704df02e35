// Turns what happens to calls into notes, for whoever writes rows of them later.
import {
  BACKGROUND,
  OFFLINE,
  SUSPENDED,
  state,
  type Call,
  type Page,
} from "./call.js";

/** Calls that are kept while nobody writes rows. */
const KEPT_MAX = 512;
/** What the browser tells is kept up to as many times. */
const TOLD_MAX = 2_048;

/** How much of a page goes: nothing, the sight of it, all of it. */
export type Going = 0 | 1 | 2;

/** What is known of a page's calls. Two scripts share it: its names are a contract. */
export interface Book {
  readonly page: Page;
  /** In the order in which they began. */
  calls: Call[];
  /** How many of them are kept at most, and how many were not. */
  max: number;
  lost: number;
  /** Flags of a call that begins now: what events have told, because to ask the page for each costs more. */
  state: number;
  /** What the browser has measured. To look into it takes time: that is for who writes rows. */
  lists: PerformanceObserverEntryList[];
  readonly observer: PerformanceObserver;
  /** What policies of the page have forbidden. */
  forbidden: SecurityPolicyViolationEvent[];
  /** From now on the call is under way. */
  add(call: Call): Call;
  /** The call has ended, with one of `ERROR_*` or 0, at a time that was taken before anything else. */
  end(call: Call, at: number, error: number): void;
  /** Set by who writes rows: something may be there to write. */
  soon(): void;
  /** Set by who writes rows, too: they are wanted now. */
  drain(going: Going): void;
}

export function createBook(page: Page, signal: AbortSignal): Book {
  const { document } = page;
  const nothing = () => {};
  const observer = new page.PerformanceObserver((list) =>
    keep(book.lists, list),
  );
  const book: Book = {
    page,
    calls: [],
    max: KEPT_MAX,
    lost: 0,
    state: state(page),
    lists: [],
    observer,
    forbidden: [],
    add(call) {
      if (book.calls.length < book.max) book.calls.push(call);
      else book.lost++;
      return call;
    },
    end(call, at, error) {
      if (call.end) return;
      call.end = at;
      call.error = error;
      call.signal = undefined;
      // What fails because the browser goes offline fails before the event.
      if (error) call.flags |= state(page);
      book.soon();
    },
    soon: nothing,
    drain: nothing,
  };
  const flag = (which: number) => {
    for (const call of book.calls) if (!call.end) call.flags |= which;
  };
  const on = <E extends Event>(
    target: EventTarget,
    name: string,
    fn: (event: E) => void,
  ) => target.addEventListener(name, fn as (event: Event) => void, { signal });
  const look = () => void (book.state = state(page));
  // First of all listeners: whoever sends what there is when the page is hidden has the rows by then.
  on(document, "visibilitychange", () => {
    look();
    if (!document.hidden) return;
    book.drain(1);
    flag(BACKGROUND);
  });
  on(document, "prerenderingchange", look);
  on(page, "pagehide", () => book.drain(2));
  on(page, "online", look);
  on(page, "offline", () => {
    look();
    flag(OFFLINE);
  });
  on(document, "freeze", () => flag(SUSPENDED));
  on<SecurityPolicyViolationEvent>(document, "securitypolicyviolation", (it) =>
    keep(book.forbidden, it),
  );
  // Sees entries also once the page's own buffer is full, which is never cleared and never resized.
  observer.observe({ type: "resource", buffered: true });
  return book;
}

function keep<T>(all: T[], one: T): void {
  if (all.length < TOLD_MAX) all.push(one);
}
