// Turns "one survey at a time in all tabs of a browser" into a lock, by whatever the browser has.

/** How long a lease is good without being renewed: longer than hidden tabs are kept from doing so. */
const LEASE_MS = 90_000;
const RENEW_MS = 20_000;
/** Two tabs that write at once have both written by then, in milliseconds. */
const SETTLE_MS = 50;

export interface Lock {
  /** The way to give it back; `undefined` while another tab has it. */
  take(): Promise<(() => void) | undefined>;
}

/** The lock of one site; `isKept` tells whether localStorage may be used. */
export function createLock(
  page: Window,
  siteKey: string,
  isKept: () => boolean,
): Lock {
  const name = `firsthand:${siteKey}:show`;
  return {
    async take() {
      try {
        // Missing on insecure pages, refused in some frames.
        return await takeLock(page.navigator.locks, name);
      } catch {
        return isKept() ? takeLease(page, name) : () => {};
      }
    },
  };
}

function takeLock(
  locks: LockManager,
  name: string,
): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

async function takeLease(
  page: Window,
  name: string,
): Promise<(() => void) | undefined> {
  const mine = Math.random().toString(36).slice(2);
  try {
    const { localStorage: storage } = page;
    const holder = () => {
      const [who, until] = (storage.getItem(name) ?? "").split(" ");
      return Number(until) > Date.now() ? who : undefined;
    };
    const write = () =>
      storage.setItem(name, `${mine} ${Date.now() + LEASE_MS}`);
    if (holder() !== undefined) return undefined;
    write();
    await new Promise((done) => page.setTimeout(done, SETTLE_MS));
    // Of two that wrote at once, the last one has it.
    if (holder() !== mine) return undefined;
    const renewing = page.setInterval(write, RENEW_MS);
    return () => {
      page.clearInterval(renewing);
      if (holder() === mine) storage.removeItem(name);
    };
  } catch {
    // Without storage this page knows of no other.
    return () => {};
  }
}
