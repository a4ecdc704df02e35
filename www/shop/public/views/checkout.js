// Turns a cart and an address into an order; says plainly whether it was placed.

import { placeOrder } from "../cart.js";
import { h, price } from "../dom.js";
import { loadCart, sums } from "./cart.js";

/** What a failed payment means for the person, by why there was no answer. */
const MEANING = {
  refused: "You have not been charged, and your cart is kept.",
  unreachable:
    "We do not know whether the order arrived. Trying again never charges you twice.",
  slow: "We do not know whether the order arrived. Trying again never charges you twice.",
};

export function checkout({ signal }) {
  const place = loadCart(signal, (cart) => [
    cart.count > 0 ? form(cart) : empty(),
  ]);
  return { title: "Checkout", body: [h("h1", {}, "Checkout"), place] };
}

function empty() {
  const way = h("a", { href: "/" }, "See what is on the shelf");
  return h(
    "p",
    { class: "empty" },
    "There is nothing to pay for yet. ",
    way,
    ".",
  );
}

function form(cart) {
  const attempt = crypto.randomUUID();
  const note = h("p", { class: "note", role: "status" });
  const button = h("button", { type: "submit" }, `Pay ${price(cart.total)}`);
  const whole = h("div", { class: "checkout" });
  const pay = async (event) => {
    event.preventDefault();
    button.disabled = true;
    note.className = "note";
    note.replaceChildren("Waiting for the payment provider…");
    try {
      const order = await placeOrder(
        attempt,
        Object.fromEntries(new FormData(event.target)),
      );
      whole.replaceChildren(placed(order));
      document.title = "Order placed · Marl";
    } catch (error) {
      note.className = "note bad";
      note.replaceChildren(`${error.message} ${MEANING[error.why]}`);
      button.disabled = false;
    }
  };
  whole.append(
    h(
      "form",
      { onsubmit: pay },
      field("Name", { name: "name", autocomplete: "name" }),
      field("E-mail", { name: "email", type: "email", autocomplete: "email" }),
      field("Address", { name: "address", autocomplete: "street-address" }),
      button,
      note,
    ),
    h("section", { "aria-label": "Your order" }, ...summary(cart)),
  );
  return whole;
}

function field(label, attributes) {
  return h(
    "label",
    {},
    h("span", {}, label),
    h("input", { required: true, ...attributes }),
  );
}

function summary(cart) {
  const lines = cart.items.map((line) =>
    h(
      "li",
      {},
      h("span", {}, `${line.quantity} × ${line.name}`),
      h("span", {}, price(line.price * line.quantity)),
    ),
  );
  return [h("ul", { class: "brief" }, ...lines), sums(cart)];
}

function placed(order) {
  return h(
    "div",
    { class: "placed", role: "status" },
    h("h2", {}, `Order ${order.number} is placed`),
    h(
      "p",
      {},
      `${price(order.total)}. We write to ${order.email} when it leaves the kiln room.`,
    ),
    h("p", {}, h("a", { href: "/" }, "Back to the shelf")),
  );
}
