// Turns the content of a definition into the widget that ships, which here tells nobody but the page around it.
import type {
  Theme,
  WidgetHandle,
  WidgetModule,
  Words,
} from "../../../pkg/sdk/src/widget/contract.js";

/** Paths below the base, written in when this is bundled. */
declare const __PREVIEW__: {
  widget: string;
  widgetWasm: string;
  words: Record<string, string>;
};

const at = (path: string) => new URL(path, document.baseURI).href;

let module: Promise<WidgetModule> | undefined;

function widget(): Promise<WidgetModule> {
  module ??= (import(at(__PREVIEW__.widget)) as Promise<WidgetModule>).then(
    async (loaded) => {
      await loaded.load(at(__PREVIEW__.widgetWasm));
      return loaded;
    },
  );
  // The network may be back next time.
  module.catch(() => (module = undefined));
  return module;
}

/** The widget's own words in a language, or in the nearest that there is. */
async function wordsOf(language: string): Promise<Words> {
  const tags = Object.keys(__PREVIEW__.words);
  const wanted = language.toLowerCase();
  const found =
    tags.find((tag) => tag.toLowerCase() === wanted) ??
    tags.find((tag) => tag.toLowerCase() === wanted.split("-")[0]) ??
    "en";
  const answer = await fetch(at(__PREVIEW__.words[found] ?? ""));
  if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
  return (await answer.json()) as Words;
}

/**
 * `<fh-preview>`: shows `content`, the bytes that the widget reads, in the theme of its attribute. Tells of
 * answers by `answered` (its `detail` is JSON), of an opening by `shown`, of an end by `over`, of what does
 * not work by `failed`.
 */
export class Preview extends HTMLElement {
  static readonly observedAttributes = ["theme"];

  private handle: WidgetHandle | undefined;
  private bytes: Uint8Array | undefined;
  private turn = 0;

  connectedCallback(): void {
    if (!Object.hasOwn(this, "content")) return;
    const { content } = this as unknown as { content: Uint8Array };
    delete (this as { content?: Uint8Array }).content;
    this.content = content;
  }

  disconnectedCallback(): void {
    this.turn++;
    this.close();
  }

  attributeChangedCallback(): void {
    this.handle?.setTheme(this.theme);
  }

  private get theme(): Theme {
    const theme = this.getAttribute("theme");
    return theme === "light" || theme === "dark" ? theme : "auto";
  }

  get content(): Uint8Array | undefined {
    return this.bytes;
  }

  set content(bytes: Uint8Array | undefined) {
    const isSame =
      bytes?.length === this.bytes?.length &&
      bytes?.every((byte, at) => byte === this.bytes?.[at]);
    this.bytes = bytes;
    // What somebody is answering stays, as long as it is the same.
    if (!isSame || !this.handle) this.restart();
  }

  /** Begins anew. */
  restart(): void {
    const turn = ++this.turn;
    const { bytes } = this;
    if (!bytes) return this.close();
    this.open(bytes, () => turn === this.turn).catch((error: unknown) => {
      if (turn === this.turn) this.tell("failed", String(error));
    });
  }

  private async open(bytes: Uint8Array, isWanted: () => boolean) {
    const shown = await widget();
    const { language } = shown.about(bytes);
    const words = await wordsOf(language);
    if (!isWanted()) return;
    this.close();
    const options = {
      theme: this.theme,
      corner: "bottom-right" as const,
      words,
      resume: new Uint8Array(),
      container: this,
      byPerson: false,
      context: {},
      screenshot: undefined,
    };
    this.handle = shown.open(bytes, options, (event) => {
      if (event.type === "progressed") {
        this.tell("answered", JSON.stringify(event.progress.answers));
        // Nothing is sent, so nothing can be lost.
        if (event.progress.complete)
          setTimeout(() => this.handle?.setDelivery("stored"));
      } else if (event.type === "visible") this.tell("shown", "");
      else this.tell("over", event.type);
    });
  }

  private close(): void {
    try {
      this.handle?.close();
    } catch {
      // One that has trapped is as good as closed.
    }
    this.handle = undefined;
    this.replaceChildren();
  }

  private tell(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
