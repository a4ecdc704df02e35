// Turns the numbers in which the agent tells of gates into names and words for developers.
import type { Gate } from "../api.js";
import type { Command } from "../types.gen.js";

/** The gates as the agent tells them. */
export type RawGates = Extract<Command, { do: "explained" }>["gates"];

const words = (text: string) => text.split(" ");
const at = (list: string[], place: unknown) => list[Number(place)] ?? "unknown";

/** Each in the order in which the agent declares them. */
const GATES = words(
  "config running automatic consent from until sample address condition wait impressions session trigger cancel delay guard",
);
const FACTS = words("url device language trait property pages dwell element");
const OPS = words("is contains like within at_least below present probe");
const SCOPES = words("survey class any");
const OUTCOMES = words("seen snoozed dismissed partial completed");

/** By the numbers of `guard.ts`. */
const MOMENTS = words(
  "free hidden typing composing dragging fullscreen modal selecting playing locked",
);

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every gate by name, in the order in which they are asked. */
export function explainGates(raw: RawGates): Gate[] {
  return raw.map(([place, passes, actual = null, ...rest]) => {
    const name = at(GATES, place);
    if (name === "guard") {
      const moment = at(MOMENTS, actual);
      return {
        gate: name,
        needed: "free",
        actual: moment,
        passes: passes === 1,
      };
    }
    return {
      ...needed(name, rest),
      actual,
      passes: passes === 1,
    };
  });
}

function needed(
  name: string,
  rest: RawGates[number],
): Pick<Gate, "gate" | "needed"> {
  if (name === "address" || name === "condition") {
    return { gate: at(FACTS, rest[0]), needed: condition(rest.slice(1)) };
  }
  if (name === "wait") {
    const [scope, outcome, days] = rest;
    return {
      gate: `wait_${at(SCOPES, scope)}_${at(OUTCOMES, outcome)}`,
      needed: days === undefined ? null : Number(days) * DAY_MS,
    };
  }
  return { gate: name, needed: rest[0] ?? null };
}

/** A condition in words: `not plan is free or is trial`. */
function condition([key, negated, ...any]: RawGates[number]): string {
  const tests: string[] = [];
  for (let i = 0; i < any.length; i += 2) {
    tests.push(`${at(OPS, any[i])} ${any[i + 1]}`);
  }
  const subject = [negated === 1 ? "not" : "", key].filter(Boolean);
  return [...subject, tests.join(" or ")].join(" ");
}
