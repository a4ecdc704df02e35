// Turns the tools for screenshots into elements: a row of ways to add one, and the ones that are there.
import type { Say } from "./words.js";

/** Called when a person wants something of one screenshot. */
export interface Wishes {
  change(): void;
  remove(): void;
}

export interface View {
  parts: HTMLElement[];
  /** Says the word of this name, with a number; empty says nothing. */
  tell(name: string, n?: number): void;
  /** Adds a button to the row. */
  button(name: string, act: () => void): void;
  /** Adds the way to choose a file, or to use a camera. */
  file(take: (file: File) => void): void;
  item(wishes: Wishes): HTMLLIElement;
  /** Shows what will be sent. */
  fill(item: HTMLLIElement, preview: HTMLCanvasElement): void;
  /** Numbers what is there; with no room for more, there is no way to add. */
  count(room: boolean): void;
  /** After something was removed: to where something can be added. */
  focus(): void;
}

export function createView(document: Document, say: Say): View {
  const make = <T extends keyof HTMLElementTagNameMap>(tag: T, text = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const press = (act: () => void, text = "") => {
    const button = make("button", text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  };
  const title = make("h3", say("add"));
  title.id = "title";
  const row = make("div");
  row.className = "row";
  row.setAttribute("role", "group");
  row.setAttribute("aria-labelledby", "title");
  const hint = make("p", say("paste"));
  hint.className = "hint";
  const message = make("p");
  message.setAttribute("role", "status");
  const list = make("ul");

  return {
    parts: [title, row, hint, message, list],
    tell(name, n) {
      message.textContent = name && say(name, n);
    },
    button: (name, act) => row.append(press(act, say(name))),
    file(take) {
      const label = make("label", say("file"));
      label.className = "file";
      const input = make("input");
      input.type = "file";
      // On a phone this offers the camera, too.
      input.accept = "image/*";
      input.addEventListener("change", () => {
        const [file] = input.files ?? [];
        // The same file again is another choice.
        input.value = "";
        if (file) take(file);
      });
      label.append(input);
      row.append(label);
    },
    item({ change, remove }) {
      const item = make("li");
      const picture = press(change);
      picture.className = "picture";
      item.append(picture, press(remove));
      list.append(item);
      return item;
    },
    fill: (item, preview) =>
      item.querySelector("button")?.replaceChildren(preview),
    count(room) {
      row.hidden = hint.hidden = !room;
      [...list.children].forEach((item, index) => {
        const [picture, remove] = item.querySelectorAll("button");
        const n = index + 1;
        picture?.setAttribute(
          "aria-label",
          `${say("image", n)}: ${say("edit")}`,
        );
        if (remove) remove.textContent = say("remove", n);
      });
    },
    focus: () => row.querySelector<HTMLElement>("button,input")?.focus(),
  };
}
