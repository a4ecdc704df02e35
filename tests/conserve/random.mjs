// Turns a seed into choices: the same ones every time.

/** A stream of choices. `named` gives a stream of its own, so that one thing drawn more shifts nothing else. */
export class Random {
  #state;

  constructor(seed, name = "") {
    this.seed = seed;
    // FNV-1a over the name, so that streams of one seed differ.
    let hash = 0x811c9dc5 ^ seed;
    for (const char of name)
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    this.#state = hash >>> 0;
  }

  named(name) {
    return new Random(this.seed, name);
  }

  /** From 0 to below 1: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(share) {
    return this.next() < share;
  }

  pick(list) {
    return list[this.whole(0, list.length - 1)];
  }

  /** One key of `{ key: weight }`. */
  weighted(weights) {
    const entries = Object.entries(weights);
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let at = this.next() * total;
    for (const [key, weight] of entries) {
      at -= weight;
      if (at < 0) return key;
    }
    return entries.at(-1)[0];
  }
}
