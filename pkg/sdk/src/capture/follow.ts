// Turns what a function of the page does into stamps of its call, and passes all of it on.
import type { Book } from "./book.js";
import { errorOf, now, type Call } from "./call.js";

type Zoned = Promise<unknown> & {
  __zone_symbol__then?: Promise<unknown>["then"];
};

/** Hears what came of a call, and when; `self` is what the function was called on. */
export type Done<T> = (
  call: Call,
  value: Awaited<T>,
  at: number,
  self: unknown,
) => void;

/**
 * Calls `fn`; `done` hears what comes of it, at once or once the promise has it. What fails ends the call,
 * without an error where its name is `harmless`.
 *
 * Answers with the derived promise: one more handler on the side would swallow a rejection that nobody
 * handles, or report one that somebody does. Errors of `done` are ours and end here.
 */
export function follow<T>(
  book: Book,
  call: Call,
  fn: (...args: never[]) => T,
  self: unknown,
  args: never[],
  done: Done<T>,
  harmless?: RegExp,
): T {
  const good = (value: Awaited<T>) => {
    const at = now();
    try {
      done(call, value, at, self);
    } catch {}
    return value;
  };
  const bad = (error: unknown): never => {
    const at = now();
    try {
      const isFine = harmless?.test((error as Error).name);
      book.end(call, at, isFine ? 0 : errorOf(error, call.signal));
    } catch {}
    throw error;
  };
  let result: T;
  try {
    result = Reflect.apply(fn, self, args);
  } catch (error) {
    return bad(error);
  } finally {
    // Once: reading the body is a part of the same call.
    call.begun ||= now();
  }
  const promise = result as Partial<Zoned> | null;
  // The method from before zone.js, see `native`; by its name, which is looked up faster than a made one.
  const then = promise?.__zone_symbol__then ?? promise?.then;
  return typeof then === "function"
    ? (then.call(promise as Zoned, good as never, bad) as T)
    : (good(result as Awaited<T>) as T);
}
