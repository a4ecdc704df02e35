// Turns frames and the visible part of the window into "painted" and into room for the widget.

/** Calls `tell` once, after a frame with the widget was painted in a visible tab; the returned function gives up. */
export function whenPainted(tell: () => void): () => void {
  let frame = 0;
  const wait = () => {
    cancelAnimationFrame(frame);
    if (document.visibilityState !== "visible") return;
    // The first frame draws, the second one starts only after that drawing is done.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        stop();
        tell();
      });
    });
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    document.removeEventListener("visibilitychange", wait);
  };
  document.addEventListener("visibilitychange", wait);
  wait();
  return stop;
}

/**
 * Keeps the widget above a keyboard on the screen: `--lift` is what the keyboard covers, `--room` the height left.
 * The returned function ends it.
 */
export function followViewport(host: HTMLElement): () => void {
  const view = window.visualViewport;
  if (!view) return () => undefined;
  const place = () => {
    // Somebody who zooms in with two fingers wants to see the page larger, not the widget moved.
    if (view.scale > 1.01) return;
    const covered = window.innerHeight - view.height - view.offsetTop;
    host.style.setProperty("--lift", `${Math.max(0, Math.round(covered))}px`);
    host.style.setProperty("--room", `${Math.round(view.height)}px`);
  };
  view.addEventListener("resize", place);
  view.addEventListener("scroll", place);
  place();
  return () => {
    view.removeEventListener("resize", place);
    view.removeEventListener("scroll", place);
  };
}
