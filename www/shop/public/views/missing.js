// Turns an address that nobody knows into a way back.

import { h } from "../dom.js";

export function missing() {
  return {
    title: "Not found",
    body: [
      h("h1", {}, "There is no such page"),
      h(
        "p",
        {},
        "It may have been sold. ",
        h("a", { href: "/" }, "See what is on the shelf"),
        ".",
      ),
    ],
  };
}
