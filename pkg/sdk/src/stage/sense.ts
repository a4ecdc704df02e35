// Turns what only the page itself can find out (elements, clicks, scrolling) into inputs of the agent.
import type { Backstage } from "../boot/backstage.js";
import type { Probe } from "../types.gen.js";
import { onChange } from "./element.js";

/** Characters of an address that a regular expression is run on. */
const MAX_ADDRESS = 2_048;

/** Watches for `probes` until `signal` ends it; returns what to call when the address has changed. */
export function sense(
  { page, call, report }: Backstage,
  probes: readonly Probe[],
  signal: AbortSignal,
): () => void {
  const { document } = page;
  const happened = (index: number) => call("track", `$${index}`, "");
  const on = (event: string, fn: (event: Event) => void) =>
    document.addEventListener(event, fn, {
      passive: true,
      capture: true,
      signal,
    });
  /** What cannot be read finds nothing, and is said once. */
  const careful = <T>(fn: () => T): T | undefined => {
    try {
      return fn();
    } catch (error) {
      report("invalid_probe", String(error));
      return undefined;
    }
  };
  const states: (() => unknown)[] = [];
  const moves: (() => void)[] = [];
  let elements = false;

  probes.forEach((probe, index) => {
    states[index] = () => false;
    if (probe === "exit") {
      on("mouseout", (event) => {
        const { relatedTarget, clientY } = event as MouseEvent;
        if (!relatedTarget && clientY <= 0) happened(index);
      });
    } else if ("regex" in probe) {
      const pattern = careful(() => new RegExp(probe.regex, "u"));
      states[index] = () => pattern?.test(address(page));
    } else if ("element" in probe) {
      elements = true;
      states[index] = () =>
        careful(() => document.querySelector(probe.element));
    } else if ("click" in probe) {
      on("click", (event) => {
        const path = event.composedPath() as Partial<Element>[];
        const hit = careful(() => path.some((at) => at.matches?.(probe.click)));
        if (hit) happened(index);
      });
    } else {
      moves.push(onDepth(page, on, probe.scroll, () => happened(index)));
    }
  });

  let told = "";
  const look = () => {
    const now = states.map((state) => (state() ? "1" : "0")).join("");
    if (now === told) return;
    told = now;
    call("sensed", now);
  };
  if (elements) onChange(page, look, signal);
  look();
  return () => {
    for (const move of moves) move();
    look();
  };
}

/** Calls `reached` once the page is scrolled that far; once more after what is returned was called. */
function onDepth(
  page: Window,
  on: (event: string, fn: (event: Event) => void) => void,
  percent: number,
  reached: () => void,
): () => void {
  const { document } = page;
  let done = false;
  on("scroll", ({ target }) => {
    if (done || target !== document) return;
    const { scrollHeight } = document.documentElement;
    const way = scrollHeight - page.innerHeight;
    if (way <= 0 || (page.scrollY / way) * 100 < percent) return;
    done = true;
    reached();
  });
  return () => (done = false);
}

function address({ location: { origin, pathname } }: Window): string {
  return (origin + pathname).slice(0, MAX_ADDRESS);
}
