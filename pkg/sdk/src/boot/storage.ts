// Turns what the agent remembers into an entry of localStorage, or nothing where that is refused.

export interface Storage {
  /** What an earlier page of this browser saved; empty when there is nothing. */
  load(): Uint8Array;
  /** `state` is base64: what the agent saves is text already. */
  save(state: string): void;
  /** Calls `fn` with what another page saves from now on. */
  onSaved(fn: (state: Uint8Array) => void): void;
}

/** Storage of one site; `page.localStorage` throws where a browser or a person forbids it. */
export function createStorage(page: Window, siteKey: string): Storage {
  const name = `firsthand:${siteKey}`;
  return {
    load() {
      try {
        return fromBase64(page.localStorage.getItem(name));
      } catch {
        return new Uint8Array();
      }
    },
    save(state) {
      try {
        page.localStorage.setItem(name, state);
      } catch {
        // Without storage the agent remembers for as long as the page lives.
      }
    },
    onSaved(fn) {
      page.addEventListener("storage", ({ key, newValue }) => {
        const state = key === name ? fromBase64(newValue) : new Uint8Array();
        if (state.length > 0) fn(state);
      });
    },
  };
}

function fromBase64(text: string | null): Uint8Array {
  try {
    return Uint8Array.from(atob(text ?? ""), (char) => char.charCodeAt(0));
  } catch {
    // Not ours, or cut short: as good as nothing.
    return new Uint8Array();
  }
}
