// Turns a page into one with `window.firsthand`: at once, with every call made before made up for.
import type { Firsthand } from "../api.js";
import type { Capture } from "../capture/watch.js";
import type { Fetch } from "../transport/request.js";
import { createApi } from "./calls.js";
import { createCore } from "./core.js";
import { fromDataset } from "./options.js";

/** The page's window, and what may be in our place already. */
type Page = Window & { firsthand?: unknown };

/** What the loader knows of itself. */
export interface Script {
  /** Where it came from; the other assets lie beside it. */
  url: string;
  data: DOMStringMap;
}

/** Installs `page.firsthand`; `fetch` is the page's own, `capture` what measures it. */
export function install(
  page: Page,
  script: Script,
  fetch: Fetch,
  load: (url: string) => Promise<unknown>,
  capture?: Capture,
): void {
  const earlier = page.firsthand;
  if (typeof (earlier as Partial<Firsthand> | undefined)?.init === "function") {
    console.warn(
      "[firsthand] already_started: the script is on this page twice",
    );
    return;
  }
  const api = createApi(createCore(page, script.url, fetch, load, capture));
  page.firsthand = api;
  const options = fromDataset(script.data);
  if (options) api.init(options);
  if (Array.isArray(earlier)) earlier.forEach((call) => api.push(call));
}
