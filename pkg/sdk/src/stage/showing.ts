// Turns one "show" of the agent into an open widget, in a free moment, and what happens there into inputs.
import type { Backstage } from "../boot/backstage.js";
import { CLOSED_BY_PERSON, CLOSED_UNTIL_LATER } from "../codes.js";
import type { Command } from "../types.gen.js";
import type {
  DeliveryState,
  Progress,
  WidgetEvent,
  WidgetHandle,
} from "../widget/contract.js";
import { createTeller, type Teller } from "./answers.js";
import { contextOf } from "./context.js";
import { toCorner } from "./choice.js";
import { appear, onChange } from "./element.js";
import { openModal, type Guard } from "./guard.js";
import type { Book, Library } from "./library.js";
import type { Lock } from "./lock.js";
import { freeMoment, LOOK_MS, pause } from "./moment.js";
import { screenshots } from "./screenshots.js";
import { themeOf } from "./theme.js";

export type Show = Extract<Command, { do: "show" }>;

/** What every survey of a page is shown with. */
export interface Scene {
  backstage: Backstage;
  library: Library;
  guard: Guard;
  lock: Lock;
  /** Hears whether something stands above the page now. */
  covers: (shown: boolean) => void;
  /** Hears that one survey has ended, by itself or not. */
  ended: (showing: Showing) => void;
}

/** One survey from "show" to "hide". Whatever fails in it frees everything that it holds. */
export class Showing {
  /** The person has closed it, or reached an ending. */
  over = false;
  private readonly end = new AbortController();
  private book: Book | undefined;
  private container: HTMLElement | undefined;
  private handle: WidgetHandle | undefined;
  private teller: Teller | undefined;
  private opened = false;
  /** What the widget was last told. */
  private delivery: DeliveryState = "sending";
  /** Gives the lock back. */
  private release = () => {};

  constructor(
    private readonly scene: Scene,
    readonly command: Show,
  ) {
    // What ended meanwhile does not end again.
    if (scene.backstage.signal.aborted) this.end.abort();
    else this.prepare().catch((error: unknown) => this.fail(error));
  }

  /** The survey and its version. */
  get name(): string {
    const { id, version } = this.command.survey;
    return `${id}@${version}`;
  }

  /** Fetches what is needed, and says "ready" until the agent has decided. */
  private async prepare(): Promise<void> {
    const { backstage, library } = this.scene;
    const { page, call, storage } = backstage;
    const { signal } = this.end;
    this.book = await library.get(this.command.survey);
    while (!signal.aborted && !this.opened) {
      await this.findPlace(this.book);
      if (signal.aborted) this.release();
      else call("ready", 0, storage.load());
      await pause(page, LOOK_MS, signal);
      if (!this.opened) this.release();
    }
  }

  /** Resolves when and where it may be put on the page. */
  private async findPlace({ about }: Book): Promise<void> {
    const { backstage, guard, lock } = this.scene;
    const { page, call } = backstage;
    const { signal } = this.end;
    if (about.element !== undefined) {
      this.container = await appear(page, about.element, signal);
    } else if (this.command.by_person) {
      // What a modal dialog of the page makes inert could not be used.
      this.container = openModal(page);
    } else {
      const busy = (reason: number) => call("busy", reason);
      const release = await freeMoment({ page, guard, lock, busy, signal });
      if (release) this.release = release;
    }
  }

  /** Puts it on the page, where the agent says that it goes on at `resume`. */
  open(resume: Uint8Array): void {
    this.opened = true;
    this.careful(() => this.mount(resume));
  }

  private mount(resume: Uint8Array): void {
    const { book, command, container, scene } = this;
    const { backstage, covers } = scene;
    if (!book) throw new Error("opened before it was ready");
    const context = contextOf(backstage);
    this.teller ??= createTeller(backstage, {
      context,
      signal: this.end.signal,
      sending: () => this.setDelivery("sending"),
      lost: () => this.careful(() => this.handle?.note("shot_unsent")),
    });
    const { site, report } = backstage;
    const options = {
      theme: themeOf(backstage),
      corner: toCorner(site.corner, report),
      words: book.words,
      resume,
      container,
      byPerson: command.by_person,
      context,
      screenshot: screenshots(backstage),
    };
    this.handle = book.widget.open(book.content, options, (event) =>
      this.careful(() => this.heard(event)),
    );
    // What the widget told meanwhile may have ended it.
    if (this.end.signal.aborted) this.handle.close();
    else if (book.about.element === undefined) covers(true);
    else this.watch(book.about.element);
  }

  private heard(event: WidgetEvent): void {
    const { backstage, covers } = this.scene;
    const { call } = backstage;
    if (this.end.signal.aborted) return;
    if (event.type === "visible") return call("painted");
    if (event.type === "progressed") {
      this.over = event.progress.complete;
      return this.teller?.step(event);
    }
    this.over = true;
    // Before the widget gives the focus back to what opened it.
    covers(false);
    const reason =
      event.type === "snoozed" ? CLOSED_UNTIL_LATER : CLOSED_BY_PERSON;
    // After it the agent takes no answers, and images may hold one back.
    this.teller?.idle(() => {
      if (!this.end.signal.aborted) call("closed", reason);
    });
  }

  /** Puts an inline survey back when the page draws its element anew. */
  private watch(selector: string): void {
    const { page } = this.scene.backstage;
    const { signal } = this.end;
    const mounted = new AbortController();
    const stop = () => mounted.abort();
    signal.addEventListener("abort", stop);
    const look = () => {
      const inside = this.container?.querySelector("firsthand-widget");
      if (this.over || (this.container?.isConnected && inside)) return;
      stop();
      const resume = this.progress()?.resume ?? new Uint8Array();
      this.careful(() => this.handle?.close());
      appear(page, selector, signal)
        .then((container) => {
          if (!container) return;
          this.container = container;
          this.careful(() => this.mount(resume));
        })
        .catch((error: unknown) => this.fail(error));
    };
    onChange(page, look, mounted.signal);
  }

  /** How far the person is; absent before it is open and after it is over. */
  progress(): Progress | undefined {
    if (this.over) return undefined;
    return this.careful(() => this.handle?.progress());
  }

  /** The page may go: what was not told yet is told. */
  save(): void {
    this.careful(() => {
      if (this.handle) this.teller?.save(this.handle.progress());
    });
  }

  setDelivery(state: DeliveryState): void {
    this.delivery = state;
    this.careful(() => this.handle?.setDelivery(state));
    if (state !== "waiting") return;
    this.scene.backstage.kept(({ storage, kept }) => {
      // Meanwhile it may have arrived.
      if (this.delivery === state && kept > 0 && storage !== "memory")
        this.setDelivery("kept");
    });
  }

  setTheme(): void {
    this.careful(() => this.handle?.setTheme(themeOf(this.scene.backstage)));
  }

  /** Shows it in the language that the person reads now. */
  async translate(): Promise<void> {
    const { backstage, library } = this.scene;
    const wanted = backstage.language();
    const book = await library.get(this.command.survey);
    // Another choice may have been faster.
    if (this.end.signal.aborted || wanted !== backstage.language()) return;
    this.book = book;
    this.careful(() => this.handle?.setLanguage(book.content, book.words));
  }

  /** Does something with the widget; when that fails, it is taken away. */
  private careful<T>(fn: () => T): T | undefined {
    try {
      return fn();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private fail(error: unknown): void {
    if (this.end.signal.aborted) return;
    this.drop();
    const { report, call } = this.scene.backstage;
    report("widget_failed", String(error));
    call("show_failed");
  }

  /** Takes it off the page, whatever state it is in. */
  drop(): void {
    this.end.abort();
    this.release();
    this.scene.covers(false);
    this.scene.ended(this);
    try {
      this.handle?.close();
    } catch (error) {
      // A widget that has trapped is as good as closed.
      this.scene.backstage.report("widget_failed", String(error));
    }
  }
}
