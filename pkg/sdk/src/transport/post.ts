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
import type { Through } from "./through.js";

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
/** The status that says of an attempt: nobody will hear what became of it, ask again. */
const UNKNOWN = 425;
/** Statuses of a body that could not be read: once more as it is, before anybody looks for the culprit. */
const UNREADABLE = /400|415|422/;
/** The letter of an item that never left the page. */
const HELD_BACK = "b";

/** The command that brings a new envelope. */
export type Send = Extract<Command, { do: "send" }>;

export interface Post {
  send(envelope: Omit<Send, "do">): void;
  resend(slot: number, attempt: number, exit: boolean): void;
  forget(slot: number): void;
}

/** One envelope as it goes out, however often. */
interface Letter {
  batch: string;
  text: string;
  /** For each item {@link HELD_BACK}, or empty for the collector's own letter. */
  held: string[];
  /** Ends attempts, those that are over among them. */
  out: AbortController[];
}

/**
 * The post of one site: `endpoint` ends with a slash, `tell` hears of every attempt once. `gone` resolves when
 * the page goes for the first time: what outlives it is packed until then.
 */
export function createPost(
  { endpoint, siteKey }: { endpoint: string; siteKey: string },
  fetch: Fetch,
  tell: (delivered: Delivered) => void,
  through: Through,
  handOff: (url: string, body: string | Blob) => boolean,
  gone: Promise<undefined>,
): Post {
  const kept = new Map<number, Letter>();
  let exitBytes = 0;
  /** Somebody on the way cannot read what is packed. */
  let isPlain = false;

  const resend = (slot: number, attempt: number, exit: boolean) => {
    const letter = kept.get(slot);
    if (letter) void post(slot, letter, attempt, exit);
  };
  const post = async (
    slot: number,
    letter: Letter,
    attempt: number,
    exit: boolean,
  ) => {
    const { batch, text, held, out } = letter;
    const abort = new AbortController();
    out.push(abort);
    const urlOf = (z: string) =>
      `${endpoint}v1/batch?k=${siteKey}&v=1&z=${z}&b=${batch}&n=${attempt}`;
    const isPacked = !isPlain && text.length > PACKED_MIN;
    // A page that is hidden mostly lives for as long as packing takes. One that goes does not: what is being
    // packed then goes as it is, before the event has ended.
    const packed = isPacked
      ? await Promise.race(exit ? [gone, pack(text)] : [pack(text)])
      : undefined;
    // Decided while it was packed: nobody waits for it.
    if (abort.signal.aborted) return;
    const url = urlOf(packed ? "gz" : "-");
    const body = packed ?? text;
    const bytes = exit ? new Blob([body]).size : 0;
    const keepalive = exit && exitBytes + bytes <= EXIT_BYTES;
    if (exit && !keepalive && handOff(url, body)) {
      // Queued is not delivered: the agent keeps it, and asks again if the page stays.
      return tell({ slot, ...NOTHING, status: UNKNOWN });
    }
    if (keepalive) exitBytes += bytes;
    const answer = await request(
      fetch,
      url,
      { method: "POST", body, keepalive },
      undefined,
      abort,
    );
    if (keepalive) exitBytes -= bytes;
    // Its twin was answered: what became of this one says nothing.
    if (kept.get(slot) !== letter) return;
    if (packed && UNREADABLE.test(`${answer.status}`)) {
      isPlain = true;
      return post(slot, letter, attempt, exit);
    }
    const read = readAnswer(answer);
    if (read.letters || !held.includes("")) {
      const rest = [...read.letters];
      const all = held.map((letter) => letter || rest.shift());
      read.letters = [...all, ...rest].join("");
    }
    tell({ slot, ...read });
  };
  return {
    send({ slot, batch, attempt, header, items, exit }) {
      const out = items.map(through);
      const text = envelope(
        header,
        out.filter((item) => item !== undefined),
      );
      const held = out.map((item) => (item ? "" : HELD_BACK));
      kept.set(slot, { batch, text, held, out: [] });
      resend(slot, attempt, exit);
    },
    resend,
    forget(slot) {
      const letter = kept.get(slot);
      kept.delete(slot);
      for (const attempt of letter?.out ?? []) attempt.abort();
    },
  };
}

/** The text of an envelope: NDJSON, the header first. */
export function envelope(header: Header, items: Item<Body>[]): string {
  return [header, ...items].map((line) => JSON.stringify(line) + "\n").join("");
}

const NOTHING = { status: 0, letters: "", retryAfterMs: 0, code: "" };

function readAnswer(answer: Answer): Omit<Delivered, "slot"> {
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
