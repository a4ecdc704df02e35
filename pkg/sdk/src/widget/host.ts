// Turns the look of a survey into an element on the page whose inside the page's styles do not reach.
import css from "../../../../crates/widget/style/widget.css";
import type { CornerName, Theme, WidgetOptions } from "./contract.js";

/** What the wasm says of a survey's look, line by line; a line without a value is empty. */
type Look = string[];

const COLORS = ["accent", "on-accent", "surface", "ink"];

export interface Host {
  element: HTMLElement;
  root: ShadowRoot;
  /** Where the view is drawn. */
  place: HTMLElement;
  /** Whether it is over everything else, and nothing else can be used meanwhile. */
  modal: boolean;
  /** Puts it on the page. Throws when an inline survey has no place there. */
  attach(): void;
  setTheme(theme: Theme): void;
}

export function createHost(look: Look, options: WidgetOptions): Host {
  const [placement, corner] = look;
  const inline = placement === "inline";
  const element = document.createElement("firsthand-widget");
  const into = options.container ?? (inline ? find(look[10]) : document.body);
  // A page under an open dialog is inert, and so is everything on it that is not a dialog of its own above.
  const modal =
    placement === "modal" ||
    (!inline && options.byPerson && !options.container && find(":modal"));
  const { dataset, style } = element;
  dataset.placement = placement;
  dataset.corner = corner || (options.corner satisfies CornerName);
  for (const [idx, theme] of ["light", "dark"].entries()) {
    for (const [nth, name] of COLORS.entries()) {
      const color = look[2 + idx * COLORS.length + nth];
      // Through the object model, which a strict `style-src` lets pass; an attribute would not.
      if (color) style.setProperty(`--${theme}-${name}`, color);
      if (color && nth > 1) dataset.own = "";
    }
  }
  // Open, so that a page can see through it where it guards its own shortcuts, and tests can read it.
  const root = element.attachShadow({ mode: "open" });
  const place = document.createElement(inline ? "section" : "dialog");
  place.className = "place";
  place.setAttribute("aria-labelledby", "title");
  if (modal) place.setAttribute("aria-modal", "true");
  root.append(place);
  adopt(root);
  const setTheme = (theme: Theme) => {
    if (theme === "auto") delete dataset.theme;
    else dataset.theme = theme;
  };
  setTheme(options.theme);
  return {
    element,
    root,
    place,
    modal: Boolean(modal),
    attach: () => {
      if (!into) throw new Error("the page has no element for this survey");
      into.append(element);
      // `show()` would move the focus, which only the person may do.
      if (modal) (place as HTMLDialogElement).showModal();
      else place.setAttribute("open", "");
    },
    setTheme,
  };
}

function find(selector: string | undefined): HTMLElement | null {
  try {
    return document.querySelector(selector || "-");
  } catch {
    // Not a selector, or one that this browser does not know.
    return null;
  }
}

/** A constructed stylesheet needs no permission from the page's `style-src`; a `<style>` does. */
function adopt(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    root.prepend(style);
  }
}
