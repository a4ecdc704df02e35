// Turns what happens to the page (address, visibility, network) into inputs of the agent.
import type { Call } from "./bridge.js";

/**
 * Tells the agent where the page is, now and whenever that may have changed; returns a function
 * that looks once more.
 *
 * History methods are never patched: other scripts do that, and undo each other. Browsers without
 * the Navigation API are asked at every other occasion instead. `saved` is what pages of this
 * browser have saved so far.
 */
export function listen(
  page: Window,
  call: Call,
  saved: () => Uint8Array,
  guard: (fn: () => void) => () => void,
): () => void {
  const { document } = page;
  let told = "";
  const look = () => {
    // Query and fragment may hold secrets: they never leave the page.
    const { origin, pathname } = page.location;
    const url = origin + pathname;
    if (url === told) return;
    told = url;
    call("page", url, document.documentElement.lang || page.navigator.language);
  };
  const seen = () => {
    const hidden = document.visibilityState === "hidden";
    // A page in the back-forward cache hears nothing: it learns what others saved before it decides
    // or saves anything. Which of both events comes first is the browser's choice.
    if (!hidden) call("synced", saved());
    look();
    call(hidden ? "hidden" : "visible");
  };
  const on = (target: EventTarget, event: string, fn: () => void) =>
    target.addEventListener(event, guard(fn));

  const { navigation } = page as { navigation?: EventTarget };
  if (navigation) on(navigation, "currententrychange", look);
  on(page, "popstate", look);
  on(page, "hashchange", look);
  on(document, "visibilitychange", seen);
  // Both are needed: pages go without being hidden first, and come back from the back-forward
  // cache without becoming visible anew.
  on(page, "pagehide", () => call("hidden"));
  on(page, "pageshow", seen);
  on(page, "online", () => call("online"));
  // The first words to a page that is hidden already must not show anything.
  if (document.visibilityState === "hidden") call("hidden");
  look();
  return look;
}
