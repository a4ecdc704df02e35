// Turns an import into the collector's own script on the page, with the same typed calls.
import type {
  Delivery,
  Explanation,
  Firsthand,
  FirsthandCall,
  FirsthandEvent,
  FirsthandListener,
  FirsthandOptions,
  FirsthandUser,
  ThemeOption,
  Traits,
} from "./api.js";

export type {
  BeforeSend,
  Delivery,
  ErrorEvent,
  Explanation,
  Firsthand,
  FirsthandCall,
  FirsthandEvent,
  FirsthandEvents,
  FirsthandListener,
  FirsthandOptions,
  FirsthandUser,
  Gate,
  SurveyEvent,
  ThemeOption,
  Traits,
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
    push(["init", options]);
    return;
  }
  const script = document.createElement("script");
  script.async = true;
  // Without it the browser reports no rejection that passes through the script.
  script.crossOrigin = "anonymous";
  script.dataset["firsthandInit"] = "";
  try {
    const base = options.endpoint.replace(/\/?$/, "/");
    script.src = new URL("sdk.js", new URL(base, document.baseURI)).href;
  } catch (error) {
    // Not a URL, or a policy of the page (Trusted Types) forbids scripts by URL.
    console.warn(`[firsthand] invalid_endpoint: ${String(error)}`);
    return;
  }
  push(["init", options]);
  document.head.append(script);
}

/** Says who uses the product; `null` for nobody. */
export function identify(user: FirsthandUser | null): void {
  push(["identify", user]);
}

/** Adds to what is known about the person. */
export function setTraits(traits: Traits): void {
  push(["setTraits", traits]);
}

/** Tells of something that happened; names that begin with `$` are ours. */
export function track(name: string, properties?: Traits): void {
  push(["track", name, properties]);
}

/**
 * Does `fn`, and times it as one operation of a feature once the script has arrived; gives back, and
 * throws, what `fn` does.
 */
export function mark<T>(feature: string, fn: () => T): T {
  const here = typeof window === "undefined" ? undefined : window.firsthand;
  return here?.mark ? here.mark(feature, fn) : fn();
}

/** The language of surveys from now on, also of one that is open: what was answered stays. */
export function setLanguage(tag: string): void {
  push(["setLanguage", tag]);
}

/** The theme from now on, also of what is open. */
export function setTheme(theme: ThemeOption): void {
  push(["setTheme", theme]);
}

/** Without consent nothing is kept on this device; what was kept is removed. */
export function setConsent(consent: boolean | "granted" | "denied"): void {
  push(["setConsent", consent]);
}

/** Shows a survey now, unless this person answered or closed it too recently. */
export function show(
  surveyId: string,
  options?: { ignoreConditions?: boolean },
): void {
  push(["show", surveyId, options]);
}

/** Closes the open survey; not held against it. */
export function close(): void {
  push(["close"]);
}

/** Opens a feedback form; without an id, the first one of the site. */
export function openFeedback(surveyId?: string): void {
  push(["openFeedback", surveyId]);
}

/** Opens a feedback form on every click on an element, or on what a selector finds. */
export function attachTo(
  target: Element | string,
  surveyId?: string,
): () => void {
  return endable((firsthand) => firsthand.attachTo(target, surveyId));
}

/** Calls `listener` on every `event`; the returned function ends that. */
export function on<E extends FirsthandEvent>(
  event: E,
  listener: FirsthandListener<E>,
): () => void {
  return endable((firsthand) => firsthand.on(event, listener));
}

/** Ends what {@link on} began with the same listener. */
export function off<E extends FirsthandEvent>(
  event: E,
  listener: FirsthandListener<E>,
): void {
  push((firsthand) => firsthand.off(event, listener));
}

/** Why a survey is shown or not. Waits for the script; on a server, for ever. */
export function explain(surveyId: string): Promise<Explanation> {
  return new Promise((resolve) =>
    push((firsthand) => void firsthand.explain(surveyId).then(resolve)),
  );
}

/** What became of everything that this page had to tell. Waits for the script; on a server, for ever. */
export function delivery(): Promise<Delivery> {
  return new Promise((resolve) =>
    push((firsthand) => void firsthand.delivery().then(resolve)),
  );
}

/** Forgets the person: on logging out. */
export function reset(): void {
  push(["reset"]);
}

/** Takes everything off the page, for good. */
export function destroy(): void {
  push(["destroy"]);
}

/** The script's own way to end something does not exist while the call only waits. */
function endable(begin: (firsthand: Firsthand) => () => void): () => void {
  let ended = false;
  let end: (() => void) | undefined;
  push((firsthand) => {
    if (!ended) end = begin(firsthand);
  });
  return () => {
    ended = true;
    end?.();
  };
}

function push(call: FirsthandCall): void {
  if (typeof window !== "undefined") (window.firsthand ??= []).push(call);
}
