// Turns what the page wrote as a choice into one that there is.
import type { ThemeOption } from "../api.js";
import type { Report } from "../boot/report.js";
import type { CornerName } from "../widget/contract.js";

const THEMES = ["auto", "light", "dark", "host"] as const;
const CORNERS = [
  "bottom-right",
  "bottom-left",
  "top-right",
  "top-left",
] as const;

/** The first one, with a warning, when there is no such choice. */
function oneOf<T extends string>(
  name: string,
  value: T | undefined,
  all: readonly [T, ...T[]],
  report: Report,
): T {
  if (value === undefined || all.includes(value)) return value ?? all[0];
  report("invalid_option", `${name} "${value}" is none of ${all.join(", ")}`);
  return all[0];
}

export const toTheme = (theme: ThemeOption | undefined, report: Report) =>
  oneOf("theme", theme, THEMES, report);

export const toCorner = (corner: CornerName | undefined, report: Report) =>
  oneOf("position", corner, CORNERS, report);
