// Turns a shelf or a search into a grid of pieces.

import { ask } from "../api.js";
import { drawing, h, price } from "../dom.js";
import { load } from "../load.js";

/** Shelf id ("" is all of them) and its name. */
export const SHELVES = [
  ["", "Everything"],
  ["cups", "Cups"],
  ["bowls", "Bowls"],
  ["plates", "Plates"],
  ["pouring", "Pouring"],
  ["flowers", "Flowers"],
];

export function list({ url, signal }) {
  const query = url.searchParams.get("q");
  const shelf = url.searchParams.get("shelf") ?? "";
  const name = SHELVES.find(([id]) => id === shelf)?.[1];
  if (query) {
    const path = `/api/search?q=${encodeURIComponent(query)}`;
    const title = `Results for “${query}”`;
    return {
      title,
      body: [h("h1", {}, title), shelfOf(path, "The search", signal)],
    };
  }
  const path =
    shelf === "" ? "/api/products" : `/api/products?category=${shelf}`;
  const shelfPlace = shelfOf(path, "The shelf", signal);
  return shelf === ""
    ? { body: [welcome(), shelfPlace] }
    : {
        title: name,
        body: [h("h1", {}, name ?? "A shelf we do not have"), shelfPlace],
      };
}

function welcome() {
  return h(
    "div",
    { class: "welcome" },
    h("h1", {}, "Stoneware for every day"),
    h(
      "p",
      {},
      "Thrown by four people in one room, fired twice, made to be used and used again.",
    ),
  );
}

function shelfOf(path, what, signal) {
  return load({
    what,
    signal,
    ask: () => ask(path, { signal }),
    waiting: [
      h(
        "ul",
        { class: "grid", "aria-hidden": "true" },
        ...Array.from({ length: 8 }, blank),
      ),
    ],
    show: ({ products }) =>
      products.length > 0
        ? [grid(products)]
        : [
            h(
              "p",
              { class: "empty" },
              "Nothing on the shelf by that name. Try “bowl” or “sea”.",
            ),
          ],
  });
}

/** Pieces side by side, each a link. */
export function grid(products) {
  return h(
    "ul",
    { class: "grid" },
    ...products.map((product) => h("li", {}, card(product))),
  );
}

function card(product) {
  return h(
    "a",
    { class: "piece", href: `/products/${product.id}` },
    h("span", { class: "stage" }, drawing(product)),
    h("span", { class: "name" }, product.name),
    h("span", { class: "glaze" }, product.glaze),
    h("span", { class: "price" }, price(product.price)),
  );
}

function blank() {
  return h(
    "li",
    { class: "blank" },
    h("span", { class: "stage" }),
    h("span", { class: "line" }),
    h("span", { class: "line short" }),
  );
}
