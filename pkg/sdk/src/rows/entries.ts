// Turns what the browser measured of requests into one entry for each call, where there is one.
import type { Book } from "../capture/book.js";
import type { Call } from "../capture/call.js";

/** From a call to its entry's start, past the time that the browser's function took, in ms. */
const START_MS = 2;
/** How long an entry without a call is kept: the page may not have heard of its answer yet, in ms. */
const KEPT_MS = 5_000;

/** The names of `fetch` and XHR as initiators, by kind. */
const INITIATORS = ["fetch", "xmlhttprequest"];

/** Brings what the browser has measured by now into the order in which it began. */
export function gather(book: Book): void {
  book.gather(book.observer.takeRecords());
  book.entries.sort((a, b) => a.startTime - b.startTime);
}

/**
 * The entry of a call of `url`, which has no fragment; each is given once.
 *
 * No identifier links them. By address and kind, the first call gets the first entry that started with
 * it or up to {@link START_MS} later.
 *
 * @see https://github.com/w3c/resource-timing/issues/102
 */
export function take(
  { entries }: Book,
  { kind, start, begun }: Call,
  url: string,
): PerformanceResourceTiming | undefined {
  const at = entries.findIndex(
    ({ startTime, name, initiatorType }) =>
      startTime > start - 1 &&
      startTime < begun + START_MS &&
      initiatorType === INITIATORS[kind] &&
      // Chromium names them with the fragment.
      (name === url || name.split("#")[0] === url),
  );
  return at < 0 ? undefined : entries.splice(at, 1)[0];
}

/** Those of beacons, once; forgets which are too old. */
export function takeBeacons(
  book: Book,
  at: number,
): PerformanceResourceTiming[] {
  const beacons: PerformanceResourceTiming[] = [];
  book.entries = book.entries.filter((it) => {
    if (it.initiatorType !== "beacon") return at - it.responseEnd < KEPT_MS;
    beacons.push(it);
    return false;
  });
  return beacons;
}
