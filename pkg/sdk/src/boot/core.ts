// Turns the way from "nothing yet" over "running" to "never again" into one place where calls wait.
import type { FirsthandOptions } from "../api.js";
import type { Capture } from "../capture/watch.js";
import type { Fetch } from "../transport/request.js";
import { createEvents, type Events } from "./events.js";
import { whenIdle } from "./idle.js";
import { toSite, type Site } from "./options.js";
import { createReport, type Report } from "./report.js";
import { start, type Running } from "./start.js";

export interface Core {
  page: Window;
  /** Measures the page's requests, where it can. */
  capture: Capture | undefined;
  events: Events;
  report: Report;
  /** Ends everything. */
  signal: AbortSignal;
  /** Starts, once. */
  init(options: FirsthandOptions): void;
  /** Calls `fn` now, or once the agent runs. */
  later(fn: (running: Running) => void): void;
  /** Calls `fn` with the reason when the agent cannot run, once. */
  onBroken(fn: (reason: string) => void): void;
  destroy(): void;
}

export function createCore(
  page: Window,
  scriptUrl: string,
  fetch: Fetch,
  load: (url: string) => Promise<unknown>,
  capture?: Capture,
): Core {
  const events = createEvents(page);
  const report = createReport((problem) => events.emit("error", problem));
  const end = new AbortController();
  const { signal } = end;
  const common = { page, capture, events, report, signal };
  const waiting: ((running: Running) => void)[] = [];
  const losers: ((reason: string) => void)[] = [];
  let started = false;
  let running: Running | undefined;
  /** Why nothing can be shown any more. */
  let broken: string | undefined;
  let telling = false;

  const fail = (reason: string) => {
    broken = reason;
    // What a listener calls because of this is not told again, or it would never end.
    if (telling) return;
    telling = true;
    report("agent_failed", `surveys cannot run on this page: ${reason}`);
    telling = false;
    for (const lose of losers.splice(0)) lose(reason);
  };
  const begin = (it: Running) => {
    running = it;
    for (const fn of waiting.splice(0)) fn(it);
  };
  const run = (site: Site) => {
    if (signal.aborted) return;
    start(site, { ...common, fetch, load, fail }, begin).catch(
      (error: unknown) => fail(String(error)),
    );
  };
  return {
    ...common,
    init(options) {
      if (started) return report("already_started", "the first init counts");
      const site = toSite(options, scriptUrl, report);
      if (!site) return;
      started = true;
      whenIdle(page, () => run(site));
    },
    later(fn) {
      if (signal.aborted) return report("destroyed", "nothing comes after it");
      if (!started)
        report("not_started", "call init, or give the script data-site-key");
      if (broken !== undefined) fail(broken);
      else if (running) fn(running);
      else waiting.push(fn);
    },
    onBroken: (fn) => void losers.push(fn),
    destroy() {
      // What waits to be sent goes now.
      capture?.stop();
      running?.call("hidden");
      end.abort();
      events.clear();
    },
  };
}
