// Turns what happens on a page into what the agent is told of probes and launchers.
import { expect, test } from "vitest";
import type { LauncherSpec, Probe } from "../src/types.gen.js";
import { createLaunchers } from "../src/stage/launchers.js";
import { resolve } from "../src/stage/language.js";
import { sense } from "../src/stage/sense.js";
import { get, pass, world } from "./dom.js";

function sensing(probes: Probe[], html = "") {
  const made = world(html);
  const moved = sense(made.backstage, probes, made.backstage.signal);
  return { ...made, moved };
}

test("patterns and elements are states, told when they change", async () => {
  const probes = [{ regex: "/cart$" }, { element: ".ad" }, { regex: "^x" }];
  const { document, page, heard, moved } = sensing(probes);
  expect(heard).toEqual(["sensed 100"]);
  document.body.innerHTML = '<p class="ad"></p>';
  await pass(300);
  document.body.innerHTML += "<p></p>";
  await pass(300);
  page.location.href = "https://shop.example/cart#top";
  page.history.pushState(null, "", "/about");
  moved();
  expect(heard).toEqual(["sensed 100", "sensed 110", "sensed 010"]);
});

test("what cannot be read finds nothing, and is said", () => {
  const { heard, warned } = sensing([{ regex: "(" }, { element: "<" }]);
  expect(heard).toEqual(["sensed 00"]);
  expect(warned).toEqual(["invalid_probe", "invalid_probe"]);
});

test("patterns are read with the flag u, on the first 2,048 characters", () => {
  const made = world("", `https://shop.example/${"a".repeat(3_000)}b`);
  const probes = [{ regex: "\\u{61}" }, { regex: "b$" }, { regex: "a$" }];
  sense(made.backstage, probes, made.backstage.signal);
  expect(made.heard).toEqual(["sensed 101"]);
});

test("a click counts on what is within, and also where the page stops it", () => {
  const html = '<button class="buy"><b>Buy</b></button><i>Else</i>';
  const { document, heard } = sensing([{ click: ".buy" }], html);
  get(document, ".buy").addEventListener("click", (it) => it.stopPropagation());
  get(document, "b").click();
  get(document, "i").click();
  expect(heard).toEqual(["sensed 0", "track $0"]);
});

test("the depth of a page is reached once, on each page anew", () => {
  const { page, document, heard, moved } = sensing([{ scroll: 50 }]);
  const { documentElement: html } = document;
  Object.defineProperty(html, "scrollHeight", { value: 1_720 });
  const scroll = (y: number) => {
    Object.defineProperty(page, "scrollY", { value: y, configurable: true });
    document.dispatchEvent(new page.Event("scroll"));
  };
  for (const y of [0, 490, 500, 900]) scroll(y);
  moved();
  scroll(1_000);
  expect(heard).toEqual(["sensed 0", "track $0", "track $0"]);
});

test("the pointer leaves through the top", () => {
  const { page, document, heard } = sensing(["exit"]);
  const leave = (clientY: number, relatedTarget: EventTarget | null) =>
    document.dispatchEvent(
      new page.MouseEvent("mouseout", { clientY, relatedTarget }),
    );
  leave(-1, null);
  leave(300, null);
  leave(-1, document.body);
  expect(heard).toEqual(["sensed 0", "track $0"]);
});

test("what is not asked for is not listened to; all of it ends", async () => {
  const { document, page, heard, end } = sensing([{ element: "p" }]);
  document.dispatchEvent(new page.Event("click"));
  end();
  document.body.innerHTML = "<p></p>";
  await pass(1_000);
  expect(heard).toEqual(["sensed 0"]);
});

const SPEC: LauncherSpec = {
  survey: "feedback",
  launcher: "button",
  corner: null,
  label: { en: "Tell us", de: "Sag es uns" },
  language: "en",
};

const words = async () => ({ feedback: "Retour", language: "fr" });

test("a launcher opens its form, and makes room for what is shown", async () => {
  const { backstage, document, heard, end } = world();
  const launchers = createLaunchers(backstage, words);
  launchers.set([SPEC, { ...SPEC, launcher: "page" }]);
  await pass();
  const hosts = document.querySelectorAll<HTMLElement>("firsthand-launcher");
  expect(hosts).toHaveLength(1);
  const [host] = hosts;
  const button = get<HTMLButtonElement>(host?.shadowRoot, "button");
  expect(button.textContent).toBe("Tell us");
  expect(host?.dataset).toMatchObject({ corner: "bottom-right" });
  button.click();
  expect(heard).toEqual(["show 1 feedback"]);
  launchers.hide(true);
  expect(host?.hidden).toBe(true);
  launchers.hide(false);
  expect(host?.hidden).toBe(false);
  end();
  expect(document.querySelector("firsthand-launcher")).toBeNull();
});

test("a launcher speaks the person's language, and follows it and the theme", async () => {
  const { backstage, document } = world();
  const launchers = createLaunchers(backstage, words);
  launchers.set([SPEC, { ...SPEC, label: null, corner: "top_left" }]);
  await pass();
  const seen = () =>
    [...document.querySelectorAll<HTMLElement>("firsthand-launcher")].map(
      ({ dataset, shadowRoot }) => {
        const button = get(shadowRoot, "button");
        return `${button.textContent} ${button.lang} ${dataset["theme"]} ${dataset["corner"]}`;
      },
    );
  expect(seen().sort()).toEqual([
    "Retour fr auto top-left",
    "Tell us en auto bottom-right",
  ]);
  Object.assign(backstage.site, { language: "de-AT", theme: "dark" });
  launchers.restyle();
  await pass();
  expect(seen().sort()[1]).toBe("Sag es uns de dark bottom-right");
});

test.each([
  ["de", "de"],
  ["DE-at", "de"],
  ["pt", "pt-BR"],
  ["pt-PT", "pt-BR"],
  ["pt-br", "pt-BR"],
  ["sv", undefined],
  ["d", undefined],
])("who reads %s is shown %s", (wanted, found) => {
  expect(resolve(wanted, ["en", "de", "pt-BR"])).toBe(found);
});
