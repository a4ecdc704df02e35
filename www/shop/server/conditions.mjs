// Turns a seed into the weather of a real network: how long each request takes, and which ones fail.
//
// Draws depend on the seed, the route and how many requests that route had before, not on the order
// in which routes are called: a test that asks for one more thing elsewhere sees the same weather here.

/**
 * Median in milliseconds, spread (sigma of the logarithm), and shares of requests that are refused,
 * cut off without an answer, or left waiting. Shapes follow what shops see: reads are quick and
 * narrow, search has a tail, the payment provider is slow and sometimes does not answer.
 */
const ROUTES = {
  "products.list": {
    median: 95,
    spread: 0.45,
    refused: 0.01,
    cut: 0.005,
    stalled: 0.002,
  },
  "products.one": {
    median: 70,
    spread: 0.4,
    refused: 0.01,
    cut: 0.005,
    stalled: 0.002,
  },
  "cart.read": {
    median: 45,
    spread: 0.35,
    refused: 0.005,
    cut: 0.002,
    stalled: 0,
  },
  "cart.write": {
    median: 80,
    spread: 0.4,
    refused: 0.02,
    cut: 0.01,
    stalled: 0,
  },
  search: {
    median: 190,
    spread: 0.75,
    refused: 0.04,
    cut: 0.01,
    stalled: 0.01,
  },
  checkout: {
    median: 850,
    spread: 0.5,
    refused: 0.08,
    cut: 0.01,
    stalled: 0.01,
  },
};

/** Longer than the page waits for an answer, so that it has to say so. */
const STALL_MS = 15_000;
/** Nothing that is answered takes longer. */
const LONGEST_MS = 6_000;
/** In calm weather a request takes at most this many times its median. */
const CALM_FACTOR = 1.5;

/** @param {{seed: number, calm: boolean}} options */
export function createConditions({ seed, calm }) {
  const counts = new Map();
  return function next(route) {
    const { median, spread, refused, cut, stalled } = ROUTES[route];
    const count = counts.get(route) ?? 0;
    counts.set(route, count + 1);
    const random = mulberry32(seed ^ hash(`${route} ${count}`));
    const delay = median * Math.exp(spread * normal(random));
    if (calm)
      return { delay: Math.min(delay, median * CALM_FACTOR), fate: "answered" };
    const fate = pick(random(), { refused, cut, stalled });
    return {
      delay: fate === "stalled" ? STALL_MS : Math.min(delay, LONGEST_MS),
      fate,
    };
  };
}

function pick(draw, shares) {
  let upTo = 0;
  for (const [fate, share] of Object.entries(shares)) {
    upTo += share;
    if (draw < upTo) return fate;
  }
  return "answered";
}

/** A draw from the normal distribution (Box and Muller, 1958). */
function normal(random) {
  return (
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  );
}

/** 32-bit FNV-1a. */
function hash(text) {
  let h = 0x811c9dc5;
  for (const byte of Buffer.from(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** Tommy Ettinger's mulberry32: 32 bits of state, plenty for a demo. */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
