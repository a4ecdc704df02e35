// Turns what happened into calls of the page's own listeners, whose mistakes stay theirs.
import type { FirsthandEvent, FirsthandEvents } from "../api.js";

type Listener = (detail: never) => void;

export interface Events {
  on(event: FirsthandEvent, listener: Listener): () => void;
  off(event: FirsthandEvent, listener: Listener): void;
  /** Also tells the document: `firsthand:<event>`. */
  emit<E extends FirsthandEvent>(event: E, detail: FirsthandEvents[E]): void;
  /** Who listens from now on is not told any more that a survey is shown. */
  hidden(): void;
  clear(): void;
}

interface Entry {
  event: string;
  listener: Listener;
}

/** What is told to those, too, who come late. */
const STATES = /^(ready|shown)$/;

export function createEvents({ document }: Window): Events {
  // Wrapped, so that the same function added twice is called twice and removed one by one.
  const entries = new Set<Entry>();
  const states = new Map<string, unknown>();
  const run = (entry: Entry, detail: unknown) => {
    // One listener may remove another.
    if (!entries.has(entry)) return;
    try {
      (entry.listener as (detail: unknown) => void)(detail);
    } catch (error) {
      console.warn(`[firsthand] listener_failed: "${entry.event}"`, error);
    }
  };
  return {
    on(event, listener) {
      const entry = { event, listener };
      entries.add(entry);
      // Later, as every event: who subscribes has the way to stop it by then.
      const detail = states.get(event);
      if (detail) void Promise.resolve().then(() => run(entry, detail));
      return () => void entries.delete(entry);
    },
    off(event, listener) {
      for (const it of entries) {
        if (it.event === event && it.listener === listener) entries.delete(it);
      }
    },
    emit(event, detail) {
      if (STATES.test(event)) states.set(event, detail);
      for (const entry of [...entries]) {
        if (entry.event === event) run(entry, detail);
      }
      document.dispatchEvent(new CustomEvent(`firsthand:${event}`, { detail }));
    },
    hidden: () => void states.delete("shown"),
    clear: () => entries.clear(),
  };
}
