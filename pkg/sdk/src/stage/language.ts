// Turns the language that a person reads into the nearest of those that there are.

/** Exactly this tag, ignoring case, else its base language; `undefined` when there is neither. */
export function resolve(
  wanted: string,
  offered: readonly string[],
): string | undefined {
  const find = (tag: string) =>
    offered.find((it) => it.toLowerCase() === tag.toLowerCase());
  const base = wanted.replace(/-.*/, "");
  return (
    find(wanted) ??
    find(base) ??
    // Of a language that is only there in a variety (`pt-BR`, `zh-Hans`), that one.
    offered.find((it) => it.toLowerCase().startsWith(`${base}-`.toLowerCase()))
  );
}
