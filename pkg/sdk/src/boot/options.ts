// Turns what the page wrote (attributes, options) into a site that is known to be usable.
import type { BeforeSend, FirsthandOptions, ThemeOption } from "../api.js";
import type { CornerName } from "../widget/contract.js";
import type { Report } from "./report.js";

/** What a page may say of consent, as the agent counts. */
const CONSENTS = ["denied", "granted", "pending"];

/** Everything that start and transport need to know of the site. */
export interface Site {
  siteKey: string;
  /** Base URL of the collector, with a slash at the end. */
  endpoint: string;
  /** Base URL of the other assets, with a slash at the end. */
  assets: string;
  /** As the page wrote them: the stage checks them when something is shown. */
  theme: ThemeOption | undefined;
  corner: CornerName | undefined;
  /** Of the page's choice. */
  language: string | undefined;
  /** What is known of the person's consent: a place in {@link CONSENTS}, -1 for none of them. */
  consent: number;
  /** Whether what the browser asks for in the person's name does not count. */
  deaf: boolean;
  beforeSend: BeforeSend | undefined;
}

/** The options that a script tag carries as `data-` attributes; none without a site key. */
export function fromDataset(data: DOMStringMap): FirsthandOptions | undefined {
  // Checked like any options: attributes can hold anything, too.
  return data["siteKey"] === undefined
    ? undefined
    : (data as unknown as FirsthandOptions);
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
    theme: options.theme,
    corner: options.position,
    language: options.language,
    // What is none of the words is no consent either.
    consent: CONSENTS.indexOf(options.consent ?? "granted"),
    deaf: options.privacySignals === "ignore",
    beforeSend: options.beforeSend,
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
