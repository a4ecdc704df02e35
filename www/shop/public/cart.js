// Turns the shop's answers about the cart into one value that every page shows.

import { ask } from "./api.js";

let current;
const listeners = new Set();

/** What is in the cart as far as the shop has told; undefined before its first answer. */
export function cart() {
  return current;
}

/** Calls `listener` after each change. */
export function onCartChange(listener) {
  listeners.add(listener);
}

function changed(next) {
  current = next;
  for (const listener of listeners) listener();
  return next;
}

export async function readCart(signal) {
  return changed(await ask("/api/cart", { signal }));
}

export async function addToCart(id, add) {
  const next = changed(await ask("/api/cart", { body: { id, add } }));
  tell("added to cart", { product: id, count: next.count });
  return next;
}

/** Tells the surveys what happened; an array waits for them, and nobody else needs it. */
function tell(event, properties) {
  (window.firsthand ??= []).push(["track", event, properties]);
}

export async function setQuantity(id, quantity) {
  return changed(await ask("/api/cart", { body: { id, quantity } }));
}

/** The same `attempt` orders once, however often it is sent. */
export async function placeOrder(attempt, form) {
  const order = await ask("/api/checkout", { body: { attempt, ...form } });
  changed({ items: [], count: 0, subtotal: 0, delivery: 0, total: 0 });
  tell("order placed", { total: order.total });
  return order;
}
