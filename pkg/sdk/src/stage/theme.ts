// Turns the theme that the site wants into one that the widget knows.
import type { Backstage } from "../boot/backstage.js";
import type { Theme } from "../widget/contract.js";
import { toTheme } from "./choice.js";

/** Of `host`, what the page says on `<html>`; of all others, what they say. */
export function themeOf({ page, site, report }: Backstage): Theme {
  const theme = toTheme(site.theme, report);
  if (theme !== "host") return theme;
  const { documentElement: html } = page.document;
  const said = html.dataset["theme"] ?? page.getComputedStyle(html).colorScheme;
  return said === "light" || said === "dark" ? said : "auto";
}

/** Calls `changed` whenever the page may have changed its theme. */
export function onTheme(
  page: Window,
  changed: () => void,
  signal: AbortSignal,
): void {
  const { MutationObserver } = page as Window & typeof globalThis;
  const observer = new MutationObserver(changed);
  observer.observe(page.document.documentElement, { attributes: true });
  signal.addEventListener("abort", () => observer.disconnect());
}
