// Turns the script tag into `window.firsthand`; everything else is fetched when the page is idle.
import { install } from "./boot/install.js";
import { watch, type Capture } from "./capture/watch.js";

let capture: Capture | undefined;
try {
  // Before anything else, also where nothing else is to start yet: what is not seen is not counted.
  capture = watch(window);
} catch (error) {
  console.warn("[firsthand] unsupported:", error);
}
try {
  // `currentScript` is null in a module; then the tag is found by its attribute.
  const script = (document.currentScript ??
    document.querySelector(
      "script[data-site-key]",
    )) as HTMLScriptElement | null;
  install(
    window,
    { url: script?.src || location.href, data: script?.dataset ?? {} },
    // As it was before us, and before what other scripts make of it later.
    capture?.fetch ?? window.fetch.bind(window),
    (url) => import(url),
    capture,
  );
} catch (error) {
  console.warn("[firsthand] unsupported:", error);
}
