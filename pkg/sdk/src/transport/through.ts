// Turns an item as the agent made it into one that may leave the page, or into none.
import type { BeforeSend } from "../api.js";
import type { Body, Item } from "../types.gen.js";

/** What becomes of an item on its way out. */
export type Through = (item: Item<Body>) => Item<Body> | undefined;

/**
 * What the page's own `beforeSend` makes of an item. It fails closed: what it throws at, or answers with
 * anything but a body, stays here.
 */
export function throughHook(hook: BeforeSend | undefined): Through {
  return (item) => {
    if (!hook) return item;
    try {
      const { p } = hook({ type: item.type, p: item.p }) || {};
      return p && typeof p === "object" ? { ...item, p: p as Body } : undefined;
    } catch {
      return undefined;
    }
  };
}
