// Turns what a page's own hook does into what leaves the page.
import { expect, test, vi } from "vitest";
import { throughHook } from "../src/transport/through.js";
import type { Body, Item } from "../src/types.gen.js";

const ITEM = {
  id: "i-1",
  seq: 3,
  age_ms: 7,
  type: "impression",
  p: { survey: { id: "nps", version: 1 } },
} as unknown as Item<Body>;

test("without a hook everything passes as it is", () => {
  expect(throughHook(undefined)(ITEM)).toBe(ITEM);
});

test("a hook sees type and body, and its body goes in the place of the first", () => {
  const hook = vi.fn(() => ({ p: { other: 1 } }));
  expect(throughHook(hook)(ITEM)).toEqual({ ...ITEM, p: { other: 1 } });
  expect(hook).toHaveBeenCalledWith({ type: "impression", p: ITEM.p });
});

test.each([
  ["nothing", () => null],
  ["false", () => false],
  ["undefined", () => undefined],
  ["no body", () => ({})],
  ["a text", () => ({ p: "text" })],
  ["a promise", () => Promise.resolve({ p: {} })],
  [
    "an exception",
    () => {
      throw new Error("mine");
    },
  ],
])("a hook that answers with %s holds the item back", (_, hook) => {
  expect(throughHook(hook as never)(ITEM)).toBe(undefined);
});
