// Turns the page's side of the checks into a few functions; written into the page before anything else, and harmless.

/** Runs in the page. Calls `window.fetch` as it is at the time of the call: with what an SDK made of it. */
export function pageTools() {
  const host = {
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    /** Keeps the main thread busy. */
    block(ms) {
      const end = performance.now() + ms;
      while (performance.now() < end);
    },
    /** What becomes of one XHR: the name of its last event. */
    xhr(url, { method = "GET", timeout = 0, abortMs, body, onload } = {}) {
      return new Promise((done) => {
        const xhr = new XMLHttpRequest();
        xhr.open(method, url);
        xhr.timeout = timeout;
        for (const name of ["load", "error", "abort", "timeout"]) {
          xhr.addEventListener(name, () => {
            if (name === "load") onload?.(xhr);
            done(name);
          });
        }
        xhr.send(body);
        if (abortMs !== undefined) setTimeout(() => xhr.abort(), abortMs);
      });
    },
    /** The page is in the background from now on, as far as scripts can tell. */
    hide() {
      const is = (name, value) =>
        Object.defineProperty(document, name, { value, configurable: true });
      is("visibilityState", "hidden");
      is("hidden", true);
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    },
    /** The error of a promise, or undefined. */
    error: (promise) =>
      promise.then(
        () => undefined,
        (error) => error,
      ),
  };
  window.host = host;
}
