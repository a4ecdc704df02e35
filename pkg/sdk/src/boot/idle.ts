// Turns "as soon as the page does not need the main thread" into a call.

/** Longest wait for an idle moment after the page has loaded, in milliseconds. */
const PATIENCE_MS = 2_000;

/** Calls `fn` once, when the page has loaded and is idle, or after {@link PATIENCE_MS}. */
export function whenIdle(page: Window, fn: () => void): void {
  const soon = () => {
    // Safari has no requestIdleCallback.
    if (typeof page.requestIdleCallback === "function") {
      page.requestIdleCallback(fn, { timeout: PATIENCE_MS });
    } else {
      page.setTimeout(fn, 1);
    }
  };
  if (page.document.readyState === "complete") soon();
  else page.addEventListener("load", soon, { once: true });
}
