// Turns a picture into one with marks: a dialog over everything, for pointer and keyboard.
import { createShadow } from "../stage/shadow.js";
import type { Words } from "../widget/contract.js";
import css from "./editor.css";
import { canvasFor } from "./image.js";
import { between, move, paint, resize, type Mark } from "./marks.js";

/** How far an arrow key goes. */
const STEP = 0.02;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** Resolves with the marks that the person wants; `undefined` when they leave without. */
export function edit(
  page: Window,
  picture: ImageBitmap,
  before: readonly Mark[],
  words: Words,
  signal: AbortSignal,
): Promise<Mark[] | undefined> {
  return new Promise((resolve) => {
    const { host, root } = createShadow(page, "firsthand-shot", css);
    const editor = createEditor(page.document, picture, before, words);
    const { dialog } = editor;
    dialog.lang = words["language"] ?? "";
    dialog.dir = words["dir"] ?? "";
    const end = (marks: Mark[] | undefined) => {
      signal.removeEventListener("abort", leave);
      dialog.close();
      host.remove();
      resolve(marks);
    };
    const leave = () => end(undefined);
    signal.addEventListener("abort", leave);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      leave();
    });
    editor.done.addEventListener("click", () => end(editor.marks()));
    root.append(dialog);
    page.document.body.append(host);
    dialog.showModal();
  });
}

interface Editor {
  dialog: HTMLDialogElement;
  done: HTMLButtonElement;
  marks(): Mark[];
}

function createEditor(
  document: Document,
  picture: ImageBitmap,
  before: readonly Mark[],
  words: Words,
): Editor {
  const word = (name: string) => words[`shot_${name}`] ?? name;
  let marks = [...before];
  const past: Mark[][] = [];
  let kind: Mark["kind"] = "highlight";
  let selected = -1;

  const button = (name: string, act: (event: MouseEvent) => void) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = word(name);
    made.addEventListener("click", act);
    return made;
  };
  const change = (next: Mark[], select: number) => {
    past.push(marks);
    marks = next;
    selected = select;
    draw();
  };
  const replace = (index: number, by: (mark: Mark) => Mark) =>
    change(
      marks.map((mark, i) => (i === index ? by(mark) : mark)),
      index,
    );
  const remove = (index: number) => {
    if (index in marks)
      change(
        marks.filter((_, i) => i !== index),
        -1,
      );
  };
  const choose = (next: Mark["kind"]) => (event: MouseEvent) => {
    kind = next;
    // Who cannot draw gets one in the middle, and moves it.
    if (event.detail === 0) {
      const mark = { kind, x: 0.35, y: 0.4, width: 0.3, height: 0.2 };
      change([...marks, mark], marks.length);
      boxes()[selected]?.focus();
    } else draw();
  };

  const tools = {
    highlight: button("highlight", choose("highlight")),
    hide: button("hide", choose("hide")),
  };
  const undo = button("undo", () => {
    marks = past.pop() ?? marks;
    selected = -1;
    draw();
  });
  const drop = button("delete", () => remove(selected));
  const done = button("done", () => {});
  const hint = document.createElement("p");
  hint.id = "hint";
  hint.textContent = word("hint");
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.append(tools.highlight, tools.hide, undo, drop, done);
  done.className = "go";
  const canvas = canvasFor(document, picture);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", word("alt"));
  paint(canvas, picture, []);
  const area = document.createElement("div");
  area.className = "area";
  area.append(canvas);
  const boxes = () => [...area.querySelectorAll<HTMLElement>(".mark")];

  const draw = () => {
    const focused = boxes().indexOf(
      (area.getRootNode() as ShadowRoot).activeElement as HTMLElement,
    );
    for (const box of boxes()) box.remove();
    marks.forEach((mark, index) => {
      const box = document.createElement("button");
      box.type = "button";
      box.className = `mark ${mark.kind}`;
      box.setAttribute("aria-label", `${word(mark.kind)} ${index + 1}`);
      box.setAttribute("aria-describedby", "hint");
      box.setAttribute("aria-pressed", String(index === selected));
      for (const side of ["width", "height"] as const) {
        box.style[side] = `${mark[side] * 100}%`;
      }
      box.style.left = `${mark.x * 100}%`;
      box.style.top = `${mark.y * 100}%`;
      area.append(box);
    });
    boxes()[focused]?.focus();
    for (const [name, tool] of Object.entries(tools)) {
      tool.setAttribute("aria-pressed", String(name === kind));
    }
    undo.disabled = past.length === 0;
    drop.disabled = selected < 0;
  };

  area.addEventListener("focusin", ({ target }) => {
    const index = boxes().indexOf(target as HTMLElement);
    if (index < 0 || index === selected) return;
    selected = index;
    boxes().forEach((box, i) =>
      box.setAttribute("aria-pressed", String(i === index)),
    );
    drop.disabled = false;
  });
  area.addEventListener("keydown", (event) => {
    const index = boxes().indexOf(event.target as HTMLElement);
    const arrow = ARROWS[event.key];
    if (index < 0) return;
    if (arrow) {
      event.preventDefault();
      const [dx, dy] = arrow;
      replace(index, (mark) => (event.shiftKey ? resize : move)(mark, dx, dy));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(index);
      tools[kind].focus();
    }
  });
  followPointer(area, {
    begin: (target) => boxes().indexOf(target as HTMLElement),
    drawn(from, to) {
      const mark = between(kind, from, to);
      if (mark) change([...marks, mark], marks.length);
    },
    moved: (index, dx, dy) => replace(index, (mark) => move(mark, dx, dy)),
  });
  draw();

  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-describedby", "hint");
  dialog.setAttribute("aria-label", word("alt"));
  dialog.append(hint, area, bar);
  return { dialog, done, marks: () => marks };
}

interface Point {
  x: number;
  y: number;
}

/** Turns presses, moves and releases on `area` into marks drawn and marks moved. */
function followPointer(
  area: HTMLElement,
  on: {
    /** The index of the mark under the pointer; -1 for none. */
    begin(target: EventTarget | null): number;
    drawn(from: Point, to: Point): void;
    moved(index: number, dx: number, dy: number): void;
  },
): void {
  let from: Point | undefined;
  let index = -1;
  const at = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = area.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = at(event);
    index = on.begin(event.target);
    // So that the release is heard wherever it happens; a mark keeps its focus.
    area.setPointerCapture(event.pointerId);
    if (index < 0) event.preventDefault();
  });
  area.addEventListener("pointerup", (event) => {
    if (!from) return;
    const to = at(event);
    if (index < 0) on.drawn(from, to);
    else if (to.x !== from.x || to.y !== from.y) {
      on.moved(index, to.x - from.x, to.y - from.y);
    }
    from = undefined;
  });
  area.addEventListener("pointercancel", () => (from = undefined));
}
