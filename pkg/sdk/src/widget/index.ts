// Turns a survey's content into a widget on the page: the element around the view, which is wasm.
import init, { look, mount } from "../../wasm/widget/widget.js";
import type {
  DeliveryState,
  Progress,
  Screenshots,
  WidgetEvent,
  WidgetHandle,
  WidgetModule,
  WidgetOptions,
} from "./contract.js";
import { trackFocus } from "./focus.js";
import { createHost } from "./host.js";
import { guardKeyboard } from "./keyboard.js";
import { followViewport, whenPainted } from "./sight.js";
import { complete, lines } from "./words.js";

/** Screen readers miss what a live region says while it is itself new. */
const ANNOUNCE_AFTER_MS = 100;
/** What the wasm tells, by number. */
const CLOSED = 0;
const SNOOZED = 1;
const MOVED = 2;
const PROGRESSED = 3;
/** What the wasm is told to do. */
const OPEN = 1;
const SHOTS = 2;

let ready: Promise<void> | undefined;

export const load: WidgetModule["load"] = (wasmUrl) => {
  ready ??= init({ module_or_path: wasmUrl }).then(
    () => undefined,
    (error: unknown) => {
      // The network may be back next time.
      ready = undefined;
      throw error;
    },
  );
  return ready;
};

export const about: WidgetModule["about"] = (content) => {
  const [placement, ...rest] = look(content).split("\n");
  const [language = "", element = ""] = rest.reverse();
  return {
    language,
    element: placement === "inline" ? element : undefined,
  };
};

/** Throws an `Error` when `content` is not a survey that this widget can show here; the page is then as before. */
export const open: WidgetModule["open"] = (content, options, on) => {
  let words = complete(options.words);
  const host = createHost(look(content).split("\n"), options);
  const { element, root, place, modal } = host;
  const focus = trackFocus(element, root);
  let gone = false;
  let quiet = false;
  let last: Progress | undefined;
  let tools: Screenshots | undefined;
  let slot: HTMLElement | undefined;
  const tell = (event: WidgetEvent) => {
    if (gone) return;
    try {
      on(event);
    } catch (error) {
      // Called from wasm, where an exception must not pass.
      console.error("firsthand: widget listener", error);
    }
  };
  const read = (): Progress & { context: boolean } => {
    const text = shown.progress();
    const flags = Number(text.slice(-1));
    return {
      answers: JSON.parse(text.slice(0, -1)) as Progress["answers"],
      answered: (flags & 1) > 0,
      complete: (flags & 2) > 0,
      context: (flags & 4) > 0,
      resume: shown.kept(),
    };
  };
  /** The tools for screenshots outlive the screens that they are on. */
  const fit = () => {
    const spot = root.getElementById("shots");
    if (!spot || !options.screenshot) return;
    slot ??= document.createElement("div");
    if (slot.parentNode !== spot) spot.append(slot);
    try {
      tools ??= options.screenshot(slot, words);
    } catch (error) {
      console.error("firsthand: screenshots", error);
    }
  };
  const close = () => {
    if (gone) return;
    last = read();
    gone = true;
    ends.forEach((end) => end());
    tools?.destroy();
    const bringBack = focus.leave();
    element.remove();
    bringBack();
    // Later, because a click inside the view may be what called this.
    setTimeout(() => shown.free());
  };
  const leave = (type: "closed" | "snoozed") => {
    tell({ type });
    close();
  };
  const escape = () => {
    const tab = root.querySelector<HTMLElement>(".tab[aria-expanded=true]");
    if (!tab) return leave("closed");
    tab.click();
    tab.focus();
  };
  const hear = (what: number, text: string) => {
    if (what === CLOSED) leave("closed");
    else if (what === SNOOZED) leave("snoozed");
    else if (what === MOVED) {
      fit();
      // Later, when the view has drawn the step.
      if (!quiet) setTimeout(() => gone || focus.follow());
    } else if (what === PROGRESSED) {
      const { context, ...progress } = read();
      const [answer] = JSON.parse(text) as Progress["answers"];
      const images = tools?.images() ?? [];
      tell({ type: "progressed", progress, answer, context, images });
    } else go(text);
  };

  const shown = mount(
    place,
    content,
    lines(words, options.context),
    options.resume,
    crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    (options.byPerson ? OPEN : 0) | (options.screenshot ? SHOTS : 0),
    { tell: hear },
  );
  try {
    host.attach();
  } catch (error) {
    shown.free();
    throw error;
  }
  fit();
  place.addEventListener("cancel", (event) => {
    event.preventDefault();
    escape();
  });
  const invited = options.byPerson || modal;
  if (invited) focus.enter();

  const ends = [
    guardKeyboard(element, { leave: escape, enter: focus.enter }),
    followViewport(element),
    whenPainted(() => {
      tell({ type: "visible" });
      // Whose focus was brought in has heard it by that.
      if (!invited)
        setTimeout(() => gone || shown.announce(), ANNOUNCE_AFTER_MS);
    }),
  ];

  return {
    setDelivery: (state: DeliveryState) => {
      if (gone) return;
      // What the network does never moves a focus that is elsewhere on the page.
      quiet = root.activeElement === null;
      shown.setDelivery(state);
      quiet = false;
    },
    note: (word) => {
      const status = root.querySelector(".end .body");
      if (gone || !status) return;
      const said = document.createElement("p");
      said.textContent = words[word] ?? "";
      status.append(said);
    },
    setTheme: host.setTheme,
    setLanguage: (translated, translation) => {
      if (gone) return;
      const stay = focus.keep();
      const next = complete(translation);
      shown.setContent(translated, lines(next, options.context));
      words = next;
      fit();
      stay();
    },
    progress: () => {
      if (!last || !gone) {
        const { context: _, ...progress } = read();
        return progress;
      }
      return last;
    },
    close,
  };
};

/** Leaves for the survey's own address: to the same origin, or to a safe one. */
function go(address: string): void {
  try {
    const url = new URL(address, location.href);
    const safe = url.protocol === "https:" || url.origin === location.origin;
    if (safe) location.assign(url);
  } catch {
    // Not an address.
  }
}

export type {
  DeliveryState,
  WidgetEvent,
  WidgetHandle,
  WidgetModule,
  WidgetOptions,
};
