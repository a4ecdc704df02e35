// Turns files, keys and pastes into what a feedback form sends as its images.
import { expect, test, vi } from "vitest";
import { canCapture, capture, secrets } from "../src/shot/capture.js";
import { createTools } from "../src/shot/index.js";
import { between, move, paint, resize, type Mark } from "../src/shot/marks.js";
import { pasted } from "../src/shot/sources.js";
import { get, pass, world, type World } from "./dom.js";

const MARK: Mark = { kind: "hide", x: 0.5, y: 0.5, width: 0.3, height: 0.2 };
const words = { shot_remove_box: "Remove box {n}", shot_box: "Box {n}" };

/** What was drawn on a canvas, one line each. */
function canvas(width = 100, height = 50) {
  const drawn: string[] = [];
  const context = {
    fillStyle: "",
    strokeStyle: "",
    lineWidth: 0,
    drawImage: () => drawn.push("picture"),
    fillRect: (...box: number[]) => drawn.push(`hide ${box.join(" ")}`),
    strokeRect: (...box: number[]) => drawn.push(`line ${box.join(" ")}`),
  };
  return { drawn, width, height, getContext: () => context };
}

test("marks move and grow within the picture", () => {
  expect(move(MARK, 0.5, -0.7)).toMatchObject({ x: 0.7, y: 0 });
  expect(resize(MARK, 0.9, -0.9)).toMatchObject({ width: 0.5, height: 0.01 });
});

test("a mark is drawn from any corner; a slip of the hand is none", () => {
  const mark = between("highlight", { x: 0.9, y: 0.2 }, { x: 0.4, y: 1.3 });
  expect(mark).toMatchObject({ x: 0.4, y: 0.2, width: 0.5, height: 0.8 });
  expect(between("hide", MARK, { x: 0.503, y: 0.9 })).toBeUndefined();
});

test("what is hidden is painted last, opaque, and out to whole pixels", () => {
  const { drawn, ...surface } = canvas(101, 51);
  const picture = {} as ImageBitmap;
  const marks = [MARK, { ...MARK, kind: "highlight" as const }];
  paint(surface as unknown as HTMLCanvasElement, picture, marks);
  expect(drawn).toEqual([
    "picture",
    "line 50 25 31 11",
    "line 50 25 31 11",
    "hide 50 25 31 11",
  ]);
  expect(surface.getContext().fillStyle).toBe("#000");
});

test("fields and what the page calls private are hidden from the start", () => {
  const { page, document } = world(
    '<input><input type="checkbox"><textarea></textarea><p data-private></p>',
  );
  const boxes = { left: 128, top: 72, right: 256, bottom: 144 };
  for (const it of document.querySelectorAll("body > *")) {
    it.getBoundingClientRect = () => boxes as DOMRect;
  }
  get(document, "textarea").getBoundingClientRect = () =>
    ({ ...boxes, bottom: 0, top: -72 }) as DOMRect;
  expect(secrets(page, document.body)).toEqual(
    Array(2).fill({ kind: "hide", x: 0.1, y: 0.1, width: 0.1, height: 0.1 }),
  );
});

test("fields are found in what the page is built of, and hidden where a pinch moved them", () => {
  const { page, document } = world(
    '<p id="card"></p><p id="widget"></p><iframe></iframe>',
  );
  const boxes = { left: 128, top: 72, right: 256, bottom: 144 };
  const boxed = (it: Element) => {
    it.getBoundingClientRect = () => boxes as DOMRect;
  };
  for (const id of ["#card", "#widget"]) {
    const root = get(document, id).attachShadow({ mode: "open" });
    root.innerHTML = "<b></b><input>";
    root.querySelectorAll("*").forEach(boxed);
  }
  boxed(get(document, "iframe"));
  const value = { offsetLeft: 64, offsetTop: 36, scale: 2 };
  Object.defineProperty(page, "visualViewport", { value });
  const [field, frame, ...more] = secrets(page, get(document, "#widget"));
  const side = expect.closeTo(0.2) as number;
  const where = { x: 0.1, y: 0.1, width: side, height: side };
  expect(field).toEqual({ kind: "hide", ...where });
  expect(frame).toEqual(field);
  expect(more).toEqual([]);
});

/** A page on which a screen can be captured, or asking for it fails. */
function capturing(getDisplayMedia: () => Promise<MediaStream>) {
  const made = world('<p id="widget"></p>');
  const value = { getDisplayMedia };
  Object.defineProperty(made.page.navigator, "mediaDevices", { value });
  Object.defineProperty(made.page, "isSecureContext", { value: true });
  return made;
}

test("a phone is not asked for its screen", () => {
  const { page } = capturing(() => Promise.reject(new Error()));
  page.matchMedia = () => ({ matches: false }) as MediaQueryList;
  expect(canCapture(page)).toBe(true);
  page.matchMedia = () => ({ matches: true }) as MediaQueryList;
  Object.defineProperty(page, "screen", { value: { width: 390, height: 844 } });
  expect(canCapture(page)).toBe(false);
});

test("who changes their mind has made no mistake", async () => {
  const refused = Object.assign(new Error(), { name: "NotAllowedError" });
  const { page, document } = capturing(() => Promise.reject(refused));
  const widget = get(document, "#widget");
  expect(await capture(page, widget)).toBeUndefined();
  const broken = capturing(() => Promise.reject(new Error("no device")));
  await expect(capture(broken.page, widget)).rejects.toThrow("no device");
});

test("one frame is taken, without the widget, and the capture ends", async () => {
  const stop = vi.fn();
  const track = { stop, getSettings: () => ({ displaySurface: "window" }) };
  const tracks = () => [track];
  const stream = { getTracks: tracks, getVideoTracks: tracks };
  const { page, document } = capturing(() =>
    Promise.resolve(stream as unknown as MediaStream),
  );
  const widget = get(document, "#widget");
  const seen: string[] = [];
  const video = {
    play: () => Promise.resolve(),
    videoWidth: 1,
    videoHeight: 1,
  };
  const create = vi.spyOn(document, "createElement");
  create.mockReturnValueOnce(video as unknown as HTMLVideoElement);
  page.requestAnimationFrame = (fn) => {
    seen.push(widget.style.visibility);
    page.setTimeout(fn, 16);
    return 0;
  };
  vi.stubGlobal("createImageBitmap", () => Promise.resolve("picture"));
  const done = capture(page, widget);
  await pass(100);
  expect(await done).toEqual({ picture: "picture", marks: [] });
  expect(new Set(seen)).toEqual(new Set(["hidden"]));
  expect(widget.style.visibility).toBe("");
  expect(stop).toHaveBeenCalledTimes(1);
  vi.unstubAllGlobals();
});

test("a paste is taken when it is an image, not when it is a text with one", () => {
  const file = new File(["x"], "a.png", { type: "image/png" });
  const paste = (text: string, files: File[]) =>
    pasted({
      clipboardData: { getData: () => text, files },
    } as unknown as ClipboardEvent);
  expect(paste("", [file])).toBe(file);
  expect(paste("cells", [file])).toBeUndefined();
  expect(paste("", [])).toBeUndefined();
});

/** The tools in a form, on a page that can decode every picture and encode into `size` bytes. */
function tools(size = 3) {
  const made = world('<div id="form"></div>');
  const { document, page } = made;
  const picture = { width: 100, height: 50, close: vi.fn() };
  vi.stubGlobal("createImageBitmap", () => Promise.resolve(picture));
  const create = document.createElement.bind(document);
  document.createElement = ((name: string) => {
    const element = create(name);
    if (name === "canvas") {
      const toBlob = (fn: (blob: Blob) => void, type: string) => {
        const end = () =>
          fn(new Blob([new Uint8Array(encoding.size)], { type }));
        if (encoding.hold) encoding.end = end;
        else end();
      };
      const { getContext } = canvas();
      Object.assign(element, { toBlob, getContext });
    }
    return element;
  }) as typeof document.createElement;
  /** Ends an encoding that waits. */
  const encoding: { hold: boolean; end: () => void; size: number } = {
    hold: false,
    end: () => {},
    size,
  };
  const slot = get(document, "#form");
  const made2 = createTools(page, slot, words);
  const root = get(slot, "firsthand-shots").shadowRoot;
  const choose = async (file: File) => {
    const input = get<HTMLInputElement>(root, "input");
    Object.defineProperty(input, "files", {
      value: [file],
      configurable: true,
    });
    input.dispatchEvent(new page.Event("change"));
    await pass(10);
  };
  return { ...made, root, choose, tools: made2, picture, encoding };
}

const editor = ({ document }: World) =>
  get(document, "firsthand-shot").shadowRoot;
const PNG = new File(["pixels"], "a.png", { type: "image/png" });

test("a file is drawn anew, edited by keyboard, and can be removed", async () => {
  const made = tools();
  await made.choose(PNG);
  expect(made.tools.images()).toHaveLength(1);
  const root = editor(made);
  const buttons = [
    ...(root?.querySelectorAll<HTMLElement>(".bar button") ?? []),
  ];
  const [mark, hide, undo, remove, , done] = buttons;
  // A click without a pointer is a key.
  mark?.click();
  hide?.click();
  const boxes = () => root?.querySelectorAll<HTMLElement>(".mark") ?? [];
  const key = (name: string, shiftKey = false) =>
    boxes()[1]?.dispatchEvent(
      new made.page.KeyboardEvent("keydown", {
        key: name,
        shiftKey,
        bubbles: true,
      }),
    );
  expect(boxes()).toHaveLength(2);
  const before = boxes()[1]?.style.left;
  key("ArrowRight");
  expect(boxes()[1]?.style.left).not.toBe(before);
  key("ArrowRight", true);
  undo?.click();
  undo?.click();
  expect(boxes()[1]?.style.left).toBe(before);
  boxes()[0]?.focus();
  expect(remove?.textContent).toBe("Remove box 1");
  remove?.click();
  expect(boxes()).toHaveLength(1);
  done?.click();
  await pass(10);
  expect(made.document.querySelector("firsthand-shot")).toBeNull();
  expect(made.tools.images()).toHaveLength(1);
  get(made.root, "li button:last-child").click();
  expect(made.tools.images()).toEqual([]);
  expect(made.root?.querySelector("li")).toBeNull();
  expect(made.picture.close).toHaveBeenCalled();
  vi.unstubAllGlobals();
});

test.each([
  ["not an image", new File(["x"], "a.txt", { type: "text/plain" }), "kind"],
  [
    "too large",
    new File([new Uint8Array((5 << 20) + 1)], "a.png", { type: "image/png" }),
    "large",
  ],
])("what is %s is said, and nothing is added", async (_, file, said) => {
  const made = tools();
  await made.choose(file);
  expect(get(made.root, "[role=status]").textContent).toBe(said);
  expect(made.tools.images()).toEqual([]);
  vi.unstubAllGlobals();
});

test("what is still too large when it was drawn anew is said, too", async () => {
  const made = tools((5 << 20) + 1);
  await made.choose(PNG);
  expect(get(made.root, "[role=status]").textContent).toBe("large");
  expect(made.tools.images()).toEqual([]);
  vi.unstubAllGlobals();
});

/** Presses the button in this place of the editor's bar. */
const press = (made: World, place: number) => {
  const bar = editor(made)?.querySelectorAll<HTMLElement>(".bar button");
  bar?.[place]?.click();
};
const [HIDE, CANCEL, DONE] = [1, 4, 5];

test("the editor stays until what is hidden is hidden in the file", async () => {
  const made = tools();
  await made.choose(PNG);
  const [before] = made.tools.images();
  press(made, HIDE);
  made.encoding.hold = true;
  press(made, DONE);
  await pass(10);
  press(made, CANCEL);
  expect(editor(made)?.querySelector("dialog")?.open).toBe(true);
  expect(made.tools.images()).toEqual([]);
  made.encoding.end();
  await pass(10);
  expect(made.document.querySelector("firsthand-shot")).toBeNull();
  expect(made.tools.images()).toHaveLength(1);
  expect(made.tools.images()[0]).not.toBe(before);
  vi.unstubAllGlobals();
});

test("a picture in which something cannot be hidden is not sent", async () => {
  const made = tools();
  await made.choose(PNG);
  press(made, HIDE);
  made.encoding.size = (5 << 20) + 1;
  press(made, DONE);
  await pass(10);
  expect(made.document.querySelector("firsthand-shot")).toBeNull();
  expect(made.tools.images()).toEqual([]);
  expect(made.root?.querySelector("li")).toBeNull();
  expect(get(made.root, "[role=status]").textContent).toBe("large");
  vi.unstubAllGlobals();
});

test("a form that is closed takes its tools and its editor along", async () => {
  const made = tools();
  await made.choose(PNG);
  expect(editor(made)).not.toBeNull();
  made.tools.destroy();
  await pass(10);
  expect(made.document.querySelector("firsthand-shot")).toBeNull();
  expect(made.document.querySelector("firsthand-shots")).toBeNull();
  expect(made.tools.images()).toEqual([]);
  vi.unstubAllGlobals();
});
