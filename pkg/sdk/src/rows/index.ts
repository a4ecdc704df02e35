// Turns calls that have ended into rows for the agent, when the page is idle or goes.
import type { Book } from "../capture/book.js";
import { createDrain } from "./drain.js";
import { vital } from "./row.js";

/** Takes rows as text; `lost` were not kept before them; `exit` is 1 when the page is going. */
export type Sink = (lost: number, exit: number, rows: string) => void;

/** What else may be told. */
export interface Rows {
  /** The value of one web vital: in milliseconds, or a number where it has no unit. */
  vital(name: string, value: number): void;
}

/** The lazy part of capture, as the loader's part sees it. */
export interface RowsModule {
  connect(book: Book, ours: readonly string[], sink: Sink): Rows;
}

/** Gives rows of `book` to `sink` from now on, except for calls of addresses that begin with one of `ours`. */
export function connect(book: Book, ours: readonly string[], sink: Sink): Rows {
  const drain = createDrain(book, ours, sink);
  return { vital: (name, value) => drain.push(vital(name, value)) };
}
