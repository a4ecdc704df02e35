// Turns WebSocket and EventSource into calls that last until they are connected.
import type { Book } from "./book.js";
import {
  ERROR_ABORT,
  ERROR_NETWORK,
  EVENT_SOURCE,
  WEB_SOCKET,
  createCall,
  now,
  type Call,
} from "./call.js";
import { native, type Patch } from "./patch.js";

/**
 * Watches constructors by the one trap that this takes: a subclass would bring another prototype, and
 * would have to carry every constant of the class.
 */
export function watchSockets(book: Book, patch: Patch): void {
  const { page } = book;
  const calls = new WeakMap<object, Call>();
  const watch = (name: "EventSource" | "WebSocket", kind: number) => {
    patch(page, name, {
      construct(it, args, target) {
        const call = createCall(book, kind, "GET", "");
        const socket = Reflect.construct(it, args, target) as WebSocket;
        call.url = socket.url;
        calls.set(socket, book.add(call));
        const on = (event: string, error: number) =>
          native(socket, "addEventListener").call(socket, event, () =>
            book.end(call, now(), error),
          );
        on("open", 0);
        on("error", ERROR_NETWORK);
        return socket;
      },
    });
    patch(page[name]?.prototype, "close", {
      apply(close, self: object, args) {
        const call = calls.get(self);
        if (call) book.end(call, now(), ERROR_ABORT);
        return Reflect.apply(close, self, args) as unknown;
      },
    });
  };
  watch("EventSource", EVENT_SOURCE);
  watch("WebSocket", WEB_SOCKET);
}
