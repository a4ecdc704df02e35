// Turns items into rows that outlive their page, and rows into what an agent takes over.
import type { Body, Command, Item, LatencyReport } from "../types.gen.js";

/**
 * Names a row and says all that decides what happens to it, so that nobody has to read it for that:
 * kind (0 for answers, more for less important), when it happened (milliseconds since 1970), id, bytes,
 * boot. Sorted, what goes first comes first.
 */
export type Key = [
  kind: number,
  at: number,
  id: string,
  size: number,
  boot: string,
];

/** One item that no collector has acknowledged. */
export interface Row {
  key: Key;
  seq: number;
  /** Milliseconds from the happening to the keeping, on a monotonic clock. */
  age: number;
  install: string;
  session: string;
  /** The body, as JSON, as it was or would be sent. */
  p: string;
}

export type Keep = Extract<Command, { do: "keep" }>;

/** The least important kind that the agent knows. */
const MAX_KIND = 4;
const ORDER = ["response", "", "dismissal", "impression"];
/** Bytes of a row beside its body, about. */
const FRAME_BYTES = 200;
/** Items and bytes that are handed over at a time: what the agent puts into one envelope. */
const PORTION = 50;
const PORTION_BYTES = 32 << 10;

/** The rows of what the agent wants kept; `through` is what may go out at all, as it goes out. */
export function toRows(
  { header, items }: Keep,
  through: (item: Item<Body>) => Item<Body> | undefined,
): Row[] {
  const { install, session, boot, sent_wall } = header;
  const rows: Row[] = [];
  for (const item of items) {
    const out = through(item);
    if (!out) continue;
    const { id, seq, age_ms: age } = item;
    const p = JSON.stringify(out.p);
    const size = new TextEncoder().encode(p).length + FRAME_BYTES;
    const key: Key = [kindOf(item), sent_wall - age, id, size, boot];
    rows.push({ key, seq, age, install, session, p });
  }
  return rows;
}

/** How important an item is, as the agent counts: answers, outages, closings, impressions, latency. */
function kindOf({ type, p }: Item<Body>): number {
  if (type !== "latency") return ORDER.indexOf(type);
  // Of a slice's counts the fourth is of attempts that failed.
  const { features } = p as LatencyReport;
  const failed = features.some(({ slices }) =>
    slices.some((it) => Number(it[3]) > 0),
  );
  return failed ? 1 : 4;
}

/** The keys of what is handed over next: of one page, the most important, at least one. */
export function portion(keys: Key[]): Key[] {
  const boot = keys[0]?.[4];
  let bytes = 0;
  return keys
    .filter((key) => key[4] === boot)
    .filter(([, , , size], n) => {
      bytes += size;
      return n === 0 || (n < PORTION && bytes <= PORTION_BYTES);
    });
}

/** One of each id: what a page has not kept yet when it goes, it keeps in two places. */
export function distinct<T>(all: T[], idOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [idOf(one), one])).values()];
}

/** Which of `keys`, sorted, have to go so that the others fit: the oldest of the least important. */
export function surplus(keys: Key[], items: number, bytes: number): Key[] {
  let total = keys.reduce((sum, [, , , size]) => sum + size, 0);
  let n = keys.length;
  const byNeed = [...keys].sort(([a, at], [b, bt]) => b - a || at - bt);
  return byNeed.filter(([, , , size]) => {
    const goes = n > items || total > bytes;
    if (goes) {
      n--;
      total -= size;
    }
    return goes;
  });
}

/** Whether a row is one of ours, whole: anybody may write into a browser's storage. */
export function isSound({ key, seq, age, install, session, p }: Row): boolean {
  const [kind, at, id, , boot] = key;
  try {
    JSON.parse(p);
  } catch {
    return false;
  }
  const isCount = (n: unknown) => Number.isSafeInteger(n) && Number(n) >= 0;
  return (
    [id, boot, install, session].every((it) => /^[0-9a-f-]{36}$/.test(it)) &&
    [kind, at, seq, age].every(isCount) &&
    kind <= MAX_KIND
  );
}

/** Rows of one sender as the agent's input `left` reads them. */
export function handOver(rows: Row[], now: number): Uint8Array {
  const out: number[] = [];
  const id = (text = "") => {
    const digits = text.replace(/-/g, "");
    for (let i = 0; i < 32; i += 2) {
      out.push(parseInt(digits.slice(i, i + 2), 16) || 0);
    }
  };
  const number = (n: number) => {
    for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
    out.push(n);
  };
  const [first] = rows;
  id(first?.install);
  id(first?.session);
  id(first?.key[4]);
  for (const { key, seq, age, p } of rows) {
    const [kind, at, name] = key;
    id(name);
    number(seq);
    // A clock that was set back since does not make it younger than it was.
    number(Math.max(now - at, age));
    out.push(kind);
    const body = new TextEncoder().encode(p);
    number(body.length);
    for (const byte of body) out.push(byte);
  }
  return Uint8Array.from(out);
}
