// Turns the agent's words into surveys on a page, and what happens to them into what the agent hears.
import { expect, test } from "vitest";
import type { Command } from "../src/types.gen.js";
import { createStage } from "../src/stage/index.js";
import { get, pass, world } from "./dom.js";
import { ANSWER, ANSWERED, bytes, fakeWidget, NOT_YET } from "./widget.js";

type Show = Extract<Command, { do: "show" }>;

const SHOW: Show = {
  do: "show",
  survey: { id: "nps", version: 3 },
  resume: null,
  by_person: false,
};

/** A page whose agent answers every "ready" with `decides`. */
function staged(html = "") {
  const made = world(html);
  const widget = fakeWidget();
  Object.assign(made.modules, { "widget.js": widget });
  Object.defineProperty(made.page.navigator, "locks", {
    value: undefined,
    configurable: true,
  });
  const decides: { command: Command | undefined } = { command: { do: "open" } };
  const note = made.backstage.call;
  made.backstage.call = (input, ...args) => {
    note(input, ...args);
    const { command } = decides;
    if (input === "ready" && command) {
      void Promise.resolve().then(() => stage.hear(command));
    }
  };
  const stage = createStage(made.backstage);
  const show = async (command: Partial<Show> = {}) => {
    stage.hear({ ...SHOW, ...command });
    await pass(100);
  };
  const last = () => {
    const open = widget.opened.at(-1);
    if (!open) throw new Error("nothing is open");
    return open;
  };
  return { ...made, made, widget, stage, show, last, decides };
}

test("a survey is fetched with its words, and opened when the agent says so", async () => {
  const { show, last, fetched, heard, backstage } = staged();
  Object.assign(backstage.site, { theme: "dark", corner: "top-left" });
  await show({ resume: "aGVyZQ==" });
  expect(fetched.map(({ url }) => url).sort()).toEqual([
    "https://c.example/a/words-en.json",
    "https://c.example/v1/survey/nps%403?k=fh_demo_shop&l=en&f=2",
  ]);
  expect(heard).toEqual(["ready 0 <0>"]);
  const { content, options, tell, log } = last();
  expect(content).toContain("for https://c.example/v1/survey/nps");
  expect(options).toMatchObject({
    theme: "dark",
    corner: "top-left",
    words: { feedback: "Feedback" },
    container: undefined,
    byPerson: false,
    context: { page: "https://shop.example/cart", language: "en" },
  });
  tell({ type: "visible" });
  tell({ type: "snoozed" });
  expect(log).toEqual(["resume here"]);
  expect(heard.slice(1)).toEqual(["painted", "closed 2"]);
});

test("steps are told whole, with the answer for the page's listeners", async () => {
  const { show, last, heard, backstage } = staged();
  await show();
  const images: Blob[] = [];
  const step = { type: "progressed", images, context: false } as const;
  last().tell({ ...step, progress: NOT_YET, answer: undefined });
  last().tell({ ...step, progress: ANSWERED, answer: ANSWER });
  expect(backstage.answer).toBe(ANSWER);
  const complete = { ...ANSWERED, complete: true };
  last().tell({ ...step, progress: complete, answer: ANSWER, context: true });
  const [first, second, ...more] = heard.slice(1);
  expect(first).toBe(`answered 1 ${JSON.stringify([ANSWER])} aGVyZQ==`);
  expect(second).toMatch(/^answered 3 .* \{"context":\{"page":"https/);
  expect(more).toEqual([]);
});

test("who closes while images are on their way is heard after the answers", async () => {
  const { show, last, heard } = staged();
  await show();
  const images = [new Blob(["pixels"], { type: "image/png" })];
  const step = { type: "progressed", images, context: false } as const;
  const progress = { ...ANSWERED, complete: true };
  last().tell({ ...step, progress, answer: ANSWER });
  last().tell({ type: "closed" });
  expect(heard.slice(1)).toEqual([]);
  await pass();
  expect(heard.slice(1).map((it) => it.slice(0, 10))).toEqual([
    "answered 3",
    "closed 0",
  ]);
});

test("a busy person is waited for, and the agent knows why", async () => {
  const { show, widget, page, heard } = staged('<input id="in" value="bowl">');
  get(page.document, "input").focus();
  await show();
  await pass(5_000);
  expect(heard).toEqual(["busy 2"]);
  expect(widget.opened).toHaveLength(0);
  get(page.document, "input").blur();
  await pass(600);
  expect(heard).toEqual(["busy 2", "ready 0 <0>"]);
  expect(widget.opened).toHaveLength(1);
});

test("whoever opens something themselves is not made to wait, nor by a modal dialog", async () => {
  const { show, last, page, heard } = staged(
    '<input value="bowl"><div id="d" aria-modal="true"></div>',
  );
  const dialog = get(page.document, "#d");
  dialog.getClientRects = () => [{}] as unknown as DOMRectList;
  get(page.document, "input").focus();
  await show({ by_person: true });
  expect(heard).toEqual(["ready 0 <0>"]);
  expect(last().options).toMatchObject({ byPerson: true, container: dialog });
});

test("a survey in another tab is waited for; the lock comes back with the end", async () => {
  const { show, stage, page, heard, widget } = staged();
  const name = "firsthand:fh_demo_shop:show";
  const lease = () => page.localStorage.getItem(name);
  page.localStorage.setItem(name, `other ${Date.now() + 3_000}`);
  await show();
  expect(heard).toEqual(["busy 9"]);
  await pass(4_000);
  expect(heard).toEqual(["busy 9", "ready 0 <0>"]);
  expect(lease()).not.toBeNull();
  stage.hear({ do: "hide" });
  expect(widget.opened[0]?.log.at(-1)).toBe("close");
  expect(lease()).toBeNull();
});

test("the agent may decide otherwise, or not yet", async () => {
  const { show, stage, decides, widget, heard, page } = staged();
  decides.command = undefined;
  await show();
  await pass(600);
  expect(heard.length).toBeGreaterThan(1);
  decides.command = { do: "hide" };
  await pass(600);
  const told = heard.length;
  await pass(5_000);
  expect(heard).toHaveLength(told);
  expect(widget.opened).toHaveLength(0);
  expect(page.localStorage.length).toBe(0);
  stage.hear({ do: "open" });
  expect(widget.opened).toHaveLength(0);
});

test("what was hidden while it was fetched does not open", async () => {
  const { stage, widget, heard } = staged();
  stage.hear(SHOW);
  stage.hear({ do: "hide" });
  await pass(1_000);
  expect(widget.opened).toHaveLength(0);
  expect(heard).toEqual([]);
});

test("a survey that cannot be fetched is told, and fetched anew the next time", async () => {
  const { show, made, widget, heard, warned, page } = staged();
  const { answer } = made;
  made.answer = (url) =>
    url.includes("/v1/") ? new Response("", { status: 404 }) : answer(url);
  await show();
  expect(heard).toEqual(["show_failed"]);
  expect(warned).toEqual(["widget_failed"]);
  made.answer = answer;
  await show();
  expect(widget.opened).toHaveLength(1);
  expect(page.localStorage.length).toBe(1);
});

test("a widget that traps frees everything", async () => {
  const { show, stage, widget, heard, warned, page, last } = staged();
  await show();
  widget.trap = new WebAssembly.RuntimeError("unreachable");
  stage.hear({ do: "delivery", state: "sending" });
  expect(heard.at(-1)).toBe("show_failed");
  expect(warned).toEqual(["widget_failed", "widget_failed"]);
  expect(page.localStorage.length).toBe(0);
  widget.trap = undefined;
  await show();
  stage.hear({ do: "delivery", state: "stored" });
  expect(last().log).toEqual(["resume ", "stored"]);
});

test.each([
  ["indexeddb", 2, ["waiting", "kept"]],
  ["localstorage", 1, ["waiting", "kept"]],
  ["indexeddb", 0, ["waiting"]],
  ["memory", 0, ["waiting"]],
] as const)(
  "an answer that waits, with %s and %i items kept, is told as %j",
  async (storage, kept, told) => {
    const { show, stage, made, last } = staged();
    made.backstage.kept = (fn) => fn({ storage, kept });
    await show();
    stage.hear({ do: "delivery", state: "waiting" });
    expect(last().log).toEqual(["resume ", ...told]);
  },
);

test("what has arrived while somebody looked whether it is kept is told as that", async () => {
  const { show, stage, made, last } = staged();
  let looked = () => {};
  made.backstage.kept = (fn) =>
    void (looked = () => fn({ storage: "indexeddb", kept: 1 }));
  await show();
  stage.hear({ do: "delivery", state: "waiting" });
  stage.hear({ do: "delivery", state: "stored" });
  looked();
  expect(last().log).toEqual(["resume ", "waiting", "stored"]);
});

test("what was entered before hiding is there when it comes back", async () => {
  const { show, stage, widget, last } = staged();
  await show();
  widget.progress = { ...NOT_YET, resume: bytes("half a sentence") };
  stage.hear({ do: "hide" });
  await show();
  expect(last().log).toEqual(["resume half a sentence"]);
});

test.each([
  ["answered before, and not to be gone on with", null, "resume "],
  ["answered before, to be gone on with", "b2xk", "resume here"],
])("%s", async (_, resume, expected) => {
  const { show, stage, widget, last } = staged();
  await show();
  widget.progress = ANSWERED;
  stage.hear({ do: "hide" });
  await show({ resume });
  expect(last().log).toEqual([expected]);
});

test("what was closed by the person, or forgotten, begins afresh", async () => {
  const { show, stage, widget, last } = staged();
  const entered = { ...NOT_YET, resume: bytes("half") };
  await show();
  widget.progress = entered;
  last().tell({ type: "closed" });
  stage.hear({ do: "hide" });
  await show();
  expect(last().log).toEqual(["resume "]);
  stage.hear({ do: "hide" });
  stage.hear({ do: "wipe" });
  await show();
  expect(last().log).toEqual(["resume "]);
});

test("a page that goes tells what was answered, once", async () => {
  const { show, widget, heard, page } = staged();
  await show();
  widget.progress = { ...NOT_YET, resume: bytes("half") };
  page.dispatchEvent(new page.Event("pagehide"));
  expect(heard).toHaveLength(1);
  widget.progress = ANSWERED;
  page.dispatchEvent(new page.Event("pagehide"));
  page.dispatchEvent(new page.Event("pagehide"));
  expect(heard).toHaveLength(2);
  expect(heard[1]).toMatch(/^answered 1 /);
});

test("an inline survey waits for its element, and comes back with it", async () => {
  const { show, widget, last, document } = staged();
  widget.element = "#here";
  await show();
  expect(widget.opened).toHaveLength(0);
  document.body.innerHTML = '<div id="here"></div>';
  await pass(400);
  expect(last().options.container).toBe(get(document, "#here"));
  widget.progress = { ...NOT_YET, resume: bytes("half") };
  document.body.innerHTML = '<p></p><div id="here"></div>';
  await pass(600);
  expect(widget.opened).toHaveLength(2);
  expect(last().log).toEqual(["resume half"]);
  expect(last().options.container).toBe(get(document, "#here"));
});

test("another language is fetched, and shown where it is open", async () => {
  const { show, stage, last, backstage, fetched } = staged();
  await show();
  backstage.site.language = "de";
  backstage.site.theme = "light";
  stage.restyle();
  await pass();
  expect(fetched.map(({ url }) => url)).toContain(
    "https://c.example/v1/survey/nps%403?k=fh_demo_shop&l=de&f=2",
  );
  expect(last().log[1]).toBe("light");
  expect(last().log[2]).toMatch(/l=de&f=2 Feedback$/);
});

test("the buttons of a survey are in its language, not in the person's", async () => {
  const { show, widget, fetched, backstage } = staged();
  backstage.site.language = "de";
  widget.language = "pt";
  await show();
  const words = fetched.map(({ url }) => url).filter((it) => /words/.test(it));
  expect(words).toEqual([
    "https://c.example/a/words-de.json",
    "https://c.example/a/words-pt-BR.json",
  ]);
});

test("launchers make room for what stands above the page, and are back before the focus", async () => {
  const { show, stage, last, document } = staged();
  stage.hear({
    do: "furnish",
    furniture: {
      probes: [],
      launchers: [
        {
          survey: "feedback",
          launcher: "tab",
          corner: null,
          label: "Tell us",
          language: "en",
        },
      ],
    },
  });
  await show();
  const host = get(document, "firsthand-launcher");
  expect(host.hidden).toBe(true);
  last().tell({ type: "closed" });
  expect(host.hidden).toBe(false);
});

test("the first form of the site opens once it is known, or the page hears that there is none", async () => {
  const { stage, heard, warned, backstage } = staged();
  stage.openFeedback();
  await pass();
  expect([heard, warned]).toEqual([[], []]);
  backstage.events.emit("ready", {});
  await pass(10);
  expect(warned).toEqual(["no_feedback"]);
  const launcher = { survey: "fb", launcher: "page", label: null } as const;
  const launchers = [{ ...launcher, corner: null, language: "en" }];
  stage.hear({ do: "furnish", furniture: { probes: [], launchers } });
  stage.openFeedback();
  await pass(10);
  expect(heard.at(-1)).toBe("show 1 fb");
});

test("a theme of the page is followed", async () => {
  const { show, last, backstage, document } = staged();
  backstage.site.theme = "host";
  document.documentElement.dataset["theme"] = "dark";
  await show();
  expect(last().options.theme).toBe("dark");
  document.documentElement.dataset["theme"] = "light";
  await pass(10);
  expect(last().log.at(-1)).toBe("light");
});

test("what is to be shown when all has ended is not even looked for", async () => {
  const { show, end, heard, fetched, page } = staged();
  end();
  await show();
  await pass(60_000);
  expect([heard, fetched]).toEqual([[], []]);
  expect(page.localStorage.length).toBe(0);
});

test("destroying takes everything off the page, and nothing goes on", async () => {
  const { show, last, end, page, heard } = staged();
  await show();
  const told = heard.length;
  end();
  expect(last().log.at(-1)).toBe("close");
  page.dispatchEvent(new page.Event("pagehide"));
  await pass(60_000);
  expect(heard).toHaveLength(told);
  expect(page.localStorage.length).toBe(0);
});
