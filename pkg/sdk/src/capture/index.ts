// Turns a page into rows of its requests, in one piece: what the loader and its lazy part do together.
import { connect, type Sink } from "../rows/index.js";
import { watch, type Capture } from "./watch.js";

export type { Sink } from "../rows/index.js";
export type { Capture } from "./watch.js";

/** Watches the page and gives rows to `sink`, those of calls below `endpoint` apart. */
export function install(
  page: Window,
  sink: Sink,
  endpoint = "about:",
): Capture & { vital: (name: string, value: number) => void } {
  const capture = watch(page);
  return { ...capture, ...connect(capture.book, endpoint, sink) };
}
