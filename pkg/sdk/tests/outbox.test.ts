// Turns pages whose database is slower than they are into rows that the next page finds.
import { Window as Dom } from "happy-dom";
import { expect, onTestFinished, test, vi } from "vitest";
import { createOutbox } from "../src/outbox/index.js";
import type { Keep } from "../src/outbox/rows.js";

const NAME = "firsthand:fh_demo_shop";
const ID = (n: number) =>
  `01936f7e-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

/** A page whose database says nothing; pages have one localStorage, and no locks. */
function visit(stored: Storage) {
  const page = new Dom() as unknown as Window & typeof globalThis;
  const end = new AbortController();
  onTestFinished(() => end.abort());
  Object.defineProperties(page, {
    localStorage: { value: stored },
    indexedDB: { value: { open: () => new EventTarget() } },
    setTimeout: { value: setTimeout },
  });
  const heard: [string, ...unknown[]][] = [];
  const outbox = createOutbox({
    page,
    name: NAME,
    marker: `${NAME}:kept`,
    call: (...it: unknown[]) => void heard.push(it as [string]),
    report: () => {},
    through: (item) => item,
    handOff: () => false,
    signal: end.signal,
  });
  const happens = (event: string) =>
    page.dispatchEvent(new page.Event(event) as unknown as Event);
  return { page, outbox, heard, happens };
}

const keep = (id: number, text: string, ago = 0): Keep => ({
  do: "keep",
  header: {
    sdk: "firsthand-js/0.1.0",
    install: ID(1),
    session: ID(2),
    boot: ID(3),
    sent_wall: Date.now() - ago,
    report: {},
  },
  items: [
    { id: ID(id), seq: 0, age_ms: 0, type: "response", p: { a: text } },
  ] as never,
});

const rows = (stored: Storage) =>
  Object.keys(stored).filter((name) => name.startsWith(`${NAME}:row:`));

test.each(["pagehide", "hidden"])(
  "what the database does not have yet is kept at %s, at once",
  (how) => {
    const stored = new Dom().localStorage as unknown as Storage;
    const { page, outbox, happens } = visit(stored);
    outbox.keep(keep(7, "before"));
    expect(rows(stored)).toHaveLength(0);
    if (how === "hidden") {
      Object.defineProperty(page.document, "hidden", { value: true });
      page.document.dispatchEvent(
        new page.Event("visibilitychange") as unknown as Event,
      );
    } else happens(how);
    expect(rows(stored)).toHaveLength(1);
    outbox.keep(keep(8, "after"));
    expect(rows(stored)).toHaveLength(2);
    expect(stored.getItem(`${NAME}:kept`)).not.toBeNull();
  },
);

test("what was decided before the database had it is not kept by a page that goes", () => {
  const stored = new Dom().localStorage as unknown as Storage;
  const { outbox, happens } = visit(stored);
  outbox.keep(keep(7, "decided"));
  outbox.keep(keep(8, "not yet"));
  outbox.unkeep([ID(7)]);
  happens("pagehide");
  expect(rows(stored)).toEqual([expect.stringContaining(ID(8))]);
});

test("the next page is handed what was kept so", async () => {
  const stored = new Dom().localStorage as unknown as Storage;
  const before = visit(stored);
  // Without locks, a page has a minute of its own.
  before.outbox.keep(keep(7, "gone", 120_000));
  before.happens("pagehide");

  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const next = visit(stored);
  // The database is silent for longer than anybody waits.
  await vi.advanceTimersByTimeAsync(120_000);
  const [name, bytes] = next.heard.find(([it]) => it === "left") ?? [];
  expect(name).toBe("left");
  expect(new TextDecoder().decode(bytes as Uint8Array)).toContain("gone");
  next.outbox.unkeep([ID(7)]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(rows(stored)).toHaveLength(0);
  expect(next.heard).toHaveLength(1);
});

test("what was kept at once is not kept again, when somebody may have delivered it", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const stored = new Dom().localStorage as unknown as Storage;
  const { outbox, happens } = visit(stored);
  outbox.keep(keep(7, "first"));
  // The database keeps all that follows waiting.
  await vi.advanceTimersByTimeAsync(10);
  outbox.keep(keep(8, "second"));
  happens("pagehide");
  expect(rows(stored)).toHaveLength(2);
  for (const row of rows(stored)) stored.removeItem(row);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(rows(stored).filter((row) => row.includes(ID(8)))).toHaveLength(0);
});

test("what is not allowed any more is not kept when the page goes", async () => {
  const stored = new Dom().localStorage as unknown as Storage;
  const { outbox, happens } = visit(stored);
  outbox.keep(keep(7, "taken back"));
  outbox.wipe();
  happens("pagehide");
  expect(rows(stored)).toHaveLength(0);
});
