// Turns a page into rows of its requests, in one piece: what the loader and its lazy part do together.
import { connect, type Rows, type Sink } from "../rows/index.js";
import { watch, type Capture } from "./watch.js";

export type { Rows, Sink } from "../rows/index.js";
export type { Capture } from "./watch.js";

/** {@link Capture} that also writes rows. */
export interface Whole extends Capture {
  connect(endpoint: string, sink: Sink): Rows;
}

/** Watches the page; rows flow to `sink` at once, or from `connect` on. */
export function install(page: Window, sink?: Sink): Whole {
  const capture = watch(page);
  const whole: Whole = {
    ...capture,
    connect: (endpoint, to) => connect(capture.book, [endpoint], to),
  };
  if (sink) whole.connect("about:", sink);
  return whole;
}
