// Turns a tag, its attributes and its children into an element; text stays text.

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | EventListener | undefined>} attributes `onclick` and its
 *   like are listened to, `true` sets an empty attribute, `undefined` and `false` set none.
 * @param {...(Node | string | undefined)} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function")
      element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

const euro = new Intl.NumberFormat("en-IE", {
  style: "currency",
  currency: "EUR",
});

/** Cents as a person reads them. */
export function price(cents) {
  return euro.format(cents / 100);
}

export function drawing(product) {
  const { id } = product;
  return h("img", {
    src: `/drawings/${id}.svg`,
    alt: "",
    width: "400",
    height: "400",
  });
}
