// Turns one piece into its page, from which it goes into the cart.

import { ask } from "../api.js";
import { drawing, h, price } from "../dom.js";
import { load } from "../load.js";
import { grid } from "./list.js";

export function product({ id, signal, addToCart }) {
  const place = load({
    what: "This piece",
    signal,
    ask: () => ask(`/api/products/${id}`, { signal }),
    waiting: [
      h(
        "div",
        { class: "single blank" },
        h("span", { class: "stage" }),
        lines(),
      ),
    ],
    show: (piece) => {
      document.title = `${piece.name} · Marl`;
      return [single(piece, addToCart), ...goesWith(piece)];
    },
  });
  return {
    title: "A piece",
    body: [
      h("p", { class: "back" }, h("a", { href: "/" }, "All pieces")),
      place,
    ],
  };
}

function lines() {
  return h(
    "div",
    {},
    ...["line tall", "line", "line", "line short"].map((c) =>
      h("span", { class: c }),
    ),
  );
}

function single(piece, addToCart) {
  return h(
    "article",
    { class: "single" },
    h("span", { class: "stage" }, drawing(piece)),
    h(
      "div",
      {},
      h("h1", {}, piece.name),
      h("p", { class: "price" }, price(piece.price)),
      h("p", {}, piece.text),
      h(
        "dl",
        {},
        ...fact("Size", piece.size),
        ...fact("Glaze", piece.glaze),
        ...fact("Delivery", "3 to 5 days, wrapped in paper"),
      ),
      buy(piece, addToCart),
    ),
  );
}

const fact = (name, value) => [h("dt", {}, name), h("dd", {}, value)];

function buy(piece, addToCart) {
  const note = h("p", { class: "note", role: "status" });
  const count = h(
    "select",
    { name: "count" },
    ...[1, 2, 4, 6, 8].map((n) => h("option", {}, String(n))),
  );
  const button = h("button", { type: "submit" }, "Add to cart");
  const add = async (event) => {
    event.preventDefault();
    button.disabled = true;
    note.className = "note";
    note.replaceChildren("Adding…");
    try {
      await addToCart(piece.id, Number(count.value));
      note.replaceChildren(
        `${count.value} in your cart. `,
        h("a", { href: "/cart" }, "See the cart"),
      );
    } catch (error) {
      note.className = "note bad";
      note.replaceChildren(
        `Not added. ${error.message} Try again in a moment.`,
      );
    }
    button.disabled = false;
  };
  return h(
    "form",
    { class: "buy", onsubmit: add },
    h("label", {}, h("span", {}, "How many"), count),
    button,
    note,
  );
}

function goesWith({ goesWith }) {
  return [h("h2", {}, "Goes well with"), grid(goesWith)];
}
