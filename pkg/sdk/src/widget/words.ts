// Turns the widget's words into the lines that its wasm reads; what a language lacks is said in English.
import english from "../../../../crates/widget/words/en.json";
import type { Words } from "./contract.js";

/** In the order of the file, which is that of the wasm. The tools for screenshots read theirs by name. */
const NAMES = Object.keys(english).filter((name) => !name.startsWith("shot_"));

export function complete(words: Words): Words {
  return { ...(english as Words), ...words };
}

export function lines(words: Words, context: Record<string, string>): string {
  const plain = (text: string) => text.replace(/[\n\u001f]+/g, " ");
  const attached = Object.entries(context).flat();
  return [
    ...NAMES.map((name) => plain(words[name] ?? "")),
    digits(words["language"]),
    attached.map((text) => `${plain(text)}\u001f`).join(""),
  ].join("\n");
}

/** From zero to nine as the language writes them. */
function digits(language: string | undefined): string {
  try {
    const all = new Intl.NumberFormat(language, { useGrouping: false });
    return [...all.format(9876543210)].reverse().join("");
  } catch {
    // Not a language tag.
    return "0123456789";
  }
}
