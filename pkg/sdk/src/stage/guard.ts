// Turns what a person is doing into the reason why they should not be interrupted now.

/** Why a survey waits; the agent knows the numbers. */
export const BUSY = {
  free: 0,
  hidden: 1,
  typing: 2,
  composing: 3,
  dragging: 4,
  fullscreen: 5,
  modal: 6,
  selecting: 7,
  playing: 8,
  locked: 9,
} as const;

/** Somebody who stopped typing for this long looks up, in milliseconds. */
const TYPING_MS = 3_000;
/** Whoever is in a field and wrote so recently goes on writing, in milliseconds. */
const IN_FIELD_MS = 30_000;
/** A button that is down for longer came up where the page could not see it, in milliseconds. */
const HELD_MS = 30_000;

const TYPED =
  "input:not([type=button],[type=checkbox],[type=color],[type=file],[type=image],[type=radio],[type=range],[type=reset],[type=submit]),textarea,[contenteditable]:not([contenteditable=false])";

export interface Guard {
  /** One of {@link BUSY}: `free`, or why not now. */
  reason(): number;
}

/** Watches the person from now on. */
export function createGuard(page: Window, signal: AbortSignal): Guard {
  const { document } = page;
  let keyAt = -Infinity;
  let pressedAt = -Infinity;
  let composing = false;
  let dragging = false;
  const now = () => performance.now();
  const on = (events: string, fn: (event: Event) => void) => {
    for (const event of events.split(" ")) {
      document.addEventListener(event, fn, {
        passive: true,
        capture: true,
        signal,
      });
    }
  };
  on("keydown input", () => {
    if (focused(document)?.matches(TYPED)) keyAt = now();
  });
  on("compositionstart", () => (composing = true));
  on("compositionend", () => (composing = false));
  on("dragstart", () => (dragging = true));
  on("dragend drop", () => (dragging = false));
  on("pointerdown", () => (pressedAt = now()));
  on("pointerup pointercancel", () => (pressedAt = -Infinity));

  const isTyping = () => {
    const quiet = now() - keyAt;
    if (quiet < TYPING_MS) return true;
    const field = focused(document);
    if (!field?.matches(TYPED)) return false;
    const { value, textContent } = field as HTMLInputElement;
    return quiet < IN_FIELD_MS || (value ?? textContent ?? "").trim() !== "";
  };
  return {
    reason() {
      if (document.visibilityState === "hidden") return BUSY.hidden;
      // A field that is taken off the page while composing never says that it has ended.
      if (composing && focused(document)?.matches(TYPED)) return BUSY.composing;
      if (isTyping()) return BUSY.typing;
      if (dragging || now() - pressedAt < HELD_MS) return BUSY.dragging;
      if (document.fullscreenElement) return BUSY.fullscreen;
      if (openModal(page)) return BUSY.modal;
      const selection = page.getSelection();
      if (selection?.toString().trim()) return BUSY.selecting;
      if (isPlaying(document)) return BUSY.playing;
      return BUSY.free;
    },
  };
}

/** The element that has the focus, also within open shadow roots. */
function focused(document: Document): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

/** The page's own open modal dialog, by the browser's means or by ARIA's. */
export function openModal(page: Window): HTMLElement | undefined {
  const find = (selector: string) => {
    try {
      return [...page.document.querySelectorAll<HTMLElement>(selector)];
    } catch {
      // `:modal` is younger than `showModal`.
      return [];
    }
  };
  const dialogs = find("dialog:modal");
  return (
    dialogs[dialogs.length - 1] ??
    find("[aria-modal=true]").find(
      (it) =>
        it.getClientRects().length > 0 &&
        page.getComputedStyle(it).visibility !== "hidden",
    )
  );
}

/** Moving decoration, which plays silently and for ever, is not what somebody watches. */
function isPlaying(document: Document): boolean {
  const all = document.querySelectorAll<HTMLMediaElement>("video,audio");
  return [...all].some(
    ({ paused, ended, muted, loop, autoplay }) =>
      !paused && !ended && !(muted && (loop || autoplay)),
  );
}
