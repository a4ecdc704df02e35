// Turns the pages of one origin into one that delivers what the others left, and those that live.

/** Who may deliver for whom. */
export interface Turns {
  /** Says that the page of `boot`, this one, lives and keeps something; without one, no longer. */
  live(boot?: string): void;
  /**
   * Calls `fn` once this page is the one that delivers what was left. It stays so until `fn` is done, or
   * `left` says that it is no longer.
   */
  lead(fn: (left: AbortSignal) => Promise<void>): void;
  /** The boots of pages that live and keep something. */
  alive(): Promise<(boot: string, at: number) => boolean>;
  /** Resolves when the page of `boot` lives no longer. */
  gone(boot: string): Promise<void>;
  /** The page may go, or sleep: holds nothing any more. */
  leave(): void;
}

/** Milliseconds for which a page without locks may deliver what was left, and nobody else. */
const LEASE_MS = 60_000;

/** By Web Locks, which end with their page however that ends. */
export function byLocks(locks: LockManager, name: string): Turns {
  const lifeOf = (id: string) => `${name}:of:${id}`;
  let hold = new AbortController();
  let isLeading = false;
  let end: (() => void) | undefined;
  const request = (lock: string, fn: () => Promise<void>) =>
    locks.request(lock, { signal: hold.signal }, fn).catch(() => {
      // Only this: the page goes, and waits no longer.
    });
  return {
    live(boot) {
      if (boot && !end) {
        const life = new Promise<void>((resolve) => (end = resolve));
        void request(lifeOf(boot), () => life);
      } else if (!boot) {
        end?.();
        end = undefined;
      }
    },
    lead(fn) {
      if (isLeading) return;
      isLeading = true;
      const { signal } = hold;
      const left = new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => resolve()),
      );
      void request(`${name}:lead`, () => Promise.race([fn(signal), left])).then(
        () => {
          if (!signal.aborted) isLeading = false;
        },
      );
    },
    async alive() {
      const { held = [] } = await locks.query();
      const names = new Set(held.map((lock) => lock.name));
      return (boot) => names.has(lifeOf(boot));
    },
    gone: (boot) => request(lifeOf(boot), () => Promise.resolve()),
    leave() {
      end?.();
      end = undefined;
      hold.abort();
      hold = new AbortController();
      isLeading = false;
    },
  };
}

/**
 * By an entry of localStorage, where there are no locks (pages without TLS). Two pages may deliver the
 * same then, which the collector sees.
 */
export function byLease(page: Window, name: string): Turns {
  const me = Math.random().toString(36);
  const entry = `${name}:lead`;
  const wait = (ms: number) =>
    new Promise<void>((resolve) => page.setTimeout(resolve, ms));
  type Fn = (left: AbortSignal) => Promise<void>;
  let hold = new AbortController();
  let holds = false;
  const renew = () =>
    page.localStorage.setItem(entry, `${me} ${Date.now() + LEASE_MS}`);
  const release = () => {
    holds = false;
    page.localStorage.removeItem(entry);
  };
  const take = async (fn: Fn, left: AbortSignal): Promise<void> => {
    const [holder, until] = (page.localStorage.getItem(entry) ?? "").split(" ");
    const rest = Number(until) - Date.now();
    if (left.aborted) return;
    // Twice as long: clocks are set back a little all the time. What is longer is of one that was set for good.
    if (holder !== me && rest > 0 && rest <= 2 * LEASE_MS) {
      await wait(rest);
      return take(fn, left);
    }
    renew();
    holds = true;
    try {
      await fn(left);
    } finally {
      // Who left has released it, and may hold it anew.
      if (!left.aborted) release();
    }
  };
  let isLeading = false;
  return {
    live: () => {},
    lead(fn) {
      if (isLeading) return;
      isLeading = true;
      const { signal } = hold;
      take(fn, signal)
        .catch(() => {
          // No storage, nothing left.
        })
        .finally(() => {
          if (!signal.aborted) isLeading = false;
        });
    },
    // Nobody can know: a page has a minute to deliver what it keeps by itself.
    async alive() {
      // Who delivers asks again and again.
      if (holds) renew();
      return (_, at) => Math.abs(Date.now() - at) < LEASE_MS;
    },
    gone: () => wait(LEASE_MS / 2),
    leave() {
      if (holds) release();
      hold.abort();
      hold = new AbortController();
      isLeading = false;
    },
  };
}
