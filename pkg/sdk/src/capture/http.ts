// Turns `fetch` and the reading of its answers into calls.
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
import type { Ring } from "./ring.js";
import { traceOf } from "./row.js";

/** A body of unknown length that takes longer than this is a stream, in ms. */
const STREAM_MS = 10_000;

/** The parts of `Request` and `RequestInit` that are looked at; of anything else there is none. */
type Asked = Partial<
  Pick<Request, "url" | "method" | "signal" | "keepalive"> & {
    href: string;
    headers: Partial<Headers> & { traceparent?: string };
    body: unknown;
  }
> | null;

/** Calls `Reflect.apply` as it was at the start: pages cannot put themselves between. */
type Original = (...args: unknown[]) => Promise<unknown>;

export function watchFetch(page: Page, ring: Ring, patch: Patch): void {
  const calls = new WeakMap<object, Call>();
  const answered = (call: Call, response: Response, at: number) => {
    call.headers = at;
    call.status = response.status;
    calls.set(response, call);
    if (/^opaque/.test(response.type)) call.flags |= OPAQUE;
    if (/event-stream|ndjson/.test(`${response.headers.get("content-type")}`))
      call.flags |= STREAM;
  };
  patch(page, "fetch", {
    apply(fetch: Original, self: unknown, args: unknown[]) {
      const run = () => Reflect.apply(fetch, self, args) as Promise<Response>;
      let call: Call;
      try {
        call = ring.add(asked(page, args[0] as Asked, args[1] as Asked));
      } catch {
        // What cannot even be looked at is the browser's to refuse.
        return run();
      }
      return follow(ring, call, run, (response, at) =>
        answered(call, response, at),
      );
    },
  });
  for (const name of "text json arrayBuffer blob bytes formData".split(" ")) {
    patch(page.Response?.prototype, name, {
      apply(read: Original, self: Response, args: unknown[]) {
        const run = () => Reflect.apply(read, self, args);
        const call = calls.get(self);
        // Only the first one reads; the others fail.
        if (!call || call.read || call.end || self.bodyUsed) return run();
        call.read = now();
        const done = (value: unknown, at: number) => {
          ring.end(call, at, 0);
          const isLong = at - call.headers > STREAM_MS;
          if (isLong && !self.headers.has("content-length"))
            call.flags |= STREAM;
          if (name === "json" && call.graphql !== undefined && hasErrors(value))
            call.flags |= GRAPHQL_ERRORS;
        };
        // That a body is no JSON or no form is not the network's fault.
        const harmless = name === "formData" ? /Syntax|Type/ : /Syntax/;
        return follow(ring, call, run, done, harmless);
      },
    });
  }
}

/** The call of `fetch(input, init)`, by looking at them only: a `Request` made of them would change them. */
function asked(page: Page, input: Asked, init: Asked): Call {
  const of = <K extends keyof NonNullable<Asked>>(name: K) =>
    init?.[name] ?? input?.[name];
  const url = `${input?.url ?? input?.href ?? input}`;
  const method = `${of("method") ?? "GET"}`.toUpperCase();
  const call = createCall(page, FETCH, method, url);
  const body = init?.body;
  const sized = body as { length?: number; byteLength?: number; size?: number };
  if (body && of("keepalive"))
    call.quota = sized.length ?? sized.byteLength ?? sized.size ?? 0;
  call.graphql = graphqlIn(url, body);
  call.signal = of("signal");
  const headers = of("headers");
  if (headers)
    call.trace = traceOf(headers.get?.("traceparent") ?? headers.traceparent);
  return call;
}

/** The text of GraphQL operations, which is read in idle time; `undefined` where there are none. */
export function graphqlIn(url: string, body: unknown): string | undefined {
  if (!/graphql/i.test(url)) return undefined;
  return typeof body === "string" && /^\s*[[{]/.test(body) ? body : "";
}

function hasErrors(value: unknown): boolean {
  type Result = { errors?: unknown[] } | null;
  return ([] as Result[])
    .concat(value as Result)
    .some((it) => !!it?.errors?.length);
}
