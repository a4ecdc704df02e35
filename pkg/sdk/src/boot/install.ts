// Turns a page into one with `window.firsthand`: at once, with every call made before made up for.
import type { Firsthand, FirsthandCall, FirsthandOptions } from "../api.js";
import type { Fetch } from "../transport/request.js";
import type { Call } from "./bridge.js";
import { createEvents } from "./events.js";
import { whenIdle } from "./idle.js";
import { fromDataset, toSite, type Site } from "./options.js";
import { createReport, guarded } from "./report.js";
import { start } from "./start.js";

/** The page's window, and what may be in our place already. */
type Page = Window & { firsthand?: unknown };

/** What the loader knows of itself. */
export interface Script {
  /** Where it came from; the other assets lie beside it. */
  url: string;
  data: DOMStringMap;
}

/** Installs `page.firsthand`; `fetch` is the page's own, as it is now. */
export function install(
  page: Page,
  script: Script,
  fetch: Fetch,
  load: (url: string) => Promise<unknown>,
): void {
  const earlier = page.firsthand;
  if (typeof (earlier as Partial<Firsthand> | undefined)?.init === "function") {
    console.warn(
      "[firsthand] already_started: the script is on this page twice",
    );
    return;
  }
  const api = createApi(page, script, fetch, load);
  page.firsthand = api;
  const options = fromDataset(script.data);
  if (options) api.init(options);
  if (Array.isArray(earlier)) earlier.forEach(api.push);
}

function createApi(
  page: Page,
  script: Script,
  fetch: Fetch,
  load: (url: string) => Promise<unknown>,
): Firsthand {
  const events = createEvents();
  const report = createReport((problem) => events.emit("error", problem));
  let started = false;
  let call: Call | undefined;
  const waiting: ((call: Call) => void)[] = [];
  /** Why nothing can be shown any more. */
  let broken: string | undefined;
  let telling = false;

  const tellBroken = () => {
    // What a listener calls because of this is not told again, or it would never end.
    if (telling) return;
    telling = true;
    report("agent_failed", `surveys cannot run on this page: ${broken}`);
    telling = false;
  };
  const fail = (error: unknown) => {
    broken = String(error);
    tellBroken();
  };
  const later = (fn: (call: Call) => void) => {
    if (!started)
      report(
        "not_started",
        "call init first, or give the script tag data-site-key",
      );
    if (broken !== undefined) tellBroken();
    else if (call) fn(call);
    else waiting.push(fn);
  };
  const run = async (site: Site) => {
    try {
      call = await start(site, { page, fetch, load, events, report, fail });
      for (const fn of waiting.splice(0)) fn(call);
    } catch (error) {
      fail(error);
    }
  };
  const api = Object.freeze<Firsthand>({
    version: __VERSION__,
    push: guarded(report, (call: FirsthandCall) => {
      const [name, ...args] = call;
      const method: unknown = api[name];
      if (typeof method !== "function") {
        throw new Error(`there is no ${String(name)} to call`);
      }
      method(...(args as unknown[]));
    }),
    init: guarded(report, (options: FirsthandOptions) => {
      if (started) {
        report("already_started", "the first init counts");
        return;
      }
      const site = toSite(options, script.url, report);
      if (!site) return;
      started = true;
      whenIdle(page, () => void run(site));
    }),
    show: guarded(report, (id: string) =>
      later((call) => call("show", String(id))),
    ),
    close: guarded(report, () => later((call) => call("closed_by_page"))),
    on(event, listener) {
      if (typeof listener === "function") return events.on(event, listener);
      report("invalid_listener", `on("${event}") needs a function`);
      return () => {};
    },
  });
  return api;
}
