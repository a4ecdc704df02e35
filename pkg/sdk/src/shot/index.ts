// Turns screens, clipboards and files into the images of a feedback form, as the person wants them seen.
import type { ShotModule } from "../stage/screenshots.js";
import { createShadow } from "../stage/shadow.js";
import type { Capture } from "./capture.js";
import { edit } from "./editor.js";
import { canvasFor, encode, MAX_BYTES, Refused } from "./image.js";
import { paint, type Mark } from "./marks.js";
import { fromFile, pasted, sources } from "./sources.js";
import css from "./tools.css";
import { createView } from "./view.js";
import { speaker } from "./words.js";

/** Images that the collector takes with one response. */
const MAX_IMAGES = 4;

interface Shot extends Capture {
  /** What is sent; absent while it is not what the marks say. */
  file: Blob | undefined;
  item: HTMLLIElement;
}

export const createTools: ShotModule["createTools"] = (page, slot, words) => {
  const { host, root } = createShadow(page, "firsthand-shots", css);
  const view = createView(page.document, speaker(words));
  const end = new AbortController();
  const { signal } = end;
  const shots: Shot[] = [];

  const count = () => view.count(shots.length < MAX_IMAGES);
  const revise = async (shot: Shot) => {
    const keep = async (marks: Mark[]) => {
      // What is newly hidden is still to be seen in the file from before.
      shot.file = undefined;
      const { file, preview } = await render(page, { ...shot, marks });
      Object.assign(shot, { marks, file });
      view.fill(shot.item, preview);
    };
    try {
      await edit(page, shot.picture, shot.marks, words, signal, keep);
    } catch (error) {
      if (!shot.file && !signal.aborted) remove(shot);
      throw error;
    }
  };
  const remove = (shot: Shot) => {
    shots.splice(shots.indexOf(shot), 1);
    shot.item.remove();
    shot.picture.close();
    count();
    view.tell("");
    view.focus();
  };
  const add = async (made: Capture) => {
    const { file, preview } = await render(page, made);
    if (signal.aborted) return;
    if (shots.length >= MAX_IMAGES) return view.tell("limit", MAX_IMAGES);
    const item = view.item({
      change: () => attempt(() => revise(shot)),
      remove: () => remove(shot),
    });
    const shot: Shot = { ...made, file, item };
    shots.push(shot);
    view.fill(item, preview);
    count();
    view.tell("added", shots.length);
    await revise(shot);
  };
  /** Does something that may fail: the form stays as it is, and says so. */
  const attempt = (fn: () => Promise<void>) => {
    view.tell("");
    fn().catch((error: unknown) => {
      if (signal.aborted) return;
      if (error instanceof Refused) view.tell(error.word, MAX_BYTES >> 20);
      else view.tell("failed");
    });
  };

  for (const [word, get] of sources(page, slot)) {
    const take = async () => {
      const made = await get();
      if (made) await add(made);
    };
    view.button(word, () => attempt(take));
  }
  const addFile = (file: Blob) =>
    attempt(async () => add(await fromFile(file)));
  view.file(addFile);
  const onPaste = (event: Event) => {
    const file = pasted(event as ClipboardEvent);
    if (!file) return;
    event.preventDefault();
    addFile(file);
  };
  slot.getRootNode().addEventListener("paste", onPaste, { signal });
  root.append(...view.parts);
  slot.append(host);

  return {
    images: () => shots.flatMap(({ file }) => file ?? []),
    destroy() {
      end.abort();
      host.remove();
      for (const { picture } of shots.splice(0)) picture.close();
    },
  };
};

/** What would be sent, as a file and as it looks: read back, so that both are the same. */
async function render(
  page: Window,
  { picture, marks }: Capture,
): Promise<{ file: Blob; preview: HTMLCanvasElement }> {
  const canvas = canvasFor(page.document, picture);
  paint(canvas, picture, marks);
  const file = await encode(canvas);
  const sent = await createImageBitmap(file);
  const preview = canvasFor(page.document, sent);
  paint(preview, sent, []);
  sent.close();
  return { file, preview };
}
