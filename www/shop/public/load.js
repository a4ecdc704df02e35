// Turns a request into a place on the page: waiting, then its answer, or what went wrong and a way on.

import { h } from "./dom.js";

/**
 * Fills a new element by `show(answer)`. On failure it says what happened and offers another try.
 * @param {{what: string, signal: AbortSignal, ask: () => Promise<any>, waiting: Node[],
 *   show: (answer: any) => Node[]}} options `what` begins the sentence of the failure
 */
export function load({ what, signal, ask, waiting, show }) {
  const place = h("div", { class: "loaded" });
  const run = async () => {
    place.setAttribute("aria-busy", "true");
    place.replaceChildren(...waiting);
    try {
      const answer = await ask();
      if (!signal.aborted) place.replaceChildren(...show(answer));
    } catch (error) {
      if (signal.aborted) return;
      place.replaceChildren(failure(`${what} did not load.`, error, run));
    }
    place.removeAttribute("aria-busy");
  };
  run();
  return place;
}

/** What happened, why, and a button that tries again. */
export function failure(what, error, again) {
  return h(
    "div",
    { class: "notice", role: "alert" },
    h("p", {}, h("strong", {}, what), " ", error.message),
    h(
      "button",
      { type: "button", class: "quiet", onclick: again },
      "Try again",
    ),
  );
}
