// Turns several tabs of one browser into at most one that shows something.
import { expect, test, vi } from "vitest";
import { createLock } from "../src/stage/lock.js";
import { pass, world } from "./dom.js";

/** The browser's locks, as far as two tabs share them. */
function locks(): LockManager {
  const held = new Set<string>();
  const request = async (
    name: string,
    _: LockOptions,
    fn: (lock: Lock | null) => Promise<unknown>,
  ) => {
    if (held.has(name)) return fn(null);
    held.add(name);
    await fn({ name, mode: "exclusive" });
    held.delete(name);
  };
  return { request, query: vi.fn() } as unknown as LockManager;
}

/** Two tabs that share `shared`. */
function tabs(shared: object, isKept = true) {
  const { page } = world();
  Object.defineProperty(page.navigator, "locks", {
    value: undefined,
    ...shared,
  });
  const tab = () => createLock(page, "fh_demo_shop", () => isKept);
  return { page, first: tab(), second: tab() };
}

async function taken<T>(promise: Promise<T>): Promise<T> {
  await pass(100);
  return promise;
}

test("one tab has the browser's lock until it gives it back", async () => {
  const { first, second } = tabs({ value: locks() });
  const release = await first.take();
  expect(release).toBeTypeOf("function");
  expect(await second.take()).toBeUndefined();
  release?.();
  await pass();
  expect(await second.take()).toBeTypeOf("function");
});

test.each([
  ["missing", {}],
  ["refused", { value: { request: () => Promise.reject(new Error("no")) } }],
])("where locks are %s, a lease in localStorage does it", async (_, shared) => {
  const { page, first, second } = tabs(shared);
  const release = await taken(first.take());
  expect(await taken(second.take())).toBeUndefined();
  // It is renewed for as long as the page lives.
  await pass(300_000);
  expect(await taken(second.take())).toBeUndefined();
  release?.();
  expect(page.localStorage.length).toBe(0);
  expect(await taken(second.take())).toBeTypeOf("function");
});

test("of two that write at once, one has the lease", async () => {
  const { first, second } = tabs({});
  const both = [first.take(), second.take()];
  await pass(100);
  const releases = await Promise.all(both);
  expect(releases.filter((it) => it !== undefined)).toHaveLength(1);
});

test("the lease of a tab that is gone runs out", async () => {
  const { page, first } = tabs({});
  const name = "firsthand:fh_demo_shop:show";
  page.localStorage.setItem(name, `gone ${Date.now() + 60_000}`);
  expect(await taken(first.take())).toBeUndefined();
  await pass(60_000);
  expect(await taken(first.take())).toBeTypeOf("function");
});

test("where nothing may be kept, each page is alone", async () => {
  const { page, first, second } = tabs({}, false);
  expect(await first.take()).toBeTypeOf("function");
  expect(await second.take()).toBeTypeOf("function");
  expect(page.localStorage.length).toBe(0);
});
