// Turns what a function of the page does into stamps of its call, and passes all of it on.
import { errorOf, now, type Call } from "./call.js";
import { native } from "./patch.js";
import type { Ring } from "./ring.js";

/**
 * Does `run`; `done` hears what comes of it, at once or once the promise has it. What fails ends the call.
 *
 * Answers with the derived promise: one more handler on the side would swallow a rejection that nobody
 * handles, or report one that somebody does. Errors of `done` are ours and end here.
 */
export function follow<T>(
  ring: Ring,
  call: Call,
  run: () => T,
  done: (value: Awaited<T>, at: number) => void,
  harmless?: RegExp,
): T {
  const good = (value: Awaited<T>) => {
    const at = now();
    try {
      done(value, at);
      ring.stamp(call, at);
    } catch {}
    return value;
  };
  const bad = (error: unknown): never => {
    const at = now();
    try {
      const fine = harmless?.test((error as Error).name);
      ring.end(call, at, fine ? 0 : errorOf(error, call.signal));
    } catch {}
    throw error;
  };
  let result: T;
  try {
    result = run();
  } catch (error) {
    return bad(error);
  } finally {
    // Before anything else looks at the clock.
    call.begun = now();
  }
  const promise = result as Promise<Awaited<T>>;
  return typeof promise?.then === "function"
    ? (native(promise, "then").call(promise, good, bad) as T)
    : (good(result as Awaited<T>) as T);
}
