// Turns a page into one whose requests are seen, and leaves it as it is.
import { createBook, type Book } from "./book.js";
import { MARKED, createCall, type Page } from "./call.js";
import { follow, type Done } from "./follow.js";
import { watchFetch } from "./http.js";
import { createPatches, native } from "./patch.js";
import { watchSockets } from "./sockets.js";
import { watchXhr } from "./xhr.js";

/** The watching of one page: the part that has to be early. */
export interface Capture {
  /** The browser's own `fetch`, for requests that are ours. */
  fetch: typeof fetch;
  /** Of this rows are written. */
  book: Book;
  /** Times what `fn` does, or what its promise comes to, as one operation of a feature. */
  mark<T>(feature: string, fn: () => T): T;
  /** Gives what there is, and takes everything back. */
  stop(): void;
}

/** The same for every copy of this code. */
const WATCHED = Symbol.for("firsthand.capture");

/** Watches the page, once for all copies of this code. Throws where nothing can be watched. */
export function watch(window: Window): Capture {
  const page = window as Page & { [WATCHED]?: Capture | undefined };
  return (page[WATCHED] ??= create(page, () => (page[WATCHED] = undefined)));
}

function create(page: Page, stopped: () => void): Capture {
  const { patch, undo } = createPatches();
  const end = new AbortController();
  const fetch = native(page, "fetch").bind(page);
  const book = createBook(page, end.signal);
  watchFetch(book, patch);
  watchXhr(book, patch);
  watchSockets(book, patch);
  const ended: Done<unknown> = (call, _, at) => book.end(call, at, 0);
  return {
    fetch,
    book,
    mark(feature, fn) {
      const call = book.add(createCall(book, MARKED, `${feature}`, ""));
      return follow(book, call, fn, undefined, [], ended);
    },
    stop() {
      book.drain(2);
      book.max = 0;
      book.observer.disconnect();
      undo();
      end.abort();
      stopped();
    },
  };
}
