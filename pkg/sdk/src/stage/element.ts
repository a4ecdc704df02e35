// Turns changes of the page into looks at it: few, however much it changes.

/** Shortest time between two looks, in milliseconds. */
const LOOK_MS = 250;

/** Calls `look` soon after the page's elements have changed, until `signal` ends it. */
export function onChange(
  page: Window,
  look: () => void,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  let timer: number | undefined;
  const { MutationObserver } = page as Window & typeof globalThis;
  const observer = new MutationObserver(() => {
    timer ??= page.setTimeout(() => {
      timer = undefined;
      look();
    }, LOOK_MS);
  });
  observer.observe(page.document, {
    subtree: true,
    childList: true,
    attributes: true,
  });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    page.clearTimeout(timer);
  });
}

/** Resolves with the element once it is there, with nothing when given up; rejects for no selector. */
export function appear(
  page: Window,
  selector: string,
  signal: AbortSignal,
): Promise<HTMLElement | undefined> {
  return new Promise((resolve, reject) => {
    const found = new AbortController();
    const look = () => {
      const element = page.document.querySelector<HTMLElement>(selector);
      if (!element && !signal.aborted) return;
      found.abort();
      resolve(signal.aborted ? undefined : (element ?? undefined));
    };
    try {
      look();
    } catch (error) {
      return reject(error as Error);
    }
    onChange(page, look, found.signal);
    signal.addEventListener("abort", look);
  });
}
