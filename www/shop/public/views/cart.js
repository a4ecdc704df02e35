// Turns the cart into lines that can be changed, and a way to the checkout.

import { readCart, setQuantity } from "../cart.js";
import { drawing, h, price } from "../dom.js";
import { load } from "../load.js";

export function cartPage({ signal }) {
  const place = loadCart(signal, (cart) => {
    const whole = h("div", {});
    fill(whole, cart);
    return [whole];
  });
  return { title: "Cart", body: [h("h1", {}, "Cart"), place] };
}

/** A place that the cart fills by `show(cart)`, here and at the checkout. */
export function loadCart(signal, show) {
  return load({
    what: "Your cart",
    signal,
    ask: () => readCart(signal),
    waiting: [
      h(
        "div",
        { class: "blank" },
        h("span", { class: "line" }),
        h("span", { class: "line" }),
      ),
    ],
    show,
  });
}

function fill(whole, cart) {
  if (cart.items.length === 0) {
    const way = h("a", { href: "/" }, "See what is on the shelf");
    whole.replaceChildren(
      h("p", { class: "empty" }, "Your cart is empty. ", way, "."),
    );
    return;
  }
  const note = h("p", { class: "note", role: "status" });
  const change = async (line, quantity) => {
    note.className = "note";
    note.replaceChildren("");
    try {
      fill(whole, await setQuantity(line.id, quantity));
    } catch (error) {
      // The select shows what is really in the cart again.
      fill(whole, cart);
      const last = whole.querySelector(".note");
      last.className = "note bad";
      last.replaceChildren(`${line.name} was not changed. ${error.message}`);
    }
  };
  whole.replaceChildren(
    h(
      "ul",
      { class: "lines" },
      ...cart.items.map((line) => lineOf(line, change)),
    ),
    note,
    sums(cart),
    // A document of its own, as checkouts are: everything starts anew there.
    h(
      "a",
      { class: "button", href: "/checkout", "data-document": true },
      "Go to checkout",
    ),
  );
}

function lineOf(line, change) {
  const steps = [...new Set([1, 2, 3, 4, 6, 8, 12, line.quantity])].sort(
    (a, b) => a - b,
  );
  const options = steps.map((n) =>
    h("option", { selected: n === line.quantity }, String(n)),
  );
  const select = h(
    "select",
    { "aria-label": `How many of ${line.name}` },
    ...options,
  );
  select.addEventListener("change", () => change(line, Number(select.value)));
  return h(
    "li",
    {},
    h("span", { class: "stage" }, drawing(line)),
    h(
      "div",
      {},
      h("a", { href: `/products/${line.id}` }, line.name),
      h("span", { class: "glaze" }, line.glaze),
    ),
    select,
    h("span", { class: "price" }, price(line.price * line.quantity)),
    h(
      "button",
      {
        type: "button",
        class: "link",
        "aria-label": `Remove ${line.name}`,
        onclick: () => change(line, 0),
      },
      "Remove",
    ),
  );
}

/** What it comes to. */
export function sums({ subtotal, delivery, total }) {
  const row = (name, value) => [h("dt", {}, name), h("dd", {}, value)];
  return h(
    "dl",
    { class: "sums" },
    ...row("Pieces", price(subtotal)),
    ...row("Delivery", delivery === 0 ? "Free" : price(delivery)),
    ...row("Total", price(total)),
  );
}
