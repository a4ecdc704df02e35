// Turns one HTTP exchange into an answer that is read to its end, or into status 0; never rejects.

/** `window.fetch`, as it was before anything else could wrap it. */
export type Fetch = typeof fetch;

/** What came back. */
export interface Answer {
  /** 0 when nothing came: network, timeout, blocked. */
  status: number;
  /** Milliseconds of the `Retry-After` header; 0 without one. */
  retryAfterMs: number;
  body: Uint8Array;
}

/** Longest wait for an answer, in milliseconds: the same patience as most load balancers have. */
const TIMEOUT_MS = 30_000;

/**
 * Fetches `url` so that no preflight can happen: no credentials, no header of ours, and a body
 * that is text.
 *
 * The answer is read to its end, because browsers give back the budget of `keepalive` only then.
 */
export async function request(
  fetch: Fetch,
  url: string,
  init: RequestInit = {},
  timeoutMs = TIMEOUT_MS,
  abort = new AbortController(),
): Promise<Answer> {
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      credentials: "omit",
      signal: abort.signal,
      ...init,
    });
    return {
      status: response.status,
      retryAfterMs: retryAfter(response.headers.get("Retry-After")),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  } catch {
    return { status: 0, retryAfterMs: 0, body: new Uint8Array() };
  } finally {
    clearTimeout(timer);
  }
}

/** Shorter texts are sent as they are: there is little to save, in characters. */
export const PACKED_MIN = 1_024;

/** `text` in gzip, called text so that no preflight can happen; `undefined` where the browser cannot do it. */
export async function pack(text: string): Promise<Blob | undefined> {
  try {
    const packed = new Blob([text])
      .stream()
      .pipeThrough(new CompressionStream("gzip"));
    const headers = { "Content-Type": "text/plain" };
    return await new Response(packed, { headers }).blob();
  } catch {
    // Another script may stand in for any of these.
    return undefined;
  }
}

/** The JSON in an answer; `undefined` when it holds none. */
export function json(answer: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    return undefined;
  }
}

/** The collector's stable code in a refusal; empty when somebody else refused. */
export function errorCode(answer: Answer): string {
  const reply = json(answer) as { error?: { code?: unknown } } | undefined;
  const code = reply?.error?.code;
  return typeof code === "string" ? code : "";
}

/** Milliseconds of a `Retry-After` header: seconds or an HTTP date; 0 when it says nothing. */
export function retryAfter(header: string | null, now = Date.now()): number {
  const text = header?.trim();
  if (!text) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return ms > 0 ? Math.min(ms, 0x7fff_ffff) : 0;
}
