// Turns keystrokes into the widget's few shortcuts, and keeps everything typed inside away from the page.

export interface Shortcuts {
  /** Escape, with the focus inside. */
  leave(): void;
  /** F6, with the focus elsewhere on the page. */
  enter(): void;
}

/**
 * Taken from the page before its listeners run, also those in the capture phase. Only capture listeners on `window`
 * itself hear them first if they were there before the widget: nothing comes before those.
 */
const KEYS = ["keydown", "keyup", "keypress"] as const;
/** What was typed or pasted, in other words: as much the person's as the keys. */
const INPUTS = [
  "beforeinput",
  "input",
  "paste",
  "cut",
  "copy",
  "compositionstart",
  "compositionupdate",
  "compositionend",
] as const;
/** What was typed or dragged in as well, which the view does not listen to: what the browser does of it tells more. */
const UNTOLD = ["textInput", "drop"] as const;
/** Stopped on the way out, so that a focus trap of the page does not pull the focus back. */
const FOCUS = ["focusin", "focusout"] as const;

/** Starts keeping keystrokes inside `host`; the returned function ends it. */
export function guardKeyboard(
  host: HTMLElement,
  shortcuts: Shortcuts,
): () => void {
  // What went down inside is kept from the page until it is up again, wherever the focus is by then. What went down
  // on the page comes up there too, or the page would take the key for held.
  const down = new Set<string>();
  let ended = false;
  const keep = (event: KeyboardEvent) => {
    const inside = !ended && event.composedPath().includes(host);
    const held = event.type !== "keypress" && down.delete(event.code);
    const ours =
      event.type === "keyup" ? held : inside || (held && event.repeat);
    if (ours && event.type === "keydown") down.add(event.code);
    if (ended && down.size === 0) listen("removeEventListener");
    if (!ours) return;
    // What the browser itself does with a key (typing, arrows among radios, Enter) is not a listener: it still happens.
    event.stopImmediatePropagation();
    if (event.type === "keydown" && !event.repeat) pressed(event, shortcuts);
  };
  const listen = (how: "addEventListener" | "removeEventListener") => {
    for (const type of KEYS) window[how](type, keep as EventListener, true);
  };
  const hush = (event: Event) => {
    const inside = event.composedPath().includes(host);
    if (inside) event.stopImmediatePropagation();
    return inside;
  };
  const retell = (event: Event) => {
    if (!hush(event)) return;
    // The view still has to hear of it: a copy that ends at the edge of the shadow root.
    const told = event.composedPath()[0]?.dispatchEvent(copyOf(event));
    if (told === false) event.preventDefault();
  };
  const jump = (event: KeyboardEvent) => {
    // A page with an F6 of its own keeps it.
    if (event.key !== "F6" || event.defaultPrevented || modified(event)) return;
    event.preventDefault();
    shortcuts.enter();
  };
  listen("addEventListener");
  window.addEventListener("keydown", jump);
  for (const type of INPUTS) window.addEventListener(type, retell, true);
  for (const type of UNTOLD) window.addEventListener(type, hush, true);
  for (const type of FOCUS) host.addEventListener(type, stop);
  return () => {
    ended = true;
    if (down.size === 0) listen("removeEventListener");
    window.removeEventListener("keydown", jump);
    for (const type of INPUTS) window.removeEventListener(type, retell, true);
    for (const type of UNTOLD) window.removeEventListener(type, hush, true);
  };
}

function copyOf(event: Event): Event {
  const { type, cancelable } = event;
  const init = { bubbles: true, cancelable, composed: false };
  if (event instanceof ClipboardEvent) {
    return new ClipboardEvent(type, {
      ...init,
      clipboardData: event.clipboardData,
    });
  }
  return new Event(type, init);
}

function pressed(event: KeyboardEvent, shortcuts: Shortcuts): void {
  // Keys that an input method is still composing with are not ours; 229 is how Safari says so on the last one.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape" && !modified(event)) {
    event.preventDefault();
    shortcuts.leave();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const from = event.composedPath()[0];
    if (!(from instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    from.form?.requestSubmit();
  }
}

function modified(event: KeyboardEvent): boolean {
  return event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
}

function stop(event: Event): void {
  event.stopPropagation();
}
