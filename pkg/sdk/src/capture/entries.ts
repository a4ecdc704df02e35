// Turns what the browser measured of requests into one entry for each call, where there is one.
import type { Call, Page } from "./call.js";

/** Entries that are kept until their calls are looked at. */
const ENTRIES_MAX = 4_096;
/** From a call to its entry's start, past the time that the browser's function took, in ms. */
const START_MS = 2;
/** How long an entry without a call is kept: the page may not have heard of its answer yet, in ms. */
const KEPT_MS = 5_000;

/** The names of `fetch` and XHR as initiators, by kind. */
const INITIATORS = ["fetch", "xmlhttprequest"];

export interface Entries {
  /** Takes in all that the browser has measured by now. */
  gather(): void;
  /** The entry of a call of `url`, once. */
  take(call: Call, url: string): PerformanceResourceTiming | undefined;
  /** Those of beacons, once; forgets what is too old. */
  beacons(at: number): PerformanceResourceTiming[];
}

/**
 * Joins calls with entries, which no identifier links: by address and kind, the first call with the
 * first entry that started with it or up to {@link START_MS} after it.
 *
 * @see https://github.com/w3c/resource-timing/issues/102
 */
export function createEntries(page: Page, signal: AbortSignal): Entries {
  let entries: PerformanceResourceTiming[] = [];
  const note = (all: PerformanceEntryList) => {
    for (const entry of all as PerformanceResourceTiming[]) {
      if (entries.length < ENTRIES_MAX && /^[fxb]/.test(entry.initiatorType))
        entries.push(entry);
    }
  };
  let observer: PerformanceObserver | undefined;
  if (page.PerformanceObserver) {
    // Sees what comes after the page's buffer is full, too: that is never cleared and never resized.
    observer = new page.PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: "resource", buffered: true });
    signal.addEventListener("abort", () => observer?.disconnect());
  }
  return {
    gather() {
      note(observer?.takeRecords() ?? []);
      // They come in the order in which they end.
      entries.sort((a, b) => a.startTime - b.startTime);
    },
    take({ kind, start, begun }, url) {
      const at = entries.findIndex(
        ({ startTime, name, initiatorType }) =>
          startTime > start - 1 &&
          startTime < begun + START_MS &&
          name === url &&
          initiatorType === INITIATORS[kind],
      );
      return at < 0 ? undefined : entries.splice(at, 1)[0];
    },
    beacons(at) {
      const isBeacon = (it: PerformanceResourceTiming) =>
        it.initiatorType === "beacon";
      const beacons = entries.filter(isBeacon);
      entries = entries.filter(
        (it) => !isBeacon(it) && at - it.responseEnd < KEPT_MS,
      );
      return beacons;
    },
  };
}
