// Turns what the browser measured of requests into one entry for each call, where there is one.
import type { Book } from "../capture/book.js";
import type { Call } from "../capture/call.js";

/** From a call to its entry's start, past the time that the browser's function took, in ms. */
const START_MS = 2;
/** How long an entry without a call is kept: the page may not have heard of its answer yet, in ms. */
const KEPT_MS = 5_000;

/** What initiates that is looked at, by kind. */
const INITIATORS = ["fetch", "xmlhttprequest", "beacon"];
const BEACON = 2;

/** An entry, with what is asked for again and again: to ask the browser takes time. */
interface Told {
  readonly start: number;
  readonly kind: number;
  readonly url: string;
  readonly entry: PerformanceResourceTiming;
}

export interface Entries {
  /** Brings what the browser has measured by now into the order in which it began. */
  gather(): void;
  /**
   * The entry of a call of `url`, which has no fragment; each is given once.
   *
   * No identifier links them. By address and kind, the first call gets the first entry that started with
   * it or up to {@link START_MS} later.
   *
   * @see https://github.com/w3c/resource-timing/issues/102
   */
  take(call: Call, url: string): PerformanceResourceTiming | undefined;
  /** Those of beacons, once; forgets which are too old. */
  takeBeacons(at: number): PerformanceResourceTiming[];
}

export function createEntries(book: Book): Entries {
  let all: Told[] = [];
  const add = (list: PerformanceEntryList) => {
    for (const entry of list as PerformanceResourceTiming[]) {
      const kind = INITIATORS.indexOf(entry.initiatorType);
      if (kind < 0) continue;
      const { startTime: start, name } = entry;
      // Chromium names them with the fragment.
      all.push({ start, kind, url: name.split("#")[0]!, entry });
    }
  };
  return {
    gather() {
      for (const list of book.lists) add(list.getEntries());
      book.lists = [];
      add(book.observer.takeRecords());
      all.sort((a, b) => a.start - b.start);
    },
    take({ kind, start, begun }, url) {
      const at = all.findIndex(
        (it) =>
          it.start > start - 1 &&
          it.start < begun + START_MS &&
          it.kind === kind &&
          it.url === url,
      );
      return at < 0 ? undefined : all.splice(at, 1)[0]!.entry;
    },
    takeBeacons(at) {
      const beacons: PerformanceResourceTiming[] = [];
      all = all.filter(({ kind, entry }) => {
        if (kind !== BEACON) return at - entry.responseEnd < KEPT_MS;
        beacons.push(entry);
        return false;
      });
      return beacons;
    },
  };
}
