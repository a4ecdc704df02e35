// Turns what the page wrote (attributes, options) into a site that is known to be usable.
import type { FirsthandOptions, ThemeOption } from "../api.js";
import type { CornerName } from "../widget/contract.js";
import type { Report } from "./report.js";

/** Everything that start and transport need to know of the site. */
export interface Site {
  siteKey: string;
  /** Base URL of the collector, with a slash at the end. */
  endpoint: string;
  /** Base URL of the other assets, with a slash at the end. */
  assets: string;
  theme: ThemeOption;
  corner: CornerName;
  /** Of the page's choice; empty for none. */
  language: string;
}

const THEMES = ["auto", "light", "dark", "host"] as const;
const CORNERS = [
  "bottom-right",
  "bottom-left",
  "top-right",
  "top-left",
] as const;

/** The theme that the page names; `auto` when there is no such one. */
export function toTheme(
  theme: ThemeOption | undefined,
  report: Report,
): ThemeOption {
  return oneOf("theme", theme, THEMES, report);
}

/** The options that a script tag carries as `data-` attributes; none without a site key. */
export function fromDataset(data: DOMStringMap): FirsthandOptions | undefined {
  const { siteKey, endpoint, theme, position, language } = data;
  // Checked by `toSite` like any options: attributes can hold anything, too.
  return siteKey === undefined
    ? undefined
    : ({ siteKey, endpoint, theme, position, language } as FirsthandOptions);
}

/** The site that `options` describe; `scriptUrl` is where the loader came from. */
export function toSite(
  options: FirsthandOptions,
  scriptUrl: string,
  report: Report,
): Site | undefined {
  const { siteKey } = options;
  // As the collector checks it: a key of another form cannot be known there.
  if (typeof siteKey !== "string" || !/^[\w-]{8,64}$/.test(siteKey)) {
    report("invalid_site_key", `${String(siteKey)} is not a site key`);
    return undefined;
  }
  const assets = new URL(".", scriptUrl).href;
  const endpoint = baseUrl(options.endpoint, assets);
  if (endpoint === undefined) {
    report("invalid_endpoint", `${options.endpoint} is not a URL`);
    return undefined;
  }
  return {
    siteKey,
    endpoint,
    assets,
    theme: toTheme(options.theme, report),
    corner: oneOf("position", options.position, CORNERS, report),
    language: options.language ?? "",
  };
}

function baseUrl(
  text: string | undefined,
  otherwise: string,
): string | undefined {
  try {
    const url = new URL(text || otherwise, otherwise);
    if (!/^https?:$/.test(url.protocol)) return undefined;
    url.search = url.hash = "";
    return url.href.replace(/\/?$/, "/");
  } catch {
    return undefined;
  }
}

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
