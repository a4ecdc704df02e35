// Turns the name of one of the tools' words, and a number, into what a person reads.
import type { Words } from "../widget/contract.js";

export type Say = (name: string, n?: number) => string;

/** `{n}` in a word is the number. */
export function speaker(words: Words): Say {
  return (name, n) =>
    (words[`shot_${name}`] ?? name)
      .replace("{n}", n === undefined ? "" : `${n}`)
      .trim();
}
