// Turns XMLHttpRequest into calls: one for each `send`, also of an object that is used again.
import {
  ERROR_ABORT,
  ERROR_NETWORK,
  ERROR_TIMEOUT,
  XHR,
  createCall,
  now,
  type Call,
  type Page,
} from "./call.js";
import { follow } from "./follow.js";
import { graphqlIn } from "./http.js";
import { native, type Patch } from "./patch.js";
import type { Ring } from "./ring.js";

type Method = (...args: unknown[]) => unknown;

export function watchXhr(page: Page, ring: Ring, patch: Patch): void {
  const opened = new WeakMap<XMLHttpRequest, unknown[]>();
  const calls = new WeakMap<XMLHttpRequest, Call>();
  const hear = (event: Event) => {
    const at = now();
    const xhr = event.target as XMLHttpRequest;
    const call = calls.get(xhr);
    if (!call) return;
    // What the page does in its own listeners may reset it.
    if (xhr.status) call.status = xhr.status;
    // Whatever else it was is told right after the state, before the page goes on.
    if (event.type === "abort") call.error = ERROR_ABORT;
    else if (event.type === "timeout") call.error = ERROR_TIMEOUT;
    else if (xhr.readyState === 2) {
      call.headers = call.read = at;
      ring.stamp(call, at);
    } else if (xhr.readyState === 4)
      ring.end(call, at, call.status ? 0 : ERROR_NETWORK);
  };
  const { prototype } = page.XMLHttpRequest ?? {};
  patch(prototype, "open", {
    apply(open: Method, xhr: XMLHttpRequest, args: unknown[]) {
      const result = Reflect.apply(open, xhr, args);
      const before = calls.get(xhr);
      // That ends what was under way, and no event tells of it.
      if (before) ring.end(before, now(), ERROR_ABORT);
      calls.delete(xhr);
      opened.set(xhr, args);
      // Before those of the page; a second time, the browser knows them.
      for (const name of ["readystatechange", "abort", "timeout"])
        native(xhr, "addEventListener").call(xhr, name, hear);
      return result;
    },
  });
  patch(prototype, "send", {
    apply(send: Method, xhr: XMLHttpRequest, args: unknown[]) {
      const run = () => Reflect.apply(send, xhr, args);
      const asked = opened.get(xhr);
      if (!asked) return run();
      opened.delete(xhr);
      const url = `${asked[1]}`;
      const call = createCall(page, XHR, `${asked[0]}`.toUpperCase(), url);
      call.graphql = graphqlIn(url, args[0]);
      calls.set(xhr, ring.add(call));
      return follow(ring, call, run, () => {});
    },
  });
}
