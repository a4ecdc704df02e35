// Turns what happens to the page (address, visibility, network) into inputs of the agent.
import type { Call } from "./bridge.js";
import type { Site } from "./options.js";

/** What the listening needs beside the page. */
export interface Ear {
  site: Site;
  call: Call;
  /** What pages of this browser have saved so far. */
  saved: () => Uint8Array;
  guard: (fn: () => void) => () => void;
  /** Hears that the address has changed. */
  moved: () => void;
  /** Hears that the page goes. */
  leave: () => void;
  /** Ends the listening. */
  signal: AbortSignal;
}

/** BCP 47 tag of the language that the person reads. */
export function languageOf(page: Window, { language }: Site): string {
  return (
    language || page.document.documentElement.lang || page.navigator.language
  );
}

/** 0 for a desktop, 1 for a tablet, 2 for a phone. */
function deviceOf(page: Window): number {
  if (!page.matchMedia("(pointer: coarse)").matches) return 0;
  const { width, height } = page.screen;
  return Math.min(width, height) < 600 ? 2 : 1;
}

/**
 * Tells the agent where the page is whenever that may have changed; returns a function that looks
 * at once.
 *
 * History methods are never patched: other scripts do that, and undo each other. Browsers without
 * the Navigation API are asked at every other occasion instead.
 */
export function listen(page: Window, ear: Ear): () => void {
  const { site, call, saved, guard, moved, leave, signal } = ear;
  const { document } = page;
  let told = "";
  const look = () => {
    // Query and fragment may hold secrets: they never leave the page.
    const { origin, pathname } = page.location;
    const url = origin + pathname;
    const language = languageOf(page, site);
    const context = JSON.stringify({ url, language });
    if (context === told) return;
    told = context;
    call("page", deviceOf(page), url, language, context);
    moved();
  };
  const seen = () => {
    const hidden = document.visibilityState === "hidden";
    // A page in the back-forward cache hears nothing: it learns what others saved before it decides
    // or saves anything. Which of both events comes first is the browser's choice.
    if (!hidden) call("synced", saved());
    look();
    call(hidden ? "hidden" : "visible");
  };
  const go = () => {
    call("hidden");
    leave();
  };
  const on = (target: EventTarget, event: string, fn: () => void) =>
    target.addEventListener(event, guard(fn), { signal });

  const { navigation } = page as { navigation?: EventTarget };
  if (navigation) on(navigation, "currententrychange", look);
  on(page, "popstate", look);
  on(page, "hashchange", look);
  on(document, "visibilitychange", seen);
  // Both are needed: pages go without being hidden first, and come back from the back-forward
  // cache without becoming visible anew.
  on(page, "pagehide", go);
  on(document, "freeze", go);
  on(page, "pageshow", seen);
  on(page, "online", () => call("online"));
  // The first words to a page that is hidden already must not show anything.
  if (document.visibilityState === "hidden") call("hidden");
  return look;
}
