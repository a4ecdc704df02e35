// Turns the lazy widget module into something the facade can call without loading its types' code.
import type { Answer } from "../types.gen.js";

/** Whether the answers so far are safe: the widget says so on its last screen. */
export type DeliveryState =
  /** On the way; nothing is known yet. */
  | "sending"
  /** The collector cannot be reached; the answer is kept while the page is open and sent again. */
  | "waiting"
  /** The same, and the device keeps it whatever becomes of the page. */
  | "kept"
  /** The collector has it on disk. */
  | "stored"
  /** The collector refused it for good. */
  | "refused";

export type Theme = "auto" | "light" | "dark";

export type CornerName =
  "bottom-right" | "bottom-left" | "top-right" | "top-left";

/** What one opening of the widget needs beside the survey's content. */
export interface WidgetOptions {
  theme: Theme;
  /** Where a popover or a tab stands, when the survey does not say. */
  corner: CornerName;
  /** The widget's own words in the language of the content: the file of that language. */
  words: Words;
  /** What an earlier page was given by {@link Progress.resume}; empty for a fresh start. */
  resume: Uint8Array;
  /** An element of the page: of an inline survey, what it is put into; else the open dialog of the page. */
  container: HTMLElement | undefined;
  /** Opened by the person: the focus goes in at once. */
  byPerson: boolean;
  /** What may be attached to feedback with the person's consent, as it will be sent. */
  context: Record<string, string>;
  /** Puts the tools for screenshots into `slot`, which lies in the widget's shadow root. */
  screenshot: ((slot: HTMLElement, words: Words) => Screenshots) | undefined;
}

/** The widget's own words by name; `language` and `dir` are two of them. */
export type Words = Record<string, string>;

/** The tools for screenshots inside an open feedback form. */
export interface Screenshots {
  /** The images to send, as they are now: everything to hide is painted over in them. */
  images(): Blob[];
  destroy(): void;
}

/** How far a person is; told after every step, and when asked for. */
export interface Progress {
  /** Everything answered so far, in the order of the questions. */
  answers: Answer[];
  /** Whether an ending was reached. */
  complete: boolean;
  /** Whether anything was answered rather than passed over. */
  answered: boolean;
  /** What another page needs to go on here: answers, place, and what is entered but not confirmed. */
  resume: Uint8Array;
}

/** What the person did; each is told once, in order. */
export type WidgetEvent =
  /** Painted, in a visible tab. */
  | { type: "visible" }
  /** Took a step: confirmed, passed over, went back, or reached an ending. */
  | {
      type: "progressed";
      progress: Progress;
      /** What was confirmed or passed over with this step. */
      answer: Answer | undefined;
      /** Of a feedback form, whether its context may be attached. */
      context: boolean;
      images: Blob[];
    }
  /** Asked to be asked later. */
  | { type: "snoozed" }
  /** Closed by the person: before the ending that is a dismissal, after it only a closing. */
  | { type: "closed" };

export interface WidgetHandle {
  setDelivery(state: DeliveryState): void;
  /** Says the words of this name beside the delivery state, such as `shot_unsent`. */
  note(word: string): void;
  setTheme(theme: Theme): void;
  /** Shows the same survey in another language; what was answered and entered stays. */
  setLanguage(content: Uint8Array, words: Words): void;
  /** How far the person is now, for the moment when the page may go. */
  progress(): Progress;
  /** Takes the widget off the page and tells nothing more. Calling it again does nothing. */
  close(): void;
}

/** What the facade has to know of a survey before it opens it. */
export interface ContentAbout {
  /** BCP 47 tag of the texts. */
  language: string;
  /** Of an inline survey, the CSS selector of the element that it is put into. */
  element: string | undefined;
}

/** What the module at the widget's URL exports. */
export interface WidgetModule {
  /** Fetches and starts the wasm; resolves once. Rejects when it cannot run here. */
  load(wasmUrl: string): Promise<void>;
  /** Throws an `Error` when `content` is not a survey that this widget can show. */
  about(content: Uint8Array): ContentAbout;
  /** Shows one survey; `content` is the answer of `GET /v1/survey/<id>@<version>`. */
  open(
    content: Uint8Array,
    options: WidgetOptions,
    on: (event: WidgetEvent) => void,
  ): WidgetHandle;
}
