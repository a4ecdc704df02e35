// Turns screens, clipboards and files into the images of a feedback form, as the person wants them seen.
import type { ShotModule } from "../stage/screenshots.js";
import { createShadow } from "../stage/shadow.js";
import type { Words } from "../widget/contract.js";
import { canCapture, capture } from "./capture.js";
import { edit } from "./editor.js";
import { canvasFor, decode, encode, Refused } from "./image.js";
import { paint, type Mark } from "./marks.js";
import css from "./tools.css";

/** Images that the collector takes with one response. */
const MAX_IMAGES = 4;

interface Shot {
  picture: ImageBitmap;
  marks: Mark[];
  /** What is sent. */
  file: Blob;
  item: HTMLLIElement;
}

export const createTools: ShotModule["createTools"] = (page, slot, words) => {
  const { host, root } = createShadow(page, "firsthand-shots", css);
  const view = createView(page.document, words);
  const end = new AbortController();
  const { signal } = end;
  const shots: Shot[] = [];

  const room = () => {
    view.row.hidden = shots.length >= MAX_IMAGES;
  };
  /** Does something that may fail: the form stays as it is, and says so. */
  const attempt = async (fn: () => Promise<void>) => {
    view.say("");
    try {
      await fn();
    } catch (error) {
      if (signal.aborted) return;
      view.say(error instanceof Refused ? error.word : "shot_failed");
    }
  };
  const render = async (picture: ImageBitmap, marks: Mark[]) => {
    const canvas = canvasFor(page.document, picture);
    paint(canvas, picture, marks);
    const file = await encode(canvas);
    // Read back, so that what is seen is what is sent.
    const sent = await createImageBitmap(file);
    const preview = canvasFor(page.document, sent);
    paint(preview, sent, []);
    sent.close();
    return { file, preview };
  };
  const revise = async (shot: Shot) => {
    const marks = await edit(page, shot.picture, shot.marks, words, signal);
    if (!marks) return;
    const { file, preview } = await render(shot.picture, marks);
    Object.assign(shot, { marks, file });
    view.fill(shot.item, preview);
  };
  const add = async (picture: ImageBitmap, marks: Mark[]) => {
    const { file, preview } = await render(picture, marks);
    if (signal.aborted || shots.length >= MAX_IMAGES) return picture.close();
    const item = view.item(
      () => void attempt(() => revise(shot)),
      () => {
        shots.splice(shots.indexOf(shot), 1);
        item.remove();
        picture.close();
        room();
        view.focus();
      },
    );
    const shot: Shot = { picture, marks, file, item };
    view.fill(item, preview);
    shots.push(shot);
    room();
    await revise(shot);
  };
  const addFile = (file: Blob) =>
    attempt(async () => add(await decode(file), []));

  if (canCapture(page)) {
    view.button("shot_capture", () =>
      attempt(async () => {
        // The widget around these tools is not what is to be seen.
        const widget = (slot.getRootNode() as ShadowRoot).host as HTMLElement;
        const made = await capture(page, widget);
        if (made) await add(made.picture, made.marks);
      }),
    );
  }
  if (
    typeof (page.navigator.clipboard as Partial<Clipboard> | undefined)
      ?.read === "function"
  ) {
    view.button("shot_paste", () =>
      attempt(async () => {
        for (const item of await page.navigator.clipboard.read()) {
          const type = item.types.find((it) => it.startsWith("image/"));
          if (type) return add(await decode(await item.getType(type)), []);
        }
        throw new Refused("shot_not_image");
      }),
    );
  }
  view.file((file) => void addFile(file));
  slot.getRootNode().addEventListener(
    "paste",
    (event) => {
      const { clipboardData } = event as ClipboardEvent;
      const file = [...(clipboardData?.files ?? [])].find((it) =>
        it.type.startsWith("image/"),
      );
      // Copied text may come with a picture of itself.
      if (!file || clipboardData?.getData("text/plain")) return;
      event.preventDefault();
      void addFile(file);
    },
    { signal },
  );
  root.append(...view.parts);
  slot.append(host);

  return {
    images: () => shots.map(({ file }) => file),
    destroy() {
      end.abort();
      host.remove();
      for (const { picture } of shots.splice(0)) picture.close();
    },
  };
};

/** The elements of the tools. */
function createView(document: Document, words: Words) {
  const word = (name: string) => words[name] ?? name;
  const make = <T extends keyof HTMLElementTagNameMap>(tag: T, text = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const press = (name: string, act: () => void) => {
    const button = make("button", word(name));
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  };
  const title = make("h3", word("shot_add"));
  title.id = "title";
  const row = make("div");
  row.className = "row";
  row.setAttribute("role", "group");
  row.setAttribute("aria-labelledby", "title");
  const message = make("p");
  message.setAttribute("role", "status");
  const list = make("ul");
  return {
    parts: [title, row, message, list],
    row,
    /** Says the words of this name. */
    say(name: string) {
      message.textContent = name && word(name);
    },
    button: (name: string, act: () => void) => row.append(press(name, act)),
    file(take: (file: File) => void) {
      const label = make("label", word("shot_file"));
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
    item(change: () => void, remove: () => void): HTMLLIElement {
      const item = make("li");
      const picture = press("", change);
      picture.className = "picture";
      picture.setAttribute("aria-label", word("shot_alt"));
      item.append(picture, press("shot_remove", remove));
      list.append(item);
      return item;
    },
    fill: (item: HTMLLIElement, preview: HTMLCanvasElement) =>
      item.querySelector(".picture")?.replaceChildren(preview),
    /** After something was removed: to where something can be added. */
    focus: () => row.querySelector<HTMLElement>("button,input")?.focus(),
  };
}
