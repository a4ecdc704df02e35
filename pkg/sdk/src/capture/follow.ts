// Turns what a function of the page does into stamps of its call, and passes all of it on.
import type { Book } from "./book.js";
import { errorOf, now, type Call } from "./call.js";
import { native } from "./patch.js";

/**
 * Does `run`; `done` hears what comes of it, at once or once the promise has it. What fails ends the call,
 * without an error where its name is `harmless`.
 *
 * Answers with the derived promise: one more handler on the side would swallow a rejection that nobody
 * handles, or report one that somebody does. Errors of `done` are ours and end here.
 */
export function follow<T>(
  book: Book,
  call: Call,
  run: () => T,
  done: (value: Awaited<T>, at: number) => void,
  harmless?: RegExp,
): T {
  const good = (value: Awaited<T>) => {
    const at = now();
    try {
      done(value, at);
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
    result = run();
  } catch (error) {
    return bad(error);
  } finally {
    // Once: reading the body is a part of the same call.
    call.begun ||= now();
  }
  const promise = result as Promise<Awaited<T>>;
  return typeof promise?.then === "function"
    ? (native(promise, "then").call(promise, good, bad) as T)
    : (good(result as Awaited<T>) as T);
}
