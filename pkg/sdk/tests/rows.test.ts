// Turns items into rows and back, and too many rows into those that have to go.
import { expect, test } from "vitest";
import {
  distinct,
  handOver,
  isSound,
  portion,
  surplus,
  toRows,
  type Keep,
  type Key,
  type Row,
} from "../src/outbox/rows.js";

const ID = (n: number) =>
  `01936f7e-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
const BOOT = ID(0xb007);

const keep: Keep = {
  do: "keep",
  header: {
    sdk: "firsthand-js/0.1.0",
    install: ID(1),
    session: ID(2),
    boot: BOOT,
    sent_wall: 1_795_300_000_000,
    report: {},
  },
  items: [
    { id: ID(3), seq: 0, age_ms: 100, type: "response", p: { a: "ü" } },
    { id: ID(4), seq: 300, age_ms: 0, type: "latency", p: { features: [] } },
  ] as unknown as Keep["items"],
};

const key = (kind: number, at: number, size = 1_000, boot = BOOT): Key => [
  kind,
  at,
  ID(kind * 1_000 + at),
  size,
  boot,
];

test("a row has what an item was, and when", () => {
  const [answer, report] = toRows(keep, (item) => item);
  expect(answer).toEqual({
    // `{"a":"ü"}` has ten bytes.
    key: [0, 1_795_299_999_900, ID(3), 210, BOOT],
    seq: 0,
    age: 100,
    install: ID(1),
    session: ID(2),
    p: '{"a":"ü"}',
  });
  expect(report?.key[0]).toBe(4);
});

test.each([
  ["response", {}, 0],
  ["dismissal", {}, 2],
  ["impression", {}, 3],
  ["latency", { features: [{ slices: [[0, 1, 5, 0, 0, 5]] }] }, 4],
  ["latency", { features: [{ slices: [[0, 1, 5, 2, 0, 5]] }] }, 1],
])("a %s with %j is of kind %i", (type, p, kind) => {
  const items = [{ ...keep.items[0], type, p }] as Keep["items"];
  const [row] = toRows({ ...keep, items }, (item) => item);
  expect(row?.key[0]).toBe(kind);
});

test("what may not leave the page is not kept either", () => {
  const rows = toRows(keep, (item) => (item.seq === 0 ? undefined : item));
  expect(rows.map(({ seq }) => seq)).toEqual([300]);
});

test("what is handed over is of one page, most important first, and no more than an envelope", () => {
  const keys = [key(0, 1), key(0, 2, 10, ID(9)), key(2, 3), key(4, 4)];
  expect(portion(keys)).toEqual([keys[0], keys[2], keys[3]]);
  const many = Array.from({ length: 80 }, (_, at) => key(0, at, 10));
  expect(portion(many)).toHaveLength(50);
  const large = [key(0, 1, 40_000), key(0, 2, 10)];
  expect(portion(large)).toEqual([large[0]]);
  expect(portion([key(0, 1, 30_000), key(0, 2, 3_000)])).toHaveLength(1);
  expect(portion([])).toEqual([]);
});

test("what is kept in two places is one thing", () => {
  const [first, other] = [key(0, 1), key(0, 3)];
  const again: Key = [...first];
  const found = distinct([first, other, again], ([, , id]) => id);
  expect(found).toEqual([first, other]);
});

test("the oldest of the least important goes, and only as much as has to", () => {
  const keys = [key(0, 1), key(0, 2), key(2, 5), key(4, 3), key(4, 9)];
  expect(surplus(keys, 5, 5_000)).toEqual([]);
  expect(surplus(keys, 4, 5_000)).toEqual([key(4, 3)]);
  expect(surplus(keys, 5, 4_999)).toEqual([key(4, 3)]);
  expect(surplus(keys, 1, 9_999)).toEqual([
    key(4, 3),
    key(4, 9),
    key(2, 5),
    key(0, 1),
  ]);
  expect(surplus(keys, 0, 0)).toHaveLength(5);
});

test("rows are handed over as the agent reads them", () => {
  const rows = toRows(keep, (item) => item);
  const bytes = handOver(rows, 1_795_300_000_000 + 200);
  const hex = [...bytes].map((it) => it.toString(16).padStart(2, "0")).join("");
  const ids = [ID(1), ID(2), BOOT].map((id) => id.replace(/-/g, "")).join("");
  const first = `${ID(3).replace(/-/g, "")}00ac02000a${"7b2261223a22c3bc227d"}`;
  const second = `${ID(4).replace(/-/g, "")}ac02c80104${"0f"}7b226665617475726573223a5b5d7d`;
  expect(hex).toBe(ids + first + second);
});

test("a clock that was set back makes nothing younger than it was", () => {
  const [row] = toRows(keep, (item) => item);
  const bytes = handOver([row as Row], 0);
  // Position 0, then 100 milliseconds.
  expect([...bytes.slice(64, 66)]).toEqual([0, 100]);
});

test("rows that something else has written are known", () => {
  const [row] = toRows(keep, (item) => item) as [Row];
  expect(isSound(row)).toBe(true);
  const bad: Partial<Row>[] = [
    { p: "{" },
    { p: undefined as never },
    { seq: -1 },
    { age: 0.5 },
    { install: "x" },
    { session: undefined as never },
    { key: [5, 1, ID(3), 1, BOOT] },
    { key: [0, NaN, ID(3), 1, BOOT] },
    { key: [0, 1, "id", 1, BOOT] },
  ];
  for (const part of bad) expect(isSound({ ...row, ...part })).toBe(false);
});
