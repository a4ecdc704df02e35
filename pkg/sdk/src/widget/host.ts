// Turns the widget's options into an element on the page whose inside the page's styles do not reach.
import css from "../../../../crates/widget/style/widget.css";
import type { WidgetOptions } from "./contract.js";

export interface Host {
  element: HTMLElement;
  root: ShadowRoot;
  /** Where the view is drawn. */
  place: HTMLElement;
}

export function createHost(options: WidgetOptions): Host {
  const element = document.createElement("firsthand-widget");
  if (options.theme !== "auto") element.dataset.theme = options.theme;
  element.dataset.position = options.position;
  // Open, so that a page can see through it where it guards its own shortcuts, and tests can read it.
  const root = element.attachShadow({ mode: "open" });
  const place = document.createElement("div");
  place.className = "place";
  root.append(place);
  adopt(root);
  return { element, root, place };
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
