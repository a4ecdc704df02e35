// Turns requests under /api/ into answers, after the delay and with the luck that the weather gives.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { findProduct, listProducts, searchProducts } from "./catalogue.mjs";

/** Carts kept in memory; the oldest goes first. */
const MAX_CARTS = 10_000;
const MAX_BODY_BYTES = 16 * 1024;
const MAX_QUANTITY = 20;
/** Orders above this (in cents) are delivered free. */
const FREE_DELIVERY = 8000;
const DELIVERY = 690;

/** Each route: method, path, the name its weather goes by, and what it does. */
const ROUTES = [
  [
    "GET",
    /^\/api\/products$/,
    "products.list",
    ({ url }) => list(url.searchParams.get("category")),
  ],
  [
    "GET",
    /^\/api\/products\/([\w-]+)$/,
    "products.one",
    ({ match }) => one(match[1]),
  ],
  [
    "GET",
    /^\/api\/search$/,
    "search",
    ({ url }) => search(url.searchParams.get("q") ?? ""),
  ],
  ["GET", /^\/api\/cart$/, "cart.read", ({ visit }) => ok(cartView(visit))],
  [
    "POST",
    /^\/api\/cart$/,
    "cart.write",
    ({ visit, body }) => setLine(visit, body),
  ],
  [
    "POST",
    /^\/api\/checkout$/,
    "checkout",
    ({ visit, body }) => checkout(visit, body),
  ],
];

const ok = (body) => ({ status: 200, body });
const refuse = (status, error) => ({ status, body: { error } });

const list = (category) => ok({ products: listProducts(category) });
const search = (query) => ok({ query, products: searchProducts(query) });
function one(id) {
  const product = findProduct(id);
  return product ? ok(product) : refuse(404, "There is no such piece.");
}

/** @param {(route: string) => {delay: number, fate: string}} conditions */
export function createApi(conditions) {
  const visits = new Map();

  return async function api(request, response, url) {
    const routes = ROUTES.filter(([, path]) => path.test(url.pathname));
    const route = routes.find(([method]) => method === request.method);
    if (!route) {
      const status = routes.length > 0 ? 405 : 404;
      return send(response, refuse(status, "There is nothing here."));
    }
    const [, path, name, run] = route;
    const visit = visitOf(visits, request, response);
    const body =
      request.method === "POST" ? await readJson(request) : undefined;
    if (body === null)
      return send(response, refuse(400, "The request could not be read."));

    const { delay, fate } = conditions(name);
    await sleep(delay);
    if (response.destroyed) return;
    if (fate === "cut") return void response.destroy();
    // Refused before anything is done: whoever is told "no" here has not been charged.
    if (fate === "refused")
      return send(response, refuse(503, "The shop is busy."));
    send(response, run({ url, body, visit, match: path.exec(url.pathname) }));
  };
}

function send(response, { status, body }) {
  if (response.destroyed) return;
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(body));
}

/** The visitor's cart and orders, by a cookie that says nothing else. */
function visitOf(visits, request, response) {
  const id = /(?:^|; )cart=([\w-]{36})/.exec(request.headers.cookie ?? "")?.[1];
  if (id && visits.has(id)) return visits.get(id);
  const visit = { lines: new Map(), orders: new Map() };
  const fresh = randomUUID();
  visits.set(fresh, visit);
  if (visits.size > MAX_CARTS) visits.delete(visits.keys().next().value);
  response.setHeader(
    "set-cookie",
    `cart=${fresh}; Path=/; HttpOnly; SameSite=Lax`,
  );
  return visit;
}

async function readJson(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) return null;
  }
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function cartView({ lines }) {
  const items = [...lines].map(([id, quantity]) => {
    const { name, price, glaze } = findProduct(id);
    return { id, name, glaze, price, quantity };
  });
  const subtotal = items.reduce(
    (sum, line) => sum + line.price * line.quantity,
    0,
  );
  const delivery = subtotal === 0 || subtotal >= FREE_DELIVERY ? 0 : DELIVERY;
  const count = items.reduce((sum, line) => sum + line.quantity, 0);
  return { items, count, subtotal, delivery, total: subtotal + delivery };
}

/** Sets a line's quantity (`quantity`), or adds to it (`add`); 0 takes the line out. */
function setLine(visit, { id: given, quantity, add }) {
  // An array that reads like an id would make a line that nothing finds again.
  const id = String(given);
  if (!findProduct(id)) return refuse(404, "There is no such piece.");
  const wanted = quantity ?? (visit.lines.get(id) ?? 0) + add;
  if (!Number.isInteger(wanted) || wanted < 0)
    return refuse(422, "That is not a quantity.");
  if (wanted > MAX_QUANTITY)
    return refuse(
      422,
      `We make at most ${MAX_QUANTITY} of one piece at a time.`,
    );
  if (wanted === 0) visit.lines.delete(id);
  else visit.lines.set(id, wanted);
  return ok(cartView(visit));
}

/** Orders the cart. The same `attempt` gives the same order, so trying again never charges twice. */
function checkout(visit, { attempt, name, email, address }) {
  if (typeof attempt !== "string")
    return refuse(422, "The attempt has no name.");
  const before = visit.orders.get(attempt);
  if (before) return ok(before);
  if (visit.lines.size === 0) return refuse(422, "Your cart is empty.");
  if (
    ![name, email, address].every(
      (text) => typeof text === "string" && text.trim() !== "",
    )
  ) {
    return refuse(422, "Name, e-mail and address are needed for the delivery.");
  }
  const { items, total } = cartView(visit);
  const number = `M-${randomUUID().slice(0, 6).toUpperCase()}`;
  const order = { number, items, total, email: email.trim() };
  visit.orders.set(attempt, order);
  visit.lines.clear();
  return ok(order);
}
