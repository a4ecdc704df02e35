// Turns a module as the build has woven it into one that runs: nothing of it may be lost.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { unweave } from "../src/agent/unweave.js";

const fixture = (name: string): ArrayBuffer =>
  new Uint8Array(
    readFileSync(
      new URL(`../../../tests/fixtures/woven/${name}`, import.meta.url),
    ),
  ).buffer;

interface Exports {
  memory: WebAssembly.Memory;
  choose(n: number): number;
  sum(n: number): number;
  fill(n: number): number;
}

async function started(bytes: BufferSource): Promise<Exports> {
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as unknown as Exports;
}

test.each([
  ["as it was", () => fixture("module.wasm")],
  ["woven and put together", () => unweave(fixture("module.woven"))],
])("a module %s does the same", async (_, bytes) => {
  const { memory, choose, sum, fill } = await started(bytes());
  expect([0, 1, 2, 3].map(choose)).toEqual([-300, 7, 4, 4]);
  expect([0, 10, 3_000].map(sum)).toEqual([0, 22.5, -2.25]);
  expect(fill(40)).toBe(1_245);
  expect(String.fromCharCode(...new Uint8Array(memory.buffer, 0, 5))).toBe(
    "woven",
  );
});

test.each([
  ["nothing", ""],
  ["a page of somebody else", "<!doctype html>".repeat(300)],
  ["zeros", "\0".repeat(5_000)],
  ["high bytes", "\xff".repeat(5_000)],
])("%s is no module, and comes to an end", async (_, text) => {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0)).buffer;
  await expect((async () => started(unweave(bytes)))()).rejects.toThrow();
});

test("a module that was cut short is none", async () => {
  const whole = fixture("module.woven");
  for (let end = 0; end < whole.byteLength; end += 7) {
    const cut = (async () => started(unweave(whole.slice(0, end))))();
    await expect(cut).rejects.toThrow();
  }
});
