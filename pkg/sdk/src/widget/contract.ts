// Turns the lazy widget module into something the facade can call without loading its types' code.

/** Whether the answers so far are safe: the widget says so on its last screen. */
export type DeliveryState =
  /** On the way; nothing is known yet. */
  | "sending"
  /** The collector cannot be reached; the answer is kept while the page is open and sent again. */
  | "waiting"
  /** The collector has it on disk. */
  | "stored"
  /** The collector refused it for good. */
  | "refused";

export interface WidgetOptions {
  theme: "auto" | "light" | "dark";
  position: "bottom-right" | "bottom-left";
}

/** What the person did; each is told once, in order. */
export type WidgetEvent =
  /** Painted, in a visible tab. */
  | { type: "visible" }
  /** Confirmed the answer to one question. `prompt` is the question as it was shown. */
  | { type: "answered"; question: string; prompt: string; nps: number }
  | { type: "answered"; question: string; prompt: string; text: string }
  | { type: "answered"; question: string; prompt: string; skipped: true }
  /** Reached the ending: every answer was told before. */
  | { type: "completed" }
  /** Closed by the person: before the ending that is a dismissal, after it only a closing. */
  | { type: "closed" };

export interface WidgetHandle {
  setDelivery(state: DeliveryState): void;
  /** Takes the widget off the page and tells nothing more. Calling it again does nothing. */
  close(): void;
}

/** What the module at the widget's URL exports. */
export interface WidgetModule {
  /** Fetches and starts the wasm; resolves once. Rejects when it cannot run here. */
  load(wasmUrl: string): Promise<void>;
  /** Shows one survey; `content` is the answer of `GET /v1/survey/<id>@<version>`. */
  open(
    content: Uint8Array,
    options: WidgetOptions,
    on: (event: WidgetEvent) => void,
  ): WidgetHandle;
}
