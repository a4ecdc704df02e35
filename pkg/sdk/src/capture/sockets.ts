// Turns WebSocket and EventSource into calls that last until they are connected.
import {
  ERROR_ABORT,
  ERROR_NETWORK,
  EVENT_SOURCE,
  STREAM,
  WEB_SOCKET,
  createCall,
  now,
  type Call,
  type Page,
} from "./call.js";
import { native, type Patch } from "./patch.js";
import type { Ring } from "./ring.js";

type Socket = WebSocket | EventSource;

/**
 * Watches constructors with the one trap that this takes: a subclass would be another prototype, and
 * every constant of the class would have to be found on it.
 */
export function watchSockets(page: Page, ring: Ring, patch: Patch): void {
  const calls = new WeakMap<object, Call>();
  const watch = (name: "WebSocket" | "EventSource", kind: number) => {
    patch(page, name, {
      construct(it, args: never[], target) {
        const start = now();
        const socket = Reflect.construct(it, args, target) as Socket;
        const call = createCall(page, kind, "GET", socket.url);
        call.start = start;
        call.flags |= STREAM;
        calls.set(socket, ring.add(call));
        const on = (event: string, error: number) =>
          native(socket as EventTarget, "addEventListener").call(
            socket,
            event,
            () => {
              const at = now();
              if (!call.end)
                call.status = error ? 0 : kind === WEB_SOCKET ? 101 : 200;
              ring.end(call, at, error);
            },
            { once: true },
          );
        on("open", 0);
        on("error", ERROR_NETWORK);
        return socket;
      },
    });
    patch(page[name]?.prototype, "close", {
      apply(close: (...args: unknown[]) => unknown, self: object, args) {
        const call = calls.get(self);
        if (call) ring.end(call, now(), ERROR_ABORT);
        return Reflect.apply(close, self, args) as unknown;
      },
    });
  };
  watch("EventSource", EVENT_SOURCE);
  watch("WebSocket", WEB_SOCKET);
}
