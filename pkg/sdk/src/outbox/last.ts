// Turns a request that a page makes as it goes into one that the browser makes for it, unheard.

/** What a page may have beside `fetch` for requests that outlive it. */
interface Last {
  navigator?: Partial<Pick<Navigator, "sendBeacon">>;
  fetchLater?: (
    url: string,
    init: RequestInit & { activateAfter: number },
  ) => unknown;
}

/**
 * Whether the browser took it. Neither way needs a preflight for text, and of neither will anybody hear
 * an answer: what was sent so stays kept. `fetchLater` has a quota of its own and sends no credentials.
 */
export function handOff(page: Last, url: string, body: string | Blob): boolean {
  try {
    if (page.fetchLater) {
      const init = { method: "POST", body, credentials: "omit" } as const;
      page.fetchLater(url, { ...init, activateAfter: 0 });
      return true;
    }
  } catch {
    // Its quota is used up, or a policy of the page forbids it.
  }
  return page.navigator?.sendBeacon?.(url, body) ?? false;
}
