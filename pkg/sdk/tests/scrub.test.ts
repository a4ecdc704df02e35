// Turns the texts that the collector scrubs, too, into a proof that the page does the same.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { scrub, scrubText, scrubValue } from "../src/stage/scrub.js";
import type { Body, Item } from "../src/types.gen.js";

const file = new URL("../../../tests/fixtures/scrub.json", import.meta.url);
const { texts, addresses } = JSON.parse(readFileSync(file, "utf8")) as Record<
  "texts" | "addresses",
  [string, string][]
>;

test.each(texts)("%s becomes %s", (given, expected) => {
  expect(scrubText(given)).toBe(expected);
  expect(scrubText(expected)).toBe(expected);
});

test.each(addresses)("address %s becomes %s", (given, expected) => {
  expect(scrubValue(given)).toBe(expected);
  expect(scrubValue(expected)).toBe(expected);
});

test("an answer stays as it was written, and its surroundings do not", () => {
  const item = (url: string, route: string) =>
    ({
      type: "response",
      p: {
        answers: [{ question: "mail", value: { text: "ada@example.com" } }],
        person: { id: "ada@example.com", traits: { mail: "a@b.de" } },
        page: { url, language: "en" },
        context: { route },
      },
    }) as unknown as Item<Body>;
  expect(
    scrub(item("https://a.example/u/ada@example.com", "of ada@example.com")),
  ).toEqual(item("https://a.example/u/[email]", "of [email]"));
});

test("a report of requests is left alone", () => {
  const item = { type: "latency", p: { slice: 1, features: [] } };
  expect(scrub(structuredClone(item) as never)).toEqual(item);
});

test("a long text without an end takes no time", () => {
  const begin = performance.now();
  for (const part of ["a.", "4 ", "4", "-", "a@", "eyJ", "a@a.", "%40"]) {
    scrubText(part.repeat(20_000));
  }
  expect(performance.now() - begin).toBeLessThan(2_000);
});
