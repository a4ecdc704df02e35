// Turns what happened into calls of the page's own listeners, whose mistakes stay theirs.
import type { FirsthandEvent, FirsthandEvents } from "../api.js";

type Listener = (detail: never) => void;

export interface Events {
  on(event: FirsthandEvent, listener: Listener): () => void;
  emit<E extends FirsthandEvent>(event: E, detail: FirsthandEvents[E]): void;
}

export function createEvents(): Events {
  const listeners = new Map<string, Set<{ listener: Listener }>>();
  return {
    on(event, listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all);
      // Wrapped, so that the same function added twice is called twice and removed one by one.
      const entry = { listener };
      all.add(entry);
      return () => void all.delete(entry);
    },
    emit(event, detail) {
      for (const { listener } of [...(listeners.get(event) ?? [])]) {
        try {
          (listener as (detail: unknown) => void)(detail);
        } catch (error) {
          console.warn(`[firsthand] listener_failed: "${event}"`, error);
        }
      }
    },
  };
}
