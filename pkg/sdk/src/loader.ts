// Turns the script tag into `window.firsthand`; everything else is fetched when the page is idle.
import { install } from "./boot/install.js";

try {
  // `currentScript` is null in a module; then the tag is found by its attribute.
  const script = (document.currentScript ??
    document.querySelector(
      "script[data-site-key]",
    )) as HTMLScriptElement | null;
  install(
    window,
    { url: script?.src || location.href, data: script?.dataset ?? {} },
    // Taken now: what other scripts make of `fetch` later is not for our requests.
    window.fetch.bind(window),
    (url) => import(url),
  );
} catch (error) {
  console.warn("[firsthand] unsupported:", error);
}
