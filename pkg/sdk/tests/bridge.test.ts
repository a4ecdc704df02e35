// Turns inputs into the bytes that the agent reads.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { encode, flat } from "../src/boot/bridge.js";
import { decode } from "./visit.js";

test.each(
  JSON.parse(
    readFileSync(
      new URL("../../../tests/fixtures/agent/inputs.json", import.meta.url),
      "utf8",
    ),
  ) as { input: unknown[]; hex: string }[],
)("$input is written as the agent reads it", ({ input, hex }) => {
  const [name, ...args] = input.map((arg) =>
    typeof arg === "object"
      ? Buffer.from((arg as { hex: string }).hex, "hex")
      : arg,
  );
  // Which of them it is, only the file knows.
  const bytes = encode(name as "tick", args as []);
  expect(Buffer.from(bytes).toString("hex")).toBe(hex);
});

test.each([7.5, -1, NaN, Infinity])("%d is written as too large", (n) => {
  expect(decode(encode("busy", [n]))[1]).toBeGreaterThan(2 ** 32);
});

test("properties are a flat list of what can be compared", () => {
  const listed = flat({
    plan: "pro\u001f",
    seats: 7.5,
    trial: false,
    none: null,
    nothing: undefined,
    list: [1],
  });
  const parts = ["plan", "pro", "seats", "7.5", "trial", "false"];
  expect(listed).toBe(parts.map((part) => `${part}\u001f`).join(""));
  expect([flat(null), flat(undefined), flat({})]).toEqual(["", "", ""]);
});
