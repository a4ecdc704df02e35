// Turns a name and a stylesheet into an element of ours that the page's styles do not reach.

export interface Shadow {
  host: HTMLElement;
  root: ShadowRoot;
}

export function createShadow(page: Window, name: string, css: string): Shadow {
  const { document } = page;
  const host = document.createElement(name);
  const root = host.attachShadow({ mode: "open", delegatesFocus: true });
  try {
    // A constructed stylesheet needs no permission from the page's `style-src`; a `<style>` does.
    const sheet = new (page as Window & typeof globalThis).CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    root.append(style);
  }
  // Keys that are pressed here are no shortcuts of the page; nor is the focus here for its traps.
  for (const type of ["keydown", "keyup", "keypress", "focusin"]) {
    host.addEventListener(type, (event) => event.stopPropagation());
  }
  return { host, root };
}
