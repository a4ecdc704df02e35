// Turns the golden files that Rust reads, too, into values of the generated types.
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { envelope } from "../src/transport/post.js";
import type {
  AnswerValue,
  Body,
  Chosen,
  DiscardReason,
  DismissReason,
  ErrorCode,
  Header,
  Item,
  ItemType,
  LatencyReport,
  Reaction,
} from "../src/types.gen.js";

const folder = new URL("../../../tests/fixtures/wire/v1/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

// The compiler refuses a name that is missing or unknown here; `codes.txt` does so at run time.
const ITEMS: Record<ItemType, (p: never) => boolean> = {
  impression: hasPlace,
  response: (p: { answers: { value: AnswerValue }[] }) =>
    hasPlace(p) && p.answers.every(({ value }) => isValue(value)),
  dismissal: (p: { reason: string; response: string | null }) =>
    hasPlace(p) && p.reason in DISMISSALS && p.response !== undefined,
  latency: ({ slice, features }: LatencyReport) =>
    Number.isInteger(slice) &&
    features.every(
      ({ within = [], slices, keys }) =>
        slices.every((counts) => counts.length === 6 + within.length) &&
        keys.every(({ m, t, c }) => m && t && c.length <= 9),
    ),
};
const DISMISSALS: Record<DismissReason, true> = {
  person: true,
  page: true,
  snoozed: true,
};
const DISCARDS: Record<DiscardReason, true> = {
  malformed_item: true,
  item_too_large: true,
  unknown_type: true,
  invalid_item: true,
  invalid_answer: true,
  unknown_survey: true,
  unknown_question: true,
  conflict: true,
  invalid_histogram: true,
  invalid_latency: true,
  erased: true,
};
const ERRORS: Record<ErrorCode, true> = {
  unknown_site_key: true,
  origin_not_allowed: true,
  invalid_parameter: true,
  unreadable_body: true,
  unsupported_encoding: true,
  body_too_large: true,
  too_many_items: true,
  attachment_too_large: true,
  image_too_large: true,
  not_an_image: true,
  attachment_conflict: true,
  invalid_survey: true,
  overloaded: true,
  not_found: true,
  method_not_allowed: true,
  not_signed_in: true,
  wrong_credentials: true,
  too_many_attempts: true,
  rate_limited: true,
  cross_origin: true,
  internal: true,
  invalid_budgets: true,
  forbidden: true,
  last_admin: true,
  address_taken: true,
  conflict: true,
  name_taken: true,
  too_many_at_once: true,
  link_expired: true,
  attachment_erased: true,
};

function hasPlace(p: unknown): boolean {
  const { survey, page } = p as Partial<Extract<Body, { survey: unknown }>>;
  return (
    typeof survey?.id === "string" &&
    Number.isInteger(survey.version) &&
    typeof page?.url === "string" &&
    typeof page.language === "string"
  );
}

/** What each kind of answer holds. */
const VALUES: Record<ValueName, (value: never) => boolean> = {
  nps: (score: number) => isStep(score, 0, 10),
  csat: (score: number) => isStep(score, 1, 5),
  ces: (score: number) => isStep(score, 1, 7),
  rating: (score: number) => isStep(score, 1, 10),
  text: (text: string) => text.trim() !== "",
  choice: ({ options }: Chosen) =>
    options.every(({ id, label }) => id !== "" && typeof label === "string"),
  consent: (ticked: boolean) => typeof ticked === "boolean",
  reaction: (it: Reaction) => ["up", "down", "heart"].includes(it),
};

type KeyOf<T> = T extends object ? keyof T : never;
type ValueName = KeyOf<AnswerValue>;

function isStep(score: number, low: number, high: number): boolean {
  return Number.isInteger(score) && score >= low && score <= high;
}

function isValue(value: AnswerValue): boolean {
  if (value === "skipped") return true;
  const [[name, held] = []] = Object.entries(value);
  return VALUES[name as ValueName]?.(held as never) ?? false;
}

function isItem(line: unknown): line is Item<Body> {
  const { id, seq, age_ms, type, p } = line as Item<Body>;
  return (
    typeof id === "string" &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(age_ms) &&
    type in ITEMS &&
    ITEMS[type](p as never)
  );
}

type Expected =
  | { error: string }
  | {
      error?: never;
      header: Header;
      items: (Item<Body> | { error: string })[];
    };

const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ndjson"))
  .map((name) => name.replace(".ndjson", ""));

/** A report with the methods that its sender left out. */
const filled = (report: LatencyReport): LatencyReport => ({
  ...report,
  features: report.features.map((feature) => ({
    ...feature,
    keys: feature.keys.map((key) => ({ ...key, m: key.m ?? "GET" })),
  })),
});

test.each(names)("envelope %s reads as expected", (name) => {
  const expected = JSON.parse(read(`${name}.expect.json`)) as Expected;
  if (expected.error !== undefined) {
    expect(ERRORS).toHaveProperty(expected.error);
    return;
  }
  const [header = "", ...lines] = read(`${name}.ndjson`).split("\n");
  const filledIn = { report: {}, ...(JSON.parse(header) as object) };
  expect(filledIn).toMatchObject(expected.header);
  expected.items.forEach((item, idx) => {
    if ("error" in item) {
      expect(DISCARDS).toHaveProperty(item.error);
      return;
    }
    expect(isItem(item)).toBe(true);
    const line = JSON.parse(lines[idx] ?? "") as Item<object>;
    // What a sender may leave out is `null` to a reader.
    if (item.type === "dismissal") line.p = { response: null, ...line.p };
    if (item.type === "latency") line.p = filled(line.p as LatencyReport);
    expect(line).toMatchObject(item);
  });
});

test.each(["full", "header-only", "partial-response", "skipped-answer"])(
  "%s is written as it was read, byte for byte",
  (name) => {
    const text = read(`${name}.ndjson`).trimEnd() + "\n";
    const [header, ...items] = text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as unknown);
    expect(envelope(header as Header, items as Item<Body>[])).toBe(text);
  },
);

test("every stable name is known to the types, and no other", () => {
  const known = (kind: string) =>
    read("codes.txt")
      .split("\n")
      .filter((line) => line.startsWith(`${kind} `))
      .map((line) => line.split(" ").at(-1));
  expect(known("item")).toEqual(Object.keys(ITEMS));
  expect(known("dismissal")).toEqual(Object.keys(DISMISSALS));
  expect(known("discard")).toEqual(Object.keys(DISCARDS));
  expect(known("error")).toEqual(Object.keys(ERRORS));
});
