// Turns what a page may ask of the SDK, and may hear from it, into types.
import type { Answer, SurveyRef } from "./types.gen.js";
import type { CornerName } from "./widget/contract.js";

/** One thing that must be so before a survey is shown. */
export interface Gate {
  gate: string;
  /** `null` for a wait without an end. */
  needed: number | string | null;
  /** `null` when it is not known, or never happened. */
  actual: number | string | null;
  passes: boolean;
}

/** `auto` follows the system, `host` the page: `data-theme` on `<html>`, else its `color-scheme`. */
export type ThemeOption = "auto" | "light" | "dark" | "host";

/**
 * Looks at each item before it leaves the page, or is kept on this device: gives back a body to send in
 * its place, or nothing to hold the item back (counted as `before_send`). What throws holds it back, too.
 * Called at once, and for one item perhaps more than once: the same item must get the same answer. `p` is
 * a copy and may be changed; what the collector cannot read it rejects.
 */
export type BeforeSend = (item: {
  type: string;
  p: object;
}) => { p: object } | null | undefined | false;

/** How to start. */
export interface FirsthandOptions {
  /** The public key of the site, from the console. */
  siteKey: string;
  /** Base URL of the collector. Defaults to the directory that the script came from. */
  endpoint?: string;
  /** Defaults to `auto`. */
  theme?: ThemeOption;
  /** Where surveys stand that name no corner. Defaults to `bottom-right`. */
  position?: CornerName;
  /**
   * What is known of the person's consent. `pending`: nothing is kept on this device, and nothing but
   * what they send on purpose leaves the page, until `setConsent` says more; meanwhile it waits in
   * memory, with its own time. `denied`: the same for good, and nothing waits. Defaults to `granted`.
   */
  consent?: "granted" | "pending" | "denied";
  /**
   * Whether `navigator.globalPrivacyControl` and `navigator.doNotTrack` keep the page from being
   * measured and from telling what was shown or closed. What a person sends on purpose, an answer or
   * feedback, is not concerned. Defaults to `honour`.
   */
  privacySignals?: "honour" | "ignore";
  /** See {@link BeforeSend}. */
  beforeSend?: BeforeSend;
  /** BCP 47 tag. Defaults to `lang` of `<html>`, else to the browser's language. */
  language?: string;
}

/** What is known about a person, by name. */
export type Traits = Record<
  string,
  string | number | boolean | null | undefined
>;

/** Who uses the product. */
export interface FirsthandUser {
  /** The page's own id of them. */
  id: string;
  /** HMAC-SHA-256 of `id` with the site's secret, in hex, made by the page's server. */
  signature?: string;
  traits?: Traits;
}

/** What a listener hears about a survey. */
export interface SurveyEvent {
  survey: SurveyRef;
  /** The pass through the survey; `null` until something was answered. */
  response: string | null;
  /** What was answered or passed over, with `answered` only. */
  answer: Answer | null;
}

/** What a listener hears about something that went wrong. */
export interface ErrorEvent {
  /** Stable; also printed to the console, once. */
  code: string;
  /** For people; not stable. */
  message: string;
}

export interface FirsthandEvents {
  /** The config is there: what runs on this site is known. */
  ready: Record<string, never>;
  /** All gates of a survey are open; it is fetched, and waits for a free moment. */
  eligible: SurveyEvent;
  /** A survey became visible. */
  shown: SurveyEvent;
  /** A step was taken: something was answered, or passed over on purpose. */
  answered: SurveyEvent;
  /** An ending was reached. */
  submitted: SurveyEvent;
  /** A survey was closed before its ending. */
  dismissed: SurveyEvent;
  /** The person asked for later. */
  snoozed: SurveyEvent;
  /** Something went wrong; the page is not affected. */
  error: ErrorEvent;
}

export type FirsthandEvent = keyof FirsthandEvents;

export type FirsthandListener<E extends FirsthandEvent> = (
  detail: FirsthandEvents[E],
) => void;

/** Why a survey is shown or not: every gate, also those behind the first that is closed. */
export interface Explanation {
  survey: string;
  eligible: boolean;
  gates: Gate[];
  /** Whether what was seen and answered is remembered beyond this page. */
  storage: "kept" | "memory";
}

/**
 * What became of every item (an answer, a closing, an impression, a report of requests) that this page
 * load made or took over, so far. It closes at every moment:
 *
 * `made + adopted = accepted + duplicate + conflict + rejected + pending + (sum of dropped)`.
 *
 * Over several page loads of one browser, items that one left and another took over are `made` on the
 * first and `adopted` on the second, where they also end.
 */
export interface Delivery {
  /** Items that came to be on this page load, those that were given up at once among them. */
  made: number;
  /** Items that earlier page loads left on this device, and this one delivers. */
  adopted: number;
  /** The collector says that they are on its disk. */
  accepted: number;
  /** The same of an earlier attempt whose answer was lost. */
  duplicate: number;
  /** Kept aside by the collector: it knows the id with another body. */
  conflict: number;
  /** Refused by the collector for good, each for a reason that it names. */
  rejected: number;
  /** Neither decided nor given up: waiting, or sent and not answered. */
  pending: number;
  /**
   * Given up, by reason: `queue_full` (more waits than there is room for), `too_large`, `unreadable`
   * (the collector cannot read it, even alone), `expired` (nobody took it for seven days), `no_consent`
   * (the person, or their browser, does not allow it), `before_send` (the page held it back),
   * `outbox_full` (the oldest and least important of what earlier pages left, for want of room). The same
   * counts go to the collector as `report` in the header of the next envelope.
   */
  dropped: Record<string, number>;
  /** Where answers, and what could not be delivered, are kept: `memory` goes with the page. */
  storage: "indexeddb" | "localstorage" | "memory";
  /** How many items this device keeps, by all pages of this site. */
  kept: number;
}

/** `window.firsthand`. No method throws; calls made before the start are made up for. */
export interface Firsthand {
  readonly version: string;
  /** Starts; the script tag does so by itself when it carries `data-site-key`. */
  init(options: FirsthandOptions): void;
  /**
   * Makes one call, given by name, or calls a function with `firsthand`. This also works on the
   * array that stands here before the script has arrived:
   * `(window.firsthand ??= []).push(["show", "nps"])`.
   */
  push(call: FirsthandCall): void;
  /** Says who uses the product; `null` for nobody. */
  identify(user: FirsthandUser | null): void;
  /** Adds to what is known about the person. */
  setTraits(traits: Traits): void;
  /** Tells of something that happened; names that begin with `$` are ours. */
  track(name: string, properties?: Traits): void;
  /**
   * Does `fn`, and times it as one operation of a feature: until it returns, or until its promise is
   * settled. Gives back what `fn` gives back; what it throws, the page gets.
   */
  mark<T>(feature: string, fn: () => T): T;
  /** The language of surveys from now on, also of one that is open: what was answered stays. */
  setLanguage(tag: string): void;
  setTheme(theme: ThemeOption): void;
  /** Without consent nothing is kept on this device; what was kept is removed. */
  setConsent(consent: boolean | "granted" | "denied"): void;
  /** Shows a survey now, unless this person answered or closed it too recently. */
  show(surveyId: string, options?: { ignoreConditions?: boolean }): void;
  /** Closes the open survey; not held against it. */
  close(): void;
  /** Opens a feedback form; without an id, the first one of the site. */
  openFeedback(surveyId?: string): void;
  /** Opens a feedback form on every click on an element, or on what a selector finds. */
  attachTo(target: Element | string, surveyId?: string): () => void;
  /** Calls `listener` on every `event`; the returned function ends that. */
  on<E extends FirsthandEvent>(
    event: E,
    listener: FirsthandListener<E>,
  ): () => void;
  off<E extends FirsthandEvent>(event: E, listener: FirsthandListener<E>): void;
  /** Why a survey is shown or not. */
  explain(surveyId: string): Promise<Explanation>;
  /** What became of everything that this page had to tell. Never resolves where nothing can run. */
  delivery(): Promise<Delivery>;
  /** Forgets the person: on logging out. */
  reset(): void;
  /** Takes everything off the page, for good. */
  destroy(): void;
}

type Method = Exclude<keyof Firsthand, "version" | "push">;

/** A call as {@link Firsthand.push} takes it. */
export type FirsthandCall =
  | ((firsthand: Firsthand) => void)
  | {
      [M in Method]: [M, ...Parameters<Firsthand[M]>];
    }[Exclude<Method, "on" | "off">]
  | {
      [E in FirsthandEvent]: ["on" | "off", E, FirsthandListener<E>];
    }[FirsthandEvent];
