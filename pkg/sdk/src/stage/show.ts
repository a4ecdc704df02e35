// Turns the agent's "show" into an open widget, in a free moment, and what happens there into inputs.
import type { Backstage, Stage } from "../boot/backstage.js";
import { CLOSED, type Command } from "../commands.js";
import type {
  DeliveryState,
  Progress,
  WidgetEvent,
  WidgetHandle,
} from "../widget/contract.js";
import { createTeller, fromBase64, type Teller } from "./answers.js";
import { contextOf } from "./context.js";
import { appear, onChange } from "./element.js";
import { createGuard, openModal } from "./guard.js";
import type { Book, Library } from "./library.js";
import { createLock } from "./lock.js";
import { freeMoment } from "./moment.js";
import { screenshots } from "./screenshots.js";
import { themeOf } from "./theme.js";

type Show = Extract<Command, { do: "show" }>;

/** One survey from "show" to "hide". */
interface Showing extends Show {
  end: AbortController;
  book?: Book;
  container: HTMLElement | undefined;
  handle?: WidgetHandle;
  teller?: Teller;
  /** Gives the lock back. */
  release: () => void;
  /** The person has closed it, or reached the end. */
  over: boolean;
}

export interface Shower extends Pick<
  Stage,
  "show" | "open" | "hide" | "setDelivery" | "restyle"
> {
  forget(): void;
}

/** `covers` hears whether something stands above the page now. */
export function createShower(
  backstage: Backstage,
  library: Library,
  covers: (shown: boolean) => void,
): Shower {
  const { page, site, call, report, storage, signal, language } = backstage;
  const guard = createGuard(page, signal);
  const lock = createLock(page, site.siteKey, storage.isKept);
  let current: Showing | undefined;
  /** How far the person was in what was hidden: more than the agent knows. */
  let kept: { survey: string; progress: Progress } | undefined;

  const nameOf = ({ survey }: Show) => `${survey.id}@${survey.version}`;
  /** Ends one survey, whatever state it is in. */
  const drop = (it: Showing) => {
    if (current === it) current = undefined;
    it.end.abort();
    it.release();
    covers(false);
    try {
      it.handle?.close();
    } catch (error) {
      // A widget that has trapped is as good as closed.
      report("widget_failed", String(error));
    }
  };
  const fail = (it: Showing, error: unknown) => {
    if (current !== it) return;
    drop(it);
    report("widget_failed", String(error));
    call("show_failed");
  };
  /** Does something with the widget of `it`; when that fails, it is taken away. */
  const careful = <T>(it: Showing, fn: () => T): T | undefined => {
    try {
      return fn();
    } catch (error) {
      fail(it, error);
      return undefined;
    }
  };

  const prepare = async (it: Showing) => {
    const end = it.end.signal;
    const book = await library.get(it.survey);
    if (end.aborted) return;
    it.book = book;
    if (book.about.element !== undefined) {
      it.container = await appear(page, book.about.element, end);
    } else if (it.by_person) {
      // What a modal dialog of the page makes inert could not be used.
      it.container = openModal(page);
    } else {
      const busy = (reason: number) => call("busy", reason);
      const release = await freeMoment({
        page,
        guard,
        lock,
        busy,
        signal: end,
      });
      if (release) it.release = release;
    }
    if (end.aborted) it.release();
    else call("ready", 0, storage.load());
  };

  const mount = (it: Showing, resume: Uint8Array) => {
    const { book } = it;
    if (!book) throw new Error("opened before it was ready");
    const context = contextOf(backstage);
    const teller = createTeller(backstage, {
      context,
      sending: () => it.handle?.setDelivery("sending"),
      lost: () => it.handle?.note("shot_unsent"),
    });
    it.teller = teller;
    const theme = themeOf(page, site.theme);
    it.handle = book.widget.open(
      book.content,
      {
        theme,
        corner: site.corner,
        words: book.words,
        resume,
        container: it.container,
        byPerson: it.by_person,
        context,
        screenshot: screenshots(backstage),
      },
      (event) => careful(it, () => heard(it, event)),
    );
    // In time or not: what became of it meanwhile holds for it, too.
    if (current !== it) return it.handle.close();
    if (book.about.element === undefined) covers(true);
    else watch(it, book.about.element);
  };

  const heard = (it: Showing, event: WidgetEvent) => {
    // A form that was closed while its images are sent has still been filled in.
    if (current !== it) return;
    if (event.type === "visible") return call("painted");
    if (event.type === "progressed") {
      it.over = event.progress.complete;
      return it.teller?.step(event);
    }
    it.over = true;
    // Before the widget gives the focus back to what opened it.
    covers(false);
    call("closed", CLOSED[event.type === "snoozed" ? "snoozed" : "person"]);
  };

  /** Puts an inline survey back when the page draws its element anew. */
  const watch = (it: Showing, selector: string) => {
    const mounted = new AbortController();
    it.end.signal.addEventListener("abort", () => mounted.abort());
    const look = () => {
      const { container } = it;
      const inside = container?.querySelector("firsthand-widget");
      if (it.over || (container?.isConnected && inside)) return;
      mounted.abort();
      const progress = careful(it, () => it.handle?.progress());
      careful(it, () => it.handle?.close());
      appear(page, selector, it.end.signal)
        .then((container) => {
          if (!container || current !== it) return;
          it.container = container;
          mount(it, progress?.resume ?? new Uint8Array());
        })
        .catch((error: unknown) => fail(it, error));
    };
    onChange(page, look, mounted.signal);
  };

  const translate = async (it: Showing) => {
    const wanted = language();
    const book = await library.get(it.survey);
    // Another choice may have been faster.
    if (current !== it || wanted !== language()) return;
    it.book = book;
    it.handle?.setLanguage(book.content, book.words);
  };

  /** The page may go. */
  const leave = () => {
    const it = current;
    if (!it?.handle || !it.teller) return;
    careful(it, () => it.handle && it.teller?.save(it.handle.progress()));
  };
  const onHidden = () => page.document.visibilityState === "hidden" && leave();
  // Before the agent hears of it: on the window, on the way down.
  const early = { capture: true, signal };
  page.addEventListener("visibilitychange", onHidden, early);
  page.addEventListener("pagehide", leave, early);
  signal.addEventListener("abort", () => current && drop(current));

  let tongue = language();
  return {
    show(command) {
      if (current) drop(current);
      const it: Showing = {
        ...command,
        end: new AbortController(),
        container: undefined,
        release: () => {},
        over: false,
      };
      current = it;
      tongue = language();
      prepare(it).catch((error: unknown) => fail(it, error));
    },
    open() {
      const it = current;
      if (!it) return;
      const same = kept?.survey === nameOf(it) ? kept.progress : undefined;
      // A fresh pass must not begin with the answers of an earlier one.
      const ours = it.resume !== null || same?.answered === false;
      careful(it, () =>
        mount(it, (ours && same?.resume) || fromBase64(it.resume)),
      );
      kept = undefined;
    },
    hide() {
      const it = current;
      if (!it) return;
      const progress =
        it.over || !it.handle
          ? undefined
          : careful(it, () => it.handle?.progress());
      kept = progress && { survey: nameOf(it), progress };
      drop(it);
    },
    setDelivery(state: DeliveryState) {
      const it = current;
      if (it) careful(it, () => it.handle?.setDelivery(state));
    },
    restyle() {
      const it = current;
      if (!it) return;
      careful(it, () => it.handle?.setTheme(themeOf(page, site.theme)));
      if (tongue === language()) return;
      tongue = language();
      // Without the network it stays in the language that it has.
      translate(it).catch((error: unknown) =>
        report("widget_failed", String(error)),
      );
    },
    forget: () => (kept = undefined),
  };
}
