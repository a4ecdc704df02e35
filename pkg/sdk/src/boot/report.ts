// Turns what goes wrong into one line on the console for each code, and never into an exception.

/** Tells a developer: `code` is stable, `message` is for people. */
export type Report = (code: string, message: string) => void;

export function createReport(
  tell: (problem: { code: string; message: string }) => void,
): Report {
  const said = new Set<string>();
  return (code, message) => {
    if (!said.has(code)) {
      said.add(code);
      console.warn(`[firsthand] ${code}: ${message}`);
    }
    tell({ code, message });
  };
}

/** `fn` that reports instead of throwing: everything that the page or the browser calls is one. */
export function guarded<A extends unknown[], R>(
  report: Report,
  fn: (...args: A) => R,
): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return fn(...args);
    } catch (error) {
      report("internal", String(error));
      return undefined;
    }
  };
}

/** What a warning of the agent means; `about` is what it concerns. The README says more of each. */
export function explain(code: string, about: string): [string, string] {
  if (code !== "refused") return [code, about];
  return [
    about || code,
    "the collector refuses this page; nothing is shown or sent",
  ];
}
