// Turns a survey's content into a widget on the page: the element around the view, which is wasm.
import init, { mount } from "../../wasm/widget/widget.js";
import type {
  DeliveryState,
  WidgetEvent,
  WidgetHandle,
  WidgetModule,
  WidgetOptions,
} from "./contract.js";
import { trackFocus } from "./focus.js";
import { createHost } from "./host.js";
import { guardKeyboard } from "./keyboard.js";
import { followViewport, whenPainted } from "./sight.js";

/** Screen readers miss what a live region says while it is itself new. */
const ANNOUNCE_AFTER_MS = 100;

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

/** Throws an `Error` when `content` is not a survey that this widget can show; the page is then as before. */
export const open: WidgetModule["open"] = (content, options, on) => {
  const { element, root, place } = createHost(options);
  let gone = false;
  const tell = (event: WidgetEvent) => {
    if (gone) return;
    try {
      on(event);
    } catch (error) {
      // Called from wasm, where an exception must not pass.
      console.error("firsthand: widget listener", error);
    }
  };
  const close = () => {
    if (gone) return;
    gone = true;
    ends.forEach((end) => end());
    const bringBack = focus.leave();
    element.remove();
    bringBack();
    // Later, because a click inside the view may be what called this.
    setTimeout(() => shown.free());
  };
  const closeByPerson = () => {
    tell({ type: "closed" });
    close();
  };
  const focus = trackFocus(element, root);
  const answered = (question: string, prompt: string) =>
    ({ type: "answered", question, prompt }) as const;

  const shown = mount(place, content, {
    score: (id: string, prompt: string, nps: number) =>
      tell({ ...answered(id, prompt), nps }),
    text: (id: string, prompt: string, text: string) =>
      tell({ ...answered(id, prompt), text }),
    skipped: (id: string, prompt: string) =>
      tell({ ...answered(id, prompt), skipped: true }),
    completed: () => tell({ type: "completed" }),
    closed: closeByPerson,
    // Later, when the view has drawn the step.
    moved: () => setTimeout(focus.follow),
  });
  document.body.append(element);

  const ends = [
    guardKeyboard(element, { leave: closeByPerson, enter: focus.enter }),
    followViewport(element),
    whenPainted(() => {
      tell({ type: "visible" });
      setTimeout(() => gone || shown.announce(), ANNOUNCE_AFTER_MS);
    }),
  ];

  return {
    setDelivery: (state: DeliveryState) => {
      if (!gone) shown.setDelivery(state);
    },
    close,
  };
};

export type {
  DeliveryState,
  WidgetEvent,
  WidgetHandle,
  WidgetModule,
  WidgetOptions,
};
