// Turns a busy page into the moment when something may be shown on it.
import { BUSY, type Guard } from "./guard.js";
import type { Lock } from "./lock.js";

/** How often a page is looked at while something waits for it, in milliseconds. */
export const LOOK_MS = 500;

/** What waiting needs. */
export interface Wait {
  page: Window;
  guard: Guard;
  lock: Lock;
  /** Hears why nothing can be shown now, whenever that changes. */
  busy: (reason: number) => void;
  /** Gives up. */
  signal: AbortSignal;
}

/** Resolves, in a free moment, with the way to give the lock back; with nothing when given up. */
export async function freeMoment(
  wait: Wait,
): Promise<(() => void) | undefined> {
  const { page, guard, lock, busy, signal } = wait;
  let told: number = BUSY.free;
  while (!signal.aborted) {
    let reason = guard.reason();
    if (reason === BUSY.free) {
      const release = await lock.take();
      // The person may have gone on meanwhile.
      reason = release ? guard.reason() : BUSY.locked;
      if (release && reason === BUSY.free && !signal.aborted) return release;
      release?.();
    }
    if (signal.aborted) break;
    if (reason !== told) busy((told = reason));
    await pause(page, LOOK_MS, signal);
  }
  if (told !== BUSY.free) busy(BUSY.free);
  return undefined;
}

/** Resolves after this time, or when `signal` ends it. */
export function pause(
  page: Window,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      page.clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = page.setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
