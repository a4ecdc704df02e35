// Turns what the agent tells of gates into what a developer reads.
import { expect, test } from "vitest";
import { explainGates, type RawGates } from "../src/stage/explain.js";

function check(raw: RawGates, expected: string): void {
  const lines = explainGates(raw).map((it) => {
    const [needed, actual] = [it.needed, it.actual].map((x) =>
      JSON.stringify(x),
    );
    return `${it.passes ? "+" : "-"} ${it.gate} ${needed} ${actual}`;
  });
  expect(lines.join("\n")).toBe(expected);
}

test("limits are told as they are", () => {
  check(
    [
      [0, 1, 1, 1],
      [1, 0, 0, 1],
      [6, 1, 652, 1000],
      [15, 0, 2, 1],
    ],
    '+ config 1 1\n- running 1 0\n+ sample 1000 652\n- guard "free" "typing"',
  );
});

test("waits are named after what they look at, and told in milliseconds", () => {
  check(
    [
      [9, 1, null, 0, 1, 7],
      [9, 0, 5, 2, 2],
    ],
    "+ wait_survey_snoozed 604800000 null\n- wait_any_dismissed null 5",
  );
});

test("conditions are named after their fact, and told in words", () => {
  check(
    [
      [7, 0, "https://shop.example/cart", 0, "", 0, 1, "/a", 1, "/b"],
      [8, 0, null, 3, "plan", 1, 0, "free"],
    ],
    '- url "contains /a or contains /b" "https://shop.example/cart"\n- trait "not plan is free" null',
  );
});
