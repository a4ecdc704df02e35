// Turns what a page may ask of the SDK, and may hear from it, into types.
import type { Answer, SurveyRef } from "./types.gen.js";

/** How to start. */
export interface FirsthandOptions {
  /** The public key of the site, from the console. */
  siteKey: string;
  /** Base URL of the collector. Defaults to the directory that the script came from. */
  endpoint?: string;
  /** Defaults to `auto`: what the person's system prefers. */
  theme?: "auto" | "light" | "dark";
  /** Defaults to `bottom-right`. */
  position?: "bottom-right" | "bottom-left";
}

/** What a listener hears about a survey. */
export interface SurveyEvent {
  survey: SurveyRef;
  /** The pass through the survey; `null` until something was answered. */
  response: string | null;
  /** What was answered, with `answered` only. */
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
  /** A survey became visible. */
  shown: SurveyEvent;
  /** One question was answered, or skipped on purpose. */
  answered: SurveyEvent;
  /** The ending was reached. */
  completed: SurveyEvent;
  /** A survey was closed before its ending. */
  dismissed: SurveyEvent;
  /** Something went wrong; the page is not affected. */
  error: ErrorEvent;
}

export type FirsthandEvent = keyof FirsthandEvents;

/** `window.firsthand`. No method throws; calls made before the start are made up for. */
export interface Firsthand {
  readonly version: string;
  /** Starts; the script tag does so by itself when it carries `data-site-key`. */
  init(options: FirsthandOptions): void;
  /**
   * Makes one call, given by name. This also works on the array that stands here before the script
   * has arrived: `(window.firsthand ??= []).push(["show", "nps"])`.
   */
  push(call: FirsthandCall): void;
  /** Shows a survey now, unless this person answered or closed it too recently. */
  show(surveyId: string): void;
  /** Closes the open survey. */
  close(): void;
  /** Calls `listener` on every `event`; the returned function ends that. */
  on<E extends FirsthandEvent>(
    event: E,
    listener: (detail: FirsthandEvents[E]) => void,
  ): () => void;
}

/** A call as {@link Firsthand.push} takes it. */
export type FirsthandCall =
  | ["init", FirsthandOptions]
  | ["show", string]
  | ["close"]
  | {
      [E in FirsthandEvent]: ["on", E, (detail: FirsthandEvents[E]) => void];
    }[FirsthandEvent];
