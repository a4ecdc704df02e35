// Turns steps of a person into the place where the focus belongs: inside after each step, back after closing.

export interface Focus {
  /** Into the widget, on the person's wish. */
  enter(): void;
  /** After a step: onto what the view just drew. */
  follow(): void;
  /** Call before the widget leaves the page; the returned function brings the focus back where it came from. */
  leave(): () => void;
}

const CONTROLS = "input:checked, input, textarea";

export function trackFocus(host: HTMLElement, root: ShadowRoot): Focus {
  let origin: Element | null = null;
  host.addEventListener("focusin", ({ relatedTarget }) => {
    // Only a focus from outside is seen here at all: moves within a shadow root stay in it.
    if (relatedTarget instanceof Element) origin = relatedTarget;
  });
  const put = (element: HTMLElement | null | undefined) =>
    element?.focus({ preventScroll: true });
  const control = () => {
    const all = [...root.querySelectorAll<HTMLInputElement>(CONTROLS)];
    return all.find(({ checked }) => checked) ?? all[0];
  };
  const title = () => root.querySelector<HTMLElement>("#title");

  return {
    enter: () => put(control() ?? title()),
    follow: () => {
      const next = control();
      const held = root.querySelector("[aria-invalid=true]") !== null;
      // On a phone a focused text field brings up the keyboard over half the page: only when it is to be mended.
      const quiet =
        !held &&
        next?.localName === "textarea" &&
        matchMedia("(pointer: coarse)").matches;
      put(quiet ? title() : (next ?? title()));
      // What is to be mended is said at the foot of what may be scrolled.
      const body = held && root.querySelector(".body");
      if (body) body.scrollTop = body.scrollHeight;
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
