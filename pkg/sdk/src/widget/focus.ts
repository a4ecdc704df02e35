// Turns steps of a person into the place where the focus belongs: inside after each step, back after closing.

export interface Focus {
  /** Into the widget, on the person's wish. */
  enter(): void;
  /** After a step: onto what the view just drew, or onto the first thing to mend. */
  follow(): void;
  /** Call before the view is drawn in another language; the returned function puts the focus onto the same control. */
  keep(): () => void;
  /** Call before the widget leaves the page; the returned function brings the focus back where it came from. */
  leave(): () => void;
}

const FIELDS =
  "input:checked, input:not([hidden], #context), textarea, .tab[aria-expanded=false]";
/** What brings up a keyboard on the screen. */
const TYPED = "textarea, input:not([type=radio], [type=checkbox])";

export function trackFocus(host: HTMLElement, root: ShadowRoot): Focus {
  let origin: Element | null = document.activeElement;
  host.addEventListener("focusin", ({ relatedTarget }) => {
    // Only a focus from outside is seen here at all: moves within a shadow root stay in it.
    if (relatedTarget instanceof Element) origin = relatedTarget;
  });
  const put = (element: HTMLElement | null | undefined) =>
    element?.focus({ preventScroll: true });
  const control = (within: ParentNode = root) => {
    const all = [...within.querySelectorAll<HTMLInputElement>(FIELDS)];
    const seen = all.filter((field) => field.checkVisibility?.() ?? true);
    return seen.find(({ checked }) => checked) ?? seen[0];
  };
  const title = () => root.querySelector<HTMLElement>("#title");
  const mend = (wrong: HTMLElement) => {
    // "Other" without a text needs the text, not another choice.
    const own = wrong.querySelector<HTMLElement>(".own:not([hidden])");
    put(wrong.matches("input, textarea") ? wrong : (own ?? control(wrong)));
    const body = root.querySelector(".body");
    const part = wrong.closest(".q");
    if (!body || !part) return;
    const { top, bottom } = part.getBoundingClientRect();
    const frame = body.getBoundingClientRect();
    // What is to be mended is said at the foot of its question.
    if (top < frame.top) body.scrollTop += top - frame.top - 16;
    else if (bottom > frame.bottom) body.scrollTop += bottom - frame.bottom;
  };

  return {
    enter: () => put(control() ?? title()),
    follow: () => {
      const wrong = root.querySelector<HTMLElement>("[aria-invalid=true]");
      if (wrong) return mend(wrong);
      const next = control();
      // On a phone a focused text field brings up the keyboard over half the page: only when it is to be mended.
      const quiet =
        next?.matches(TYPED) && matchMedia("(pointer: coarse)").matches;
      put(quiet ? title() : (next ?? title()));
    },
    keep: () => {
      const active = root.activeElement as HTMLInputElement | null;
      if (!active) return () => undefined;
      const { id, className, selectionStart, selectionEnd } = active;
      return () => {
        const same = id
          ? root.getElementById(id)
          : root.querySelector<HTMLElement>(`button[class="${className}"]`);
        put(same ?? title());
        // Only of text fields is it a number.
        if (typeof selectionStart === "number") {
          (same as HTMLInputElement | null)?.setSelectionRange(
            selectionStart,
            selectionEnd,
          );
        }
      };
    },
    leave: () => {
      const inside = root.activeElement !== null;
      return () => {
        if (inside && origin instanceof HTMLElement && origin.isConnected) {
          put(origin);
        }
      };
    },
  };
}
