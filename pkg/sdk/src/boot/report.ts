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

/** What a warning of the agent means; `about` is what it concerns. */
export function explain(code: string, about: string): [string, string] {
  switch (code) {
    case "unknown_survey":
      return [code, `no survey "${about}" is running on this site`];
    case "already_open":
      return [code, `"${about}" is not shown while a survey is open`];
    case "not_again_yet":
      return [code, `"${about}" was answered, closed or ignored too recently`];
    case "config_unreadable":
      return [code, "the collector is of another version than this script"];
    case "refused":
      return [
        about || code,
        "the collector refuses this page; nothing is shown or sent",
      ];
    case "item_rejected":
      return [code, `the collector rejected an item: ${about}`];
    default:
      return [code, about];
  }
}
