// Turns `fetch` and the reading of its answers into calls.
import type { Book } from "./book.js";
import {
  FETCH,
  GRAPHQL_ERRORS,
  OPAQUE,
  STREAM,
  createCall,
  now,
  type Call,
  type Page,
} from "./call.js";
import { follow } from "./follow.js";
import type { Patch } from "./patch.js";

/** A body of unknown length that takes longer than this is a stream, in ms. */
const STREAM_MS = 10_000;
/** To look at headers costs more than all the rest: it has to be worth it, in ms. */
const SLOW_MS = 1_000;

/** The parts of `Request` and `RequestInit` that are looked at; of anything else there is none. */
type Asked = Partial<
  Pick<Request, "url" | "method" | "signal" | "keepalive"> & {
    href: string;
    headers: Partial<Headers> & { traceparent?: string };
    body: { length?: number; byteLength?: number; size?: number };
  }
> | null;

export function watchFetch(book: Book, patch: Patch): void {
  const { page } = book;
  const calls = new WeakMap<object, Call>();
  patch(page, "fetch", {
    apply(fetch, self, args) {
      const run = () => Reflect.apply(fetch, self, args) as Promise<Response>;
      let call: Call;
      try {
        call = asked(page, args[0]!, args[1]!);
      } catch {
        // What cannot even be looked at is the browser's to refuse.
        return run();
      }
      return follow(book, book.add(call), run, (response, at) => {
        call.headers = at;
        call.status = response.status;
        calls.set(response, call);
        if (/^opaque/.test(response.type)) call.flags |= OPAQUE;
        book.soon();
      });
    },
  });
  for (const name of "text json arrayBuffer blob bytes formData".split(" ")) {
    patch(page.Response?.prototype, name, {
      apply(read, self: Response, args) {
        const run = () => Reflect.apply(read, self, args) as Promise<unknown>;
        const call = calls.get(self);
        // Only the first one reads; the others fail.
        if (!call || call.read || call.end || self.bodyUsed) return run();
        call.read = now();
        const done = (value: unknown, at: number) => {
          book.end(call, at, 0);
          if (isStream(self, at - call.headers)) call.flags |= STREAM;
          if (name === "json" && call.graphql !== undefined && hasErrors(value))
            call.flags |= GRAPHQL_ERRORS;
        };
        // That a body is no JSON, or no form, is not the network's fault.
        const harmless = name === "formData" ? /Syntax|Type/ : /Syntax/;
        return follow(book, call, run, done, harmless);
      },
    });
  }
}

/** The call of `fetch(input, init)`, by looking at them only: a `Request` made of them would change them. */
function asked(page: Page, input: Asked, init: Asked): Call {
  const of = <K extends keyof NonNullable<Asked>>(name: K) =>
    init?.[name] ?? input?.[name];
  const url = `${input?.url ?? input?.href ?? input}`;
  const call = createCall(page, FETCH, of("method") ?? "GET", url);
  const body = init?.body;
  if (body && of("keepalive"))
    call.quota = body.length ?? body.byteLength ?? body.size ?? 0;
  noteGraphql(call, body);
  call.signal = of("signal");
  const headers = of("headers");
  call.trace = headers?.get?.("traceparent") ?? headers?.traceparent;
  return call;
}

/** Keeps what may hold operations for as long as their names were not read in idle time. */
export function noteGraphql(call: Call, body: unknown): void {
  if (/graphql/i.test(call.url)) call.graphql = body ?? "";
}

/** Whether an answer that it took `ms` to read comes in parts, as they happen. */
function isStream({ headers }: Response, ms: number): boolean {
  return (
    (ms > SLOW_MS &&
      /event-stream|ndjson/.test(`${headers.get("content-type")}`)) ||
    (ms > STREAM_MS && !headers.has("content-length"))
  );
}

function hasErrors(value: unknown): boolean {
  type Result = { errors?: unknown[] } | null;
  return ([] as Result[])
    .concat(value as Result)
    .some((it) => it?.errors?.length);
}
