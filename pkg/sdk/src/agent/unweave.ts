// Turns the bytes of a module, sorted by what they stand for, into the module.

/** Streams, in the order of `crates/xtask/src/build/weave.rs`; the others are named by the table of kinds. */
const OP = 1;
const GROUPS = 2;
const BRANCH = 8;
const TAIL = 10;
/** Bytes of the table of kinds. */
const KINDS = 256;

/**
 * Puts a module together again. What the build has woven needs no checks, and whatever else comes is no module
 * afterwards, which the browser says; but it comes to an end.
 */
export function unweave(woven: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(woven);
  const begins = new Uint16Array(woven, KINDS, TAIL + 1);
  const at = [...begins];
  // More than enough: woven, a module lacks the sizes of its functions. A list that grows takes twice as long.
  const out = new Uint8Array(2 * bytes.length);
  out.set(bytes.subarray(at[0], at[OP]));
  let end = at[OP]! - at[0]!;
  const byte = (from: number) => (out[end++] = bytes[at[from]!++]!);
  /** Copies one number; its last byte is its value where it has but one. */
  const number = (from: number) => {
    let it;
    do it = byte(from);
    while (it > 127);
    return it;
  };
  const isLeft = () => at[OP]! < begins[GROUPS]!;
  while (isLeft()) {
    const start = (end += 3);
    for (let groups = byte(GROUPS); groups--; byte(GROUPS)) number(GROUPS);
    for (let depth = 1; depth && isLeft();) {
      const op = byte(OP);
      const kinds = bytes[op]!;
      const value = kinds && number(kinds & 15);
      if (kinds > 15) number(kinds >> 4);
      if (op > 1 && op < 5) depth++;
      if (op === 0x0b) depth--;
      let more = 0;
      if (op === 0x0e) more = value + 1; // br_table
      if (op === 0x43) more = 4; // f32.const
      if (op === 0x44) more = 8; // f64.const
      if (op === 0xfc && value > 9) more = 12 - value; // memory.copy, memory.fill
      while (more--) byte(BRANCH);
    }
    const size = end - start;
    // Groups of seven bits; what is more than a byte is cut off.
    out[start - 3] = size | 128;
    out[start - 2] = (size >> 7) | 128;
    out[start - 1] = size >> 14;
  }
  const tail = bytes.subarray(at[TAIL]);
  out.set(tail, end);
  return out.subarray(0, end + tail.length);
}
