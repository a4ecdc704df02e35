// Turns addresses into pages: the shop's own small router, its header and its footer.

import { addToCart, cart, onCartChange, readCart } from "./cart.js";
import { about } from "./views/about.js";
import { cartPage } from "./views/cart.js";
import { checkout } from "./views/checkout.js";
import { h } from "./dom.js";
import { list, SHELVES } from "./views/list.js";
import { missing } from "./views/missing.js";
import { product } from "./views/product.js";

const ROUTES = [
  [/^\/$/, list],
  [/^\/products\/([\w-]+)$/, product],
  [/^\/cart$/, cartPage],
  [/^\/checkout$/, checkout],
  [/^\/about$/, about],
];

const page = document.getElementById("page");
const search = document.getElementById("search");
let leaving = new AbortController();

/** Draws the page of the current address; `arrived` tells that a person came by a link. */
function draw(arrived) {
  leaving.abort();
  leaving = new AbortController();
  const url = new URL(location.href);
  const [pattern, view] = ROUTES.find(([path]) => path.test(url.pathname)) ?? [
    /.*/,
    missing,
  ];
  const context = {
    url,
    id: pattern.exec(url.pathname)?.[1],
    signal: leaving.signal,
    go,
    addToCart,
  };
  const { title, body } = view(context);
  document.title = title
    ? `${title} · Marl`
    : "Marl, tableware from a small pottery";
  page.replaceChildren(...body);
  drawShelves(url);
  search.elements.q.value = url.searchParams.get("q") ?? "";
  if (!arrived) return;
  scrollTo(0, 0);
  // Whoever listens instead of looking is told where they are now.
  page.focus({ preventScroll: true });
}

function go(href) {
  history.pushState(null, "", href);
  draw(true);
}

function drawShelves(url) {
  const current = url.pathname === "/" && !url.searchParams.has("q");
  const shelf = url.searchParams.get("shelf") ?? "";
  document.getElementById("shelves").replaceChildren(
    ...SHELVES.map(([id, name]) =>
      h(
        "a",
        {
          href: id === "" ? "/" : `/?shelf=${id}`,
          "aria-current": current && shelf === id ? "page" : undefined,
        },
        name,
      ),
    ),
  );
}

function drawCartLink() {
  const link = document.getElementById("cart");
  const count = cart()?.count;
  link.replaceChildren(
    "Cart",
    ...(count ? [" ", h("b", {}, String(count))] : []),
  );
}

document.addEventListener("click", (event) => {
  const link =
    event.target instanceof Element ? event.target.closest("a[href]") : null;
  const plain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
  if (
    !link ||
    !plain ||
    event.defaultPrevented ||
    link.dataset.document !== undefined
  )
    return;
  if (link.origin !== location.origin || link.hash !== "") return;
  event.preventDefault();
  go(link.href);
});
addEventListener("popstate", () => draw(true));

search.addEventListener("submit", (event) => {
  event.preventDefault();
  const query = search.elements.q.value.trim();
  go(query === "" ? "/" : `/?q=${encodeURIComponent(query)}`);
});

const NO_FEEDBACK =
  "Feedback is not available right now. Write to hello@marl.example instead.";
/** What is said when the form does not come, by the code of the reason. */
const FEEDBACK_NOTES = { already_open: "" };

document.getElementById("feedback").addEventListener("click", () => {
  const note = document.getElementById("feedback-note");
  // The form is a guest: when it cannot come, the shop says so and names another way. Until the script has
  // arrived, an array is in its place.
  const { firsthand } = window;
  if (!firsthand?.openFeedback) {
    note.textContent = NO_FEEDBACK;
    return;
  }
  note.textContent = "";
  const stop = firsthand.on("error", ({ code }) => {
    note.textContent = FEEDBACK_NOTES[code] ?? NO_FEEDBACK;
  });
  firsthand.openFeedback();
  setTimeout(stop, 2000);
});

onCartChange(drawCartLink);
draw(false);
readCart().catch(() => {
  // The count in the header is a comfort; the cart page says why when it cannot be read.
});
