// Turns XMLHttpRequest into calls: one for each `send`, also of an object that is used again.
import type { Book } from "./book.js";
import {
  ERROR_ABORT,
  ERROR_NETWORK,
  ERROR_TIMEOUT,
  XHR,
  createCall,
  now,
  type Call,
} from "./call.js";
import { follow } from "./follow.js";
import { native, type Patch } from "./patch.js";

export function watchXhr(book: Book, patch: Patch): void {
  const opened = new WeakMap<XMLHttpRequest, unknown[]>();
  const calls = new WeakMap<XMLHttpRequest, Call>();
  const hear = ({ type, target }: Event) => {
    const at = now();
    const xhr = target as XMLHttpRequest;
    const call = calls.get(xhr);
    if (!call) return;
    const { readyState, status } = xhr;
    // Who aborts in a listener of the last state resets it.
    call.status ||= status;
    // These come right after the last state.
    if (type === "abort") call.error = ERROR_ABORT;
    else if (type === "timeout") call.error = ERROR_TIMEOUT;
    else if (readyState > 3) book.end(call, at, status ? 0 : ERROR_NETWORK);
    else if (readyState > 1 && !call.headers) {
      // The browser reads by itself.
      call.headers = call.read = at;
      book.soon();
    }
  };
  const { prototype } = book.page.XMLHttpRequest ?? {};
  patch(prototype, "open", {
    apply(open, xhr: XMLHttpRequest, args) {
      const result: unknown = Reflect.apply(open, xhr, args);
      const before = calls.get(xhr);
      // This ends what was under way, and no event tells of it.
      if (before) book.end(before, now(), ERROR_ABORT);
      calls.delete(xhr);
      opened.set(xhr, args);
      // Before those of the page; the browser knows them the second time.
      for (const name of ["readystatechange", "abort", "timeout"])
        native(xhr, "addEventListener").call(xhr, name, hear);
      return result;
    },
  });
  patch(prototype, "send", {
    apply(send, xhr: XMLHttpRequest, args) {
      const asked = opened.get(xhr);
      if (!asked) return Reflect.apply(send, xhr, args) as unknown;
      opened.delete(xhr);
      const call = createCall(book, XHR, `${asked[0]}`, `${asked[1]}`);
      call.body = args[0];
      calls.set(xhr, book.add(call));
      return follow(book, call, send, xhr, args, () => {});
    },
  });
}
