// Turns an import into the collector's own script on the page, with the same typed calls.
import type {
  Firsthand,
  FirsthandCall,
  FirsthandEvent,
  FirsthandEvents,
  FirsthandOptions,
} from "./api.js";

export type {
  ErrorEvent,
  Firsthand,
  FirsthandCall,
  FirsthandEvent,
  FirsthandEvents,
  FirsthandOptions,
  SurveyEvent,
} from "./api.js";
export type { Answer, AnswerValue, SurveyRef } from "./types.gen.js";

declare global {
  interface Window {
    /** Before the script has arrived, an array of the calls to make up for: only `push` works. */
    firsthand?: Pick<Firsthand, "push"> & Partial<Firsthand>;
  }
}

/**
 * Puts the collector's script on the page. The script fetches agent and widget from the collector
 * by itself, so that they always fit what the collector speaks.
 *
 * Does nothing where there is no document (server-side rendering). A second call only warns.
 */
export function init(options: FirsthandOptions & { endpoint: string }): void {
  if (typeof document === "undefined") return;
  if (document.querySelector("script[data-firsthand-init]")) {
    call("init", options);
    return;
  }
  const script = document.createElement("script");
  script.async = true;
  script.dataset["firsthandInit"] = "";
  try {
    const base = options.endpoint.replace(/\/?$/, "/");
    script.src = new URL("sdk.js", new URL(base, document.baseURI)).href;
  } catch (error) {
    // Not a URL, or a policy of the page (Trusted Types) forbids scripts by URL.
    console.warn(`[firsthand] invalid_endpoint: ${String(error)}`);
    return;
  }
  call("init", options);
  document.head.append(script);
}

/** Shows a survey now, unless this person answered or closed it too recently. */
export function show(surveyId: string): void {
  call("show", surveyId);
}

/** Closes the open survey. */
export function close(): void {
  call("close");
}

/** Calls `listener` on every `event`; the returned function ends that. */
export function on<E extends FirsthandEvent>(
  event: E,
  listener: (detail: FirsthandEvents[E]) => void,
): () => void {
  // The script's own way to end it does not exist while the call only waits.
  let active = true;
  const whileActive = (detail: FirsthandEvents[E]) => {
    if (active) listener(detail);
  };
  call(...(["on", event, whileActive] as unknown as FirsthandCall));
  return () => {
    active = false;
  };
}

function call(...it: FirsthandCall): void {
  if (typeof window !== "undefined") (window.firsthand ??= []).push(it);
}
