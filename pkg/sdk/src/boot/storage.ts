// Turns what the agent remembers into an entry of localStorage, or nothing where that is refused.

export interface Storage {
  /** What pages of this browser have saved so far; empty when there is nothing. */
  load(): Uint8Array;
  /** `state` is base64: what the agent saves is text already. */
  save(state: string): void;
  /** Removes what was saved. */
  wipe(): void;
  /** Without consent, nothing goes further than this page. */
  setConsent(granted: boolean): void;
  /** Whether anything may go further than this page. */
  isAllowed(): boolean;
  /** Whether anything goes further than this page. */
  isKept(): boolean;
  /** Whether there is an entry of this name that may be looked at. */
  has(entry: string): boolean;
  /** Calls `fn` with what another page saves from now on. */
  onSaved(fn: (state: Uint8Array) => void, signal: AbortSignal): void;
  /** Calls `fn` when another page writes an entry. */
  onMarked(entry: string, fn: () => void, signal: AbortSignal): void;
}

/** Storage of one site by `name`; `page.localStorage` throws where a browser or a person forbids it. */
export function createStorage(
  page: Window,
  name: string,
  granted: boolean,
): Storage {
  /** Does something with the browser's storage, where there is one. */
  const use = <T>(fn: (storage: globalThis.Storage) => T): T | undefined => {
    try {
      return fn(page.localStorage);
    } catch {
      // Without storage the agent remembers for as long as the page lives.
      return undefined;
    }
  };
  return {
    load: () =>
      fromBase64(granted ? use((storage) => storage.getItem(name)) : ""),
    save: (state) => granted && use((storage) => storage.setItem(name, state)),
    wipe: () => use((storage) => storage.removeItem(name)),
    setConsent(it) {
      granted = it;
      if (!it) use((storage) => storage.removeItem(name));
    },
    isAllowed: () => granted,
    isKept: () =>
      granted && use((storage) => (storage.getItem(name), true)) === true,
    has: (entry) => granted && !!use((storage) => storage.getItem(entry)),
    onSaved(fn, signal) {
      page.addEventListener(
        "storage",
        ({ key, newValue }) => {
          const state = fromBase64(granted && key === name ? newValue : "");
          if (state.length > 0) fn(state);
        },
        { signal },
      );
    },
    onMarked(entry, fn, signal) {
      page.addEventListener("storage", ({ key }) => key === entry && fn(), {
        signal,
      });
    },
  };
}

function fromBase64(text: string | null | undefined): Uint8Array {
  try {
    return Uint8Array.from(atob(text ?? ""), (char) => char.charCodeAt(0));
  } catch {
    // Not ours, or cut short: as good as nothing.
    return new Uint8Array();
  }
}
