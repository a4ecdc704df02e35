// Turns nothing but words into the page about the pottery.

import { h } from "../dom.js";

export function about() {
  const paragraphs = [
    "Marl is four people, two kilns and a shed by a river. We make twelve things and no others, because twelve is what four people can make well.",
    "The clay is dug twenty kilometres away. Every piece is thrown on a wheel, dried for a week, fired, glazed and fired again: six weeks from a lump to a mug.",
    "Seconds, with a bubble or a lean, are sold at the door on the first Saturday of the month. Bring a box.",
  ];
  return {
    title: "About the pottery",
    body: [
      h(
        "div",
        { class: "prose" },
        h("h1", {}, "About the pottery"),
        ...paragraphs.map((text) => h("p", {}, text)),
      ),
    ],
  };
}
