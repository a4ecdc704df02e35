// Turns everything that passes the proxy into what is known of every item: who sent it, what was said of it, to whom.

import { createHash } from "node:crypto";

/**
 * One item, by its id.
 * @typedef {object} Known
 * @property {string} id
 * @property {string} boot the page load that made it
 * @property {number} seq
 * @property {string} type
 * @property {string} p the body, as it was written first
 * @property {Said[]} said
 * @property {Set<number>} loads the page loads that have sent it
 */

/**
 * What the collector, or somebody in its place, said of an item in one answer.
 * @typedef {object} Said
 * @property {string} letter
 * @property {number} load
 * @property {boolean} heard whether the whole answer left towards the page
 */

export class Ledger {
  /** @type {Map<string, Known>} */
  items = new Map();
  /** Contradictions that are visible on the wire alone. */
  faults = [];
  /** How often what happened. */
  counts = {};
  /** Reasons and numbers of what senders reported as given up, by boot; each batch counts once. */
  reports = new Map();
  #batches = new Set();

  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Takes in a body that a page load has sent; gives its items. */
  sent(load, text, query) {
    const [first, ...lines] = text.split("\n").filter(Boolean);
    let header;
    try {
      header = JSON.parse(first);
    } catch {
      this.faults.push(`load ${load} sent a body without a header`);
      return [];
    }
    this.#note(header, query.get("b"));
    return lines.map((line) => this.#item(load, line, header)).filter(Boolean);
  }

  /** What a header reports, once however often it is sent. */
  #note({ boot, report = {} }, batch) {
    if (this.#batches.has(batch)) return;
    this.#batches.add(batch);
    const all = this.reports.get(boot) ?? {};
    for (const [reason, n] of Object.entries(report))
      all[reason] = (all[reason] ?? 0) + n;
    this.reports.set(boot, all);
  }

  #item(load, line, { boot }) {
    let parsed;
    try {
      parsed = JSON.parse(line);
    } catch {
      this.faults.push(`load ${load} sent a line that is no JSON`);
      return undefined;
    }
    const { id, seq, type } = parsed;
    const p = body(line);
    const known = this.items.get(id);
    if (known === undefined) {
      const item = { id, boot, seq, type, p, said: [], loads: new Set([load]) };
      this.items.set(id, item);
      return item;
    }
    known.loads.add(load);
    for (const [name, now] of Object.entries({ boot, seq, type, p })) {
      if (known[name] !== now)
        this.faults.push(
          `${type} ${id} was sent by loads ${[...known.loads].join(" and ")} with another ${name}: ${known[name]}, then ${now}`,
        );
    }
    return known;
  }

  /** Takes in one letter an item. `heard` is set later, when the answer has left. */
  answered(load, items, letters) {
    return items.map((item, idx) => {
      const said = { letter: letters[idx], load, heard: false };
      item.said.push(said);
      return said;
    });
  }
}

/** The body of an item as it is written in its line: what the collector keeps the hash of. */
export function body(line) {
  // `p` is the last field of what our agent writes, and nothing before it holds this text.
  const at = line.indexOf('"p":');
  return line.slice(at + 4, line.lastIndexOf("}"));
}

/** What the collector keeps of a body beside the item, see `ingest::enrich`. */
export function hash({ type, seq, p }) {
  const position = Buffer.alloc(8);
  position.writeBigUInt64BE(BigInt(seq));
  return createHash("sha256")
    .update(`${type}\n`)
    .update(position)
    .update(p)
    .digest("hex");
}
