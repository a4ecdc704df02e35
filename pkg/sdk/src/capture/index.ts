// Turns every request of a page into one row for the agent, and leaves the page as it is.
import { MARKED, createCall, type Page } from "./call.js";
import { follow } from "./follow.js";
import { watchFetch } from "./http.js";
import { createPatches, native } from "./patch.js";
import { createRing, type Sink } from "./ring.js";
import { vital } from "./row.js";
import { watchSockets } from "./sockets.js";
import { watchXhr } from "./xhr.js";

export type { Sink } from "./ring.js";

/** The measuring of one page. */
export interface Capture {
  /** The browser's own `fetch`, for requests that are ours. */
  fetch: typeof fetch;
  /** Gives rows to `sink` from now on, except for calls of addresses that begin with `endpoint`. */
  connect(endpoint: string, sink: Sink): void;
  /** Times what `fn` does, or what its promise comes to, as one operation of a feature. */
  mark<T>(feature: string, fn: () => T): T;
  /** Adds the value of one web vital. */
  vital(name: string, value: number): void;
  /** Gives what there is, and takes everything back. */
  stop(): void;
}

/** The same for every copy of this code. */
const INSTALLED = Symbol.for("firsthand.capture");

/** Watches `page`, once; throws nothing but where nothing can be watched. With a `sink`, rows flow at once. */
export function install(window: Window, sink?: Sink): Capture {
  const page = window as Page & { [INSTALLED]?: Capture | undefined };
  const capture = (page[INSTALLED] ??= create(page, () => {
    page[INSTALLED] = undefined;
  }));
  if (sink) capture.connect("-", sink);
  return capture;
}

function create(page: Page, stopped: () => void): Capture {
  const { patch, undo } = createPatches();
  const end = new AbortController();
  const ring = createRing(page, end.signal);
  const fetch = native(page, "fetch").bind(page);
  watchFetch(page, ring, patch);
  watchXhr(page, ring, patch);
  watchSockets(page, ring, patch);
  return {
    fetch,
    connect: ring.connect,
    mark(feature, fn) {
      const call = createCall(page, MARKED, "", "", `${feature}`);
      return follow(ring, ring.add(call), fn, (_, at) => ring.end(call, at, 0));
    },
    vital: (name, value) => ring.push(vital(name, value)),
    stop() {
      ring.drain(2);
      undo();
      end.abort();
      stopped();
    },
  };
}
