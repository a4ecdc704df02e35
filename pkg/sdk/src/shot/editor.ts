// Turns a picture into one with marks: a dialog over everything, for pointer and keyboard.
import { createShadow } from "../stage/shadow.js";
import type { Words } from "../widget/contract.js";
import css from "./editor.css";
import { canvasFor } from "./image.js";
import { between, move, paint, resize, type Mark } from "./marks.js";
import { followPointer } from "./pointer.js";
import { speaker, type Say } from "./words.js";

/** How far an arrow key goes. */
const STEP = 0.02;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/**
 * Lets the person mark the picture. It stays until `keep` has done what is to be done with the marks that they want, so
 * that nothing can be sent before; resolves when it is gone, rejects when `keep` does.
 */
export function edit(
  page: Window,
  picture: ImageBitmap,
  before: readonly Mark[],
  words: Words,
  signal: AbortSignal,
  keep: (marks: Mark[]) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host, root } = createShadow(page, "firsthand-shot", css);
    let keeping = false;
    const close = () => {
      signal.removeEventListener("abort", leave);
      editor.dialog.close();
      host.remove();
    };
    const leave = () => {
      close();
      resolve();
    };
    const done = (marks: Mark[] | undefined) => {
      if (keeping) return;
      if (!marks) return leave();
      keeping = true;
      editor.rest();
      keep(marks).finally(close).then(resolve, reject);
    };
    const editor = new Editor(page.document, picture, before, words, done);
    signal.addEventListener("abort", leave);
    editor.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      done(undefined);
    });
    root.append(editor.dialog);
    page.document.body.append(host);
    editor.dialog.showModal();
  });
}

class Editor {
  readonly dialog: HTMLDialogElement;
  private readonly area: HTMLElement;
  private readonly tools: Record<Mark["kind"], HTMLButtonElement>;
  private readonly say: Say;
  private readonly undo: HTMLButtonElement;
  private readonly drop: HTMLButtonElement;
  private marks: readonly Mark[];
  private readonly past: (readonly Mark[])[] = [];
  private kind: Mark["kind"] = "highlight";
  private selected = -1;

  constructor(
    private readonly document: Document,
    picture: ImageBitmap,
    before: readonly Mark[],
    private readonly words: Words,
    done: (marks: Mark[] | undefined) => void,
  ) {
    this.say = speaker(words);
    this.marks = before;
    this.tools = {
      highlight: this.button("mark", (event) =>
        this.choose("highlight", event),
      ),
      hide: this.button("hide", (event) => this.choose("hide", event)),
    };
    this.undo = this.button("undo", () => this.back());
    this.drop = this.button("remove_box", () => this.remove(this.selected));
    const go = this.button("done", () => done([...this.marks]));
    go.className = "go";
    const leave = this.button("cancel", () => done(undefined));
    const bar = document.createElement("div");
    bar.className = "bar";
    bar.append(...Object.values(this.tools), this.undo, this.drop, leave, go);
    this.area = this.createArea(picture);
    this.dialog = this.createDialog(this.area, bar);
    this.draw();
  }

  /** Takes nothing more from the person. */
  rest(): void {
    for (const part of this.dialog.children) (part as HTMLElement).inert = true;
  }

  private button(
    name: string,
    act: (event: MouseEvent) => void,
  ): HTMLButtonElement {
    const made = this.document.createElement("button");
    made.type = "button";
    made.textContent = this.say(name);
    made.addEventListener("click", act);
    return made;
  }

  private createDialog(...parts: HTMLElement[]): HTMLDialogElement {
    const dialog = this.document.createElement("dialog");
    dialog.lang = this.words["language"] ?? "";
    dialog.dir = this.words["dir"] ?? "";
    dialog.setAttribute("aria-label", this.say("edit"));
    dialog.setAttribute("aria-describedby", "hint");
    const hint = this.document.createElement("p");
    hint.id = "hint";
    hint.textContent = this.say("hint");
    dialog.append(hint, ...parts);
    return dialog;
  }

  private createArea(picture: ImageBitmap): HTMLElement {
    const canvas = canvasFor(this.document, picture);
    paint(canvas, picture, []);
    const area = this.document.createElement("div");
    area.className = "area";
    area.append(canvas);
    area.addEventListener("focusin", ({ target }) =>
      this.select(this.indexOf(target)),
    );
    area.addEventListener("keydown", (event) => this.pressed(event));
    followPointer(area, {
      begin: (target) => this.indexOf(target),
      drawn: (from, to) => {
        const mark = between(this.kind, from, to);
        if (mark) this.change([...this.marks, mark], this.marks.length);
      },
      moved: (index, dx, dy) =>
        this.replace(index, (mark) => move(mark, dx, dy)),
    });
    return area;
  }

  private boxes(): HTMLElement[] {
    return [...this.area.querySelectorAll<HTMLElement>(".mark")];
  }

  private indexOf(target: EventTarget | null): number {
    return this.boxes().indexOf(target as HTMLElement);
  }

  private change(marks: readonly Mark[], selected: number): void {
    this.past.push(this.marks);
    this.marks = marks;
    this.selected = selected;
    this.draw();
  }

  private back(): void {
    this.marks = this.past.pop() ?? this.marks;
    this.selected = -1;
    this.draw();
  }

  private replace(index: number, by: (mark: Mark) => Mark): void {
    const changed = this.marks.map((mark, i) =>
      i === index ? by(mark) : mark,
    );
    this.change(changed, index);
  }

  private remove(index: number): void {
    if (index in this.marks) {
      this.change(
        this.marks.filter((_, i) => i !== index),
        -1,
      );
    }
    // Where it stood there is nothing to hold the focus.
    this.tools[this.kind].focus();
  }

  private choose(kind: Mark["kind"], { detail }: MouseEvent): void {
    this.kind = kind;
    // Who cannot draw gets one in the middle, and moves it.
    if (detail > 0) return this.draw();
    const mark = { kind, x: 0.35, y: 0.4, width: 0.3, height: 0.2 };
    this.change([...this.marks, mark], this.marks.length);
    this.boxes()[this.selected]?.focus();
  }

  private select(index: number): void {
    if (index < 0) return;
    this.selected = index;
    this.tell();
  }

  private pressed(event: KeyboardEvent): void {
    const index = this.indexOf(event.target);
    const arrow = ARROWS[event.key];
    if (index < 0) return;
    if (arrow) {
      const change = event.shiftKey ? resize : move;
      this.replace(index, (mark) => change(mark, ...arrow));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(index);
    } else return;
    event.preventDefault();
  }

  /** Draws all marks anew; the one that had the focus keeps it. */
  private draw(): void {
    const root = this.area.getRootNode() as Partial<ShadowRoot>;
    const focused = this.indexOf(root.activeElement ?? null);
    for (const box of this.boxes()) box.remove();
    this.marks.forEach((mark, index) => {
      const box = this.document.createElement("button");
      box.type = "button";
      box.className = `mark ${mark.kind}`;
      const kind = this.tools[mark.kind].textContent;
      box.setAttribute("aria-label", `${this.say("box", index + 1)}: ${kind}`);
      box.setAttribute("aria-describedby", "hint");
      box.style.left = `${mark.x * 100}%`;
      box.style.top = `${mark.y * 100}%`;
      box.style.width = `${mark.width * 100}%`;
      box.style.height = `${mark.height * 100}%`;
      this.area.append(box);
    });
    this.boxes()[focused]?.focus();
    this.tell();
  }

  /** Says what is chosen and what can be done. */
  private tell(): void {
    const press = (element: HTMLElement, pressed: boolean) =>
      element.setAttribute("aria-pressed", String(pressed));
    this.boxes().forEach((box, i) => press(box, i === this.selected));
    press(this.tools.highlight, this.kind === "highlight");
    press(this.tools.hide, this.kind === "hide");
    this.undo.disabled = this.past.length === 0;
    const none = this.selected < 0;
    this.drop.disabled = none;
    this.drop.textContent = this.say(
      "remove_box",
      none ? undefined : this.selected + 1,
    );
  }
}
