// Turns what a test says into a widget module that notes what is done with it.
import type {
  Progress,
  WidgetEvent,
  WidgetModule,
  WidgetOptions,
} from "../src/widget/contract.js";

export interface FakeWidget extends WidgetModule {
  opened: {
    content: string;
    options: WidgetOptions;
    tell: (event: WidgetEvent) => void;
    /** What was done with it. */
    log: string[];
  }[];
  /** What an open one says of its progress. */
  progress: Progress;
  /** Of an inline survey, where it is put. */
  element: string | undefined;
  language: string;
  /** Thrown by everything from then on, as by a wasm that has trapped. */
  trap: Error | undefined;
}

export const bytes = (text: string) => new TextEncoder().encode(text);

export const NOT_YET: Progress = {
  answers: [],
  complete: false,
  answered: false,
  resume: new Uint8Array(),
};

export const ANSWER = { question: "score", prompt: "How?", value: { nps: 9 } };

export const ANSWERED: Progress = {
  answers: [ANSWER],
  complete: false,
  answered: true,
  resume: bytes("here"),
};

export function fakeWidget(): FakeWidget {
  const text = (it: Uint8Array) => new TextDecoder().decode(it);
  const widget: FakeWidget = {
    opened: [],
    progress: NOT_YET,
    element: undefined,
    language: "en",
    trap: undefined,
    load: () => Promise.resolve(),
    about: () => ({ language: widget.language, element: widget.element }),
    open(content, options, tell) {
      const log: string[] = [];
      const note = (line: string) => {
        if (widget.trap) throw widget.trap;
        log.push(line);
      };
      note(`resume ${text(options.resume)}`);
      widget.opened.push({ content: text(content), options, tell, log });
      const { container } = options;
      const host = container?.ownerDocument.createElement("firsthand-widget");
      if (host) container?.append(host);
      return {
        setDelivery: note,
        note,
        setTheme: note,
        setLanguage: (it, words) => note(`${text(it)} ${words["feedback"]}`),
        progress() {
          if (widget.trap) throw widget.trap;
          return widget.progress;
        },
        close() {
          host?.remove();
          note("close");
        },
      };
    },
  };
  return widget;
}
