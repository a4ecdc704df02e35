// Turns envelopes into requests, the same bytes for each attempt, and the replies into inputs.
import type { Body, Header, Item } from "../types.gen.js";
import {
  errorCode,
  json,
  request,
  type Answer,
  type Fetch,
} from "./request.js";

/** What became of one attempt, as the agent takes it. */
export interface Delivered {
  batch: string;
  status: number;
  letters: string;
  retryAfterMs: number;
  code: string;
}

/** Bytes that may outlive the page at a time; browsers allow 64 KiB for all scripts together. */
const EXIT_BYTES = 48 << 10;

export interface Outbox {
  send(
    batch: string,
    attempt: number,
    header: Header,
    items: Item<Body>[],
    exit: boolean,
  ): void;
  resend(batch: string, attempt: number, exit: boolean): void;
  forget(batch: string): void;
}

/** The outbox of one site: `endpoint` ends with a slash, `tell` hears of every attempt once. */
export function createOutbox(
  { endpoint, siteKey }: { endpoint: string; siteKey: string },
  fetch: Fetch,
  tell: (delivered: Delivered) => void,
): Outbox {
  const texts = new Map<string, string>();
  let exitBytes = 0;

  const post = async (
    batch: string,
    attempt: number,
    text: string,
    exit: boolean,
  ) => {
    const bytes = exit ? new TextEncoder().encode(text).length : 0;
    const keepalive = exit && exitBytes + bytes <= EXIT_BYTES;
    if (keepalive) exitBytes += bytes;
    const url = `${endpoint}v1/batch?k=${siteKey}&v=1&z=-&b=${batch}&n=${attempt}`;
    const answer = await request(fetch, url, {
      method: "POST",
      body: text,
      keepalive,
    });
    if (keepalive) exitBytes -= bytes;
    tell({ batch, ...read(answer) });
  };

  const resend = (batch: string, attempt: number, exit: boolean) => {
    const text = texts.get(batch);
    if (text !== undefined) void post(batch, attempt, text, exit);
  };
  return {
    send(batch, attempt, header, items, exit) {
      texts.set(batch, envelope(header, items));
      resend(batch, attempt, exit);
    },
    resend,
    forget: (batch) => void texts.delete(batch),
  };
}

/** The text of an envelope: NDJSON, the header first. */
export function envelope(header: Header, items: Item<Body>[]): string {
  return [header, ...items].map((line) => JSON.stringify(line) + "\n").join("");
}

function read(answer: Answer): Omit<Delivered, "batch"> {
  const { status, retryAfterMs } = answer;
  if (status !== 200) {
    return { status, letters: "", retryAfterMs, code: errorCode(answer) };
  }
  const reply = json(answer) as { r?: unknown; err?: unknown } | undefined;
  const letters = typeof reply?.r === "string" ? reply.r : "";
  const errors = Array.isArray(reply?.err) ? (reply.err as unknown[]) : [];
  const code: unknown = Array.isArray(errors[0]) ? errors[0][1] : "";
  return {
    status,
    letters,
    retryAfterMs,
    code: typeof code === "string" ? code : "",
  };
}
