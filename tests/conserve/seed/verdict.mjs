// Turns what passed the proxy, what pages count and what is on disk into what contradicts the promise.

import { hash } from "../proxy/ledger.mjs";

const KEPT = new Set(["a", "d"]);
const REFUSED = new Set(["c", "x"]);

/**
 * @param {object} of
 * @param {import("../proxy/ledger.mjs").Ledger} of.ledger
 * @param {import("../store.mjs").Stored[]} of.stored
 * @param {string[]} of.conflicts ids that were kept aside
 * @param {import("./tabs.mjs").Tabs} of.tabs
 * @param {object[]} of.deliveries what pages that live count at the end
 * @param {(item: object) => boolean} of.isPoison
 * @returns {{ faults: string[], lost: number, holes: number, kept: number, acknowledged: number, notKept: string[] }}
 */
export function verdict(of) {
  const { ledger, tabs, stored } = of;
  const faults = [...ledger.faults, ...tabs.faults];
  const preflights = ledger.counts["OPTIONS"] ?? 0;
  if (preflights > 0) faults.push(`${preflights} preflights`);
  const rows = byId(stored, faults);
  const acknowledged = checkAcknowledged(ledger, rows, faults);
  checkStored(ledger, rows, faults);
  checkRefused(of, faults);
  checkTexts(tabs, stored, faults);
  const notKept = [...tabs.said].filter((text) => !holds(stored, text));
  const tells = of.deliveries.some(({ counts }) => counts?.kept !== undefined);
  if (tells && keepsAnswers(tabs.plan))
    for (const text of notKept)
      faults.push(
        `${text} was submitted and is lost, ${traceOf(text, ledger)}`,
      );
  checkEquations(of, faults);
  const items = [...ledger.items.values()];
  const missing = items.filter((it) => !rows.has(it.id) && !of.isPoison(it));
  return {
    faults,
    acknowledged,
    kept: rows.size,
    lost: missing.length,
    holes: holes(ledger),
    notKept,
  };
}

function byId(stored, faults) {
  const rows = new Map();
  for (const row of stored) {
    if (rows.has(row.id)) faults.push(`${row.type} ${row.id} is stored twice`);
    rows.set(row.id, row);
  }
  return rows;
}

/** G1: what a page was told is kept, is on disk, as it was sent. Heard or not: it was said. */
function checkAcknowledged({ items }, rows, faults) {
  let n = 0;
  for (const item of items.values()) {
    const said = item.said.find(({ letter }) => KEPT.has(letter));
    if (said === undefined) continue;
    n++;
    const row = rows.get(item.id);
    const what = `${item.type} ${item.id} of load ${said.load}`;
    if (row === undefined)
      faults.push(
        `${what} was acknowledged (${said.letter}) and is not stored`,
      );
    else if (!isIntact(item, row))
      faults.push(`${what} was acknowledged and is stored as something else`);
  }
  return n;
}

function isIntact(item, row) {
  if (row.type !== item.type) return false;
  // Of a report the first half of its hash is kept.
  if (row.hash !== undefined) return hash(item).startsWith(row.hash);
  return row.p === item.p && row.seq === item.seq;
}

/** G2: nothing is on disk that nobody sent, and nothing under two names. */
function checkStored({ items }, rows, faults) {
  for (const row of rows.values()) {
    const item = items.get(row.id);
    if (item === undefined)
      faults.push(`${row.type} ${row.id} is stored and was never sent`);
  }
  const places = new Map();
  for (const item of items.values()) {
    const place = `${item.boot} ${item.seq}`;
    const others = places.get(place) ?? [];
    const other = others.find((it) => !isOtherRevision(it, item));
    if (other !== undefined)
      faults.push(
        `${other.id} and ${item.id} are both number ${item.seq} of one page load`,
      );
    places.set(place, [...others, item]);
  }
}

/**
 * Whether two items are revisions of one response. The later one has the place of one that its page never sent, and that
 * a later page may have found on the device.
 */
function isOtherRevision(a, b) {
  if (a.type !== "response" || b.type !== "response") return false;
  const [one, other] = [JSON.parse(a.p), JSON.parse(b.p)];
  return one.response === other.response && one.revision !== other.revision;
}

/** Everything that these pages send is fit to be kept. */
function checkRefused({ ledger, conflicts }, faults) {
  for (const item of ledger.items.values()) {
    const said = item.said.find(({ letter }) => REFUSED.has(letter));
    if (said)
      faults.push(
        `${item.type} ${item.id} was refused, ${said.letter}: ${said.why}`,
      );
  }
  for (const id of conflicts) faults.push(`${id} came with another body`);
}

/** A text that a person wrote belongs to one pass, and thanks are said only for what is kept. */
function checkTexts({ thanked, said }, stored, faults) {
  for (const [text, by] of thanked) {
    if (!holds(stored, text))
      faults.push(`${text} is not stored, and the person was told: ${by}`);
  }
  for (const text of said) {
    const passes = stored
      .filter(({ p }) => p?.includes(`"${text}"`))
      .map(({ p }) => JSON.parse(p).response);
    if (new Set(passes).size > 1)
      faults.push(`${text} is stored under two passes`);
  }
}

/**
 * G3: an answer that was given is kept on the device, whatever becomes of its page, and delivered by the next one.
 * Except where the device keeps nothing; where the process dies before anything was written; where the answer itself is
 * what cannot be read. Held to by products that tell how much they keep.
 */
function keepsAnswers({ around, poison }) {
  const excused = ["storage denied", "IndexedDB blocked", "crash"];
  return poison === undefined && !around.some((it) => excused.includes(it));
}

/** What is known of the way of a text. */
function traceOf(text, { items }) {
  const sent = [...items.values()].filter(({ p }) => p.includes(`"${text}"`));
  if (sent.length === 0) return "and was never sent";
  return sent
    .map(({ id, loads }) => `sent as ${id} by loads ${[...loads].join(", ")}`)
    .join("; ");
}

/** Numbers of items that no page load ever sent, though it sent later ones: lost with it, or given up and reported. */
function holes({ items }) {
  const seqs = new Map();
  for (const { boot, seq } of items.values())
    seqs.set(boot, (seqs.get(boot) ?? new Set()).add(seq));
  const all = [...seqs.values()];
  return all.reduce((sum, it) => sum + Math.max(...it) + 1 - it.size, 0);
}

function holds(stored, text) {
  return stored.some(({ p }) => p?.includes(`"${text}"`));
}

/** G3, where the product tells: the counts of every page that lives add up, and say no more than was said to it. */
function checkEquations({ ledger, deliveries }, faults) {
  const told = new Map();
  for (const item of ledger.items.values()) {
    const loads = item.said
      .filter(({ letter }) => KEPT.has(letter) || REFUSED.has(letter))
      .map(({ load }) => load);
    for (const load of new Set(loads))
      told.set(load, (told.get(load) ?? 0) + 1);
  }
  for (const { load, counts } of deliveries) {
    if (!counts) continue;
    const { made, adopted, accepted, duplicate, conflict, rejected, pending } =
      counts;
    const dropped = Object.values(counts.dropped).reduce((a, b) => a + b, 0);
    const decided = accepted + duplicate + conflict + rejected;
    const text = JSON.stringify(counts);
    if (made + adopted !== decided + pending + dropped)
      faults.push(`the counts of load ${load} do not add up: ${text}`);
    if (decided > (told.get(load) ?? 0))
      faults.push(
        `load ${load} counts more as decided than it was told (${told.get(load) ?? 0}): ${text}`,
      );
    if (pending > 0) faults.push(`load ${load} is quiet and not done: ${text}`);
  }
}
