// Turns what people do on a page into reasons not to interrupt them.
import { expect, test } from "vitest";
import { BUSY, createGuard } from "../src/stage/guard.js";
import { pass, world, type World } from "./dom.js";

const PAGE = `<input id="in"><input id="box" type="checkbox"><p id="text">Tableware</p>
  <div id="edit" contenteditable="true"></div><video id="film"></video>`;

/** The reason after `happens` on a page with {@link PAGE}. */
async function check(
  happens: (world: World, find: (id: string) => HTMLElement) => void,
  reason: keyof typeof BUSY,
  thenMs = 0,
): Promise<void> {
  const made = world(PAGE);
  const guard = createGuard(made.page, made.backstage.signal);
  expect(guard.reason()).toBe(BUSY.free);
  happens(made, (id) => made.document.getElementById(id) as HTMLElement);
  await pass(thenMs);
  expect(guard.reason()).toBe(BUSY[reason]);
}

const fire = ({ page, document }: World, type: string) =>
  document.dispatchEvent(new page.Event(type, { bubbles: true }));

function type(made: World, field: HTMLElement): void {
  field.focus();
  field.dispatchEvent(new made.page.Event("keydown", { bubbles: true }));
}

test("a hidden page", () =>
  check(({ document }) => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
  }, "hidden"));

test("keys in a field, and half a minute after them while it has the focus", async () => {
  await check((it, find) => type(it, find("in")), "typing", 2_900);
  await check((it, find) => type(it, find("in")), "typing", 29_000);
  await check((it, find) => type(it, find("in")), "free", 31_000);
  await check((it, find) => type(it, find("edit")), "typing");
});

test("three seconds after the last key, when the field was left", async () => {
  const left = (it: World, field: HTMLElement) => {
    type(it, field);
    field.blur();
  };
  await check((it, find) => left(it, find("in")), "typing", 2_900);
  await check((it, find) => left(it, find("in")), "free", 3_100);
});

test("a field with text in it, as long as it has the focus", () =>
  check(
    (_, find) => {
      const field = find("in") as HTMLInputElement;
      field.value = "bowl";
      field.focus();
    },
    "typing",
    60_000,
  ));

test("keys elsewhere, and an empty field, are nothing", async () => {
  await check((it, find) => type(it, find("box")), "free");
  await check((_, find) => find("in").focus(), "free");
});

test("composing ends with the composition, or with the field", async () => {
  const compose = (it: World, field: HTMLElement) => {
    field.focus();
    fire(it, "compositionstart");
  };
  await check((it, find) => compose(it, find("in")), "composing", 60_000);
  await check((it, find) => {
    compose(it, find("in"));
    find("in").remove();
  }, "free");
  await check((it, find) => {
    compose(it, find("in"));
    fire(it, "compositionend");
  }, "free");
});

test("dragging, and a button that is held", async () => {
  await check((it) => fire(it, "dragstart"), "dragging", 60_000);
  await check((it) => fire(it, "pointerdown"), "dragging");
  await check((it) => fire(it, "pointerdown"), "free", 31_000);
  await check((it) => {
    fire(it, "dragstart");
    fire(it, "dragend");
    fire(it, "pointerdown");
    fire(it, "pointerup");
  }, "free");
});

test("fullscreen", () =>
  check(({ document }) => {
    const value = document.body;
    Object.defineProperty(document, "fullscreenElement", { value });
  }, "fullscreen"));

test("a modal dialog of the page, where it can be seen", async () => {
  const open = (document: Document, boxes: object[]) => {
    const dialog = document.createElement("div");
    dialog.setAttribute("aria-modal", "true");
    dialog.getClientRects = () => boxes as unknown as DOMRectList;
    document.body.append(dialog);
  };
  await check(({ document }) => open(document, [{}]), "modal");
  await check(({ document }) => open(document, []), "free");
});

test("selected text", () =>
  check(({ page }) => {
    const selection = { toString: () => " Tableware" };
    page.getSelection = () => selection as unknown as Selection;
  }, "selecting"));

test.each([
  [{ paused: false }, "playing"],
  [{ paused: false, muted: true }, "playing"],
  [{ paused: false, muted: true, loop: true }, "free"],
  [{ paused: false, ended: true }, "free"],
  [{}, "free"],
] as const)("a film that is %j", (state, reason) =>
  check((_, find) => {
    const still = { paused: true, ended: false, muted: false, loop: false };
    for (const [name, value] of Object.entries({ ...still, ...state })) {
      Object.defineProperty(find("film"), name, { value });
    }
  }, reason),
);
