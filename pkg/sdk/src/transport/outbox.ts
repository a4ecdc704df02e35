// Turns envelopes into requests, the same bytes for each attempt, and the replies into inputs.
import type { Body, Command, Header, Item } from "../types.gen.js";
import {
  PACKED_MIN,
  errorCode,
  json,
  pack,
  request,
  type Answer,
  type Fetch,
} from "./request.js";

/** What became of one attempt, as the agent takes it. */
export interface Delivered {
  slot: number;
  status: number;
  letters: string;
  retryAfterMs: number;
  code: string;
}

/** Bytes that may outlive the page at a time; browsers allow 64 KiB for all scripts together. */
const EXIT_BYTES = 48 << 10;

/** The command that brings a new envelope. */
export type Send = Extract<Command, { do: "send" }>;

export interface Outbox {
  send(envelope: Omit<Send, "do">): void;
  resend(slot: number, attempt: number, exit: boolean): void;
  forget(slot: number): void;
}

/** The outbox of one site: `endpoint` ends with a slash, `tell` hears of every attempt once. */
export function createOutbox(
  { endpoint, siteKey }: { endpoint: string; siteKey: string },
  fetch: Fetch,
  tell: (delivered: Delivered) => void,
): Outbox {
  const kept = new Map<number, { batch: string; text: string }>();
  let exitBytes = 0;

  const resend = (slot: number, attempt: number, exit: boolean) => {
    const envelope = kept.get(slot);
    if (envelope) void post(slot, envelope, attempt, exit);
  };
  const post = async (
    slot: number,
    { batch, text }: { batch: string; text: string },
    attempt: number,
    exit: boolean,
  ) => {
    const bytes = exit ? new TextEncoder().encode(text).length : 0;
    const keepalive = exit && exitBytes + bytes <= EXIT_BYTES;
    if (keepalive) exitBytes += bytes;
    // Packing takes a moment, which a page that goes does not have.
    const isPacked = !exit && text.length > PACKED_MIN;
    const packed = isPacked ? await pack(text) : undefined;
    const query = `k=${siteKey}&v=1&z=${packed ? "gz" : "-"}&b=${batch}&n=${attempt}`;
    const answer = await request(fetch, `${endpoint}v1/batch?${query}`, {
      method: "POST",
      body: packed ?? text,
      keepalive,
    });
    if (keepalive) exitBytes -= bytes;
    tell({ slot, ...read(answer) });
  };
  return {
    send({ slot, batch, attempt, header, items, exit }) {
      kept.set(slot, { batch, text: envelope(header, items) });
      resend(slot, attempt, exit);
    },
    resend,
    forget: (slot) => void kept.delete(slot),
  };
}

/** The text of an envelope: NDJSON, the header first. */
export function envelope(header: Header, items: Item<Body>[]): string {
  return [header, ...items].map((line) => JSON.stringify(line) + "\n").join("");
}

function read(answer: Answer): Omit<Delivered, "slot"> {
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
