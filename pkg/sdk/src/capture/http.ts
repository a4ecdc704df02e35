// Turns `fetch` and the reading of its answers into calls.
import type { Book } from "./book.js";
import {
  FETCH,
  GRAPHQL,
  GRAPHQL_ERRORS,
  OPAQUE,
  STREAM,
  createCall,
  now,
  type Call,
} from "./call.js";
import { follow, type Done } from "./follow.js";
import type { Patch } from "./patch.js";

/** A body of unknown length that takes longer than this is a stream, in ms. */
const STREAM_MS = 10_000;
/** To look at headers costs more than all the rest: it has to be worth it, in ms. */
const SLOW_MS = 1_000;

/** The parts of `Request` and `RequestInit` that are looked at; of anything else there is none. */
type Asked = Partial<
  Pick<Request, "url" | "method" | "signal" | "keepalive"> & {
    headers: Partial<Headers> & { traceparent?: string };
    body: { length?: number; byteLength?: number; size?: number };
  }
> | null;

/** The parts of an answer in JSON that are looked at. */
type Result = { errors?: unknown[]; 0?: unknown } | null;

type Fetch = (...args: never[]) => Promise<Response>;
type Read = (...args: never[]) => Promise<unknown>;

// Functions are made once, not for each call: each one is time that the page waits for.
export function watchFetch(book: Book, patch: Patch): void {
  const { page } = book;
  const calls = new WeakMap<object, Call>();
  const answered: Done<Promise<Response>> = (call, response, at) => {
    call.headers = at;
    call.status = response.status;
    calls.set(response, call);
    // `opaque` and `opaqueredirect`; no other begins like them.
    if (response.type[0] === "o") call.flags |= OPAQUE;
    book.soon();
  };
  patch(page, "fetch", {
    apply(fetch, self, args) {
      let call: Call;
      try {
        call = asked(book, args[0]!, args[1]!);
      } catch {
        // What cannot even be looked at is the browser's to refuse.
        return Reflect.apply(fetch, self, args) as unknown;
      }
      return follow(book, book.add(call), fetch as Fetch, self, args, answered);
    },
  });
  for (const name of "text json arrayBuffer blob bytes formData".split(" ")) {
    // That a body is no JSON, or no form, is not the network's fault.
    const harmless = name === "formData" ? /Syntax|Type/ : /Syntax/;
    const done: Done<Promise<unknown>> = (call, value, at, self) => {
      book.end(call, at, 0);
      if (isStream(self as Response, at - call.headers)) call.flags |= STREAM;
      if (name === "json" && hasErrors(value as Result, call.url))
        call.flags |= GRAPHQL_ERRORS;
    };
    patch(page.Response?.prototype, name, {
      apply(read, self: Response, args) {
        const call = calls.get(self);
        // Only the first one reads; the others fail.
        if (!call || call.read || call.end || self.bodyUsed)
          return Reflect.apply(read, self, args) as unknown;
        call.read = now();
        return follow(book, call, read as Read, self, args, done, harmless);
      },
    });
  }
}

/** The call of `fetch(input, init)`, by looking at them only: a `Request` made of them would change them. */
function asked(book: Book, input: Asked, init: Asked): Call {
  const call = createCall(
    book,
    FETCH,
    init?.method ?? input?.method ?? "GET",
    `${input?.url ?? (input as unknown as string)}`,
  );
  const { body } = init ?? {};
  if (body) {
    call.body = body;
    if (init!.keepalive ?? input?.keepalive)
      call.quota = body.length ?? body.byteLength ?? body.size ?? 0;
  }
  call.signal = init?.signal ?? input?.signal;
  const headers = init?.headers ?? input?.headers;
  if (headers) call.trace = headers.get?.("traceparent") ?? headers.traceparent;
  return call;
}

/** Whether an answer that it took `ms` to read comes in parts, as they happen. */
function isStream(response: Response, ms: number): boolean {
  if (ms < SLOW_MS) return false;
  const { headers } = response;
  return (
    /event-stream|ndjson/.test(`${headers.get("content-type")}`) ||
    (ms > STREAM_MS && !headers.has("content-length"))
  );
}

/** Whether it is an answer of GraphQL, or a batch of them, that has errors. */
function hasErrors(value: Result, url: string): boolean {
  return (
    !!(value?.errors ?? value?.[0]) &&
    GRAPHQL.test(url) &&
    ([] as Result[]).concat(value).some((it) => it?.errors?.length)
  );
}
