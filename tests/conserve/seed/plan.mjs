// Turns a seed into a plan: which tabs, what happens in them and when, and what the network makes of it.
//
// Every plan has one kind of trouble from each of two lists in turn, so that as many seeds as the longer list has entries
// meet all of them, and others by chance.

import { faults } from "../proxy/faults.mjs";
import { Random } from "../random.mjs";

/** What happens to batches. The two that are bad for good make single items bad instead. */
export const ON_THE_WAY = Object.keys(faults);
const POISONS = ["400 for one bad item", "413"];

/** What happens to pages, browsers, clocks and the collector. */
export const AROUND = [
  "offline",
  "crash",
  "closed",
  "same tick",
  "five tabs",
  "IndexedDB quota",
  "IndexedDB blocked",
  "IndexedDB denied",
  "storage denied",
  "clock a day ahead",
  "clock a day behind",
  "bfcache",
  "ad blocker",
  "collector killed",
  "hidden and back",
  "clock set while open",
];

/** What cannot be done in a browser, see `browsers.mjs`. */
const CANNOT = { firefox: ["crash"] };

/**
 * @typedef {object} Plan
 * @property {number} seed
 * @property {string[]} around
 * @property {Record<string, number>} weights
 * @property {string} [poison] the fault that bad items meet
 * @property {number} tabs
 * @property {{ tab: number, what: string, n: number, thenMs: number }[]} steps
 */

/** @returns {Plan} */
export function plan(seed, browser) {
  const random = new Random(seed, "plan");
  const can = AROUND.filter((it) => !CANNOT[browser]?.includes(it));
  const around = [can[seed % can.length]];
  if (random.chance(0.5)) around.push(random.pick(can));
  const onTheWay = [ON_THE_WAY[seed % ON_THE_WAY.length]];
  while (random.chance(0.6)) onTheWay.push(random.pick(ON_THE_WAY));
  const poison = onTheWay.find((it) => POISONS.includes(it));
  const weights = { none: random.whole(2, 6) };
  for (const fault of onTheWay)
    if (!POISONS.includes(fault)) weights[fault] = random.whole(1, 6);
  const tabs = around.includes("five tabs") ? 5 : random.whole(1, 3);
  return {
    seed,
    around: [...new Set(around)],
    weights,
    poison,
    tabs,
    steps: steps(random, [...new Set(around)], tabs),
  };
}

/** What people and pages do by themselves, by weight. */
const USUAL = {
  requests: 6,
  track: 3,
  answer: 3,
  "close the survey": 1,
  feedback: 2,
  visit: 2,
  "hide and show": 1,
  wait: 2,
};

/** What a trouble adds to the plan, in this order and with other things between. */
const TROUBLES = {
  offline: ["go offline", "go online"],
  crash: ["crash"],
  closed: ["close"],
  "same tick": ["call and leave"],
  bfcache: ["leave and come back"],
  "ad blocker": ["block", "unblock"],
  "collector killed": ["kill the collector", "start the collector"],
  "hidden and back": ["hide and show"],
  "clock set while open": ["set the clock"],
};

function steps(random, around, tabs) {
  const all = [];
  const add = (what, tab = random.whole(0, tabs - 1)) =>
    all.push({
      what,
      tab,
      n: random.whole(1, 5),
      thenMs: random.chance(0.3) ? 0 : random.whole(5, 200),
    });
  // Everybody makes something, so that no trouble meets nothing.
  for (let tab = 0; tab < tabs; tab++)
    add(random.pick(["requests", "answer", "feedback"]), tab);
  const usual = () => {
    for (let n = random.whole(1, 3); n > 0; n--) add(random.weighted(USUAL));
  };
  usual();
  for (const trouble of around) {
    const tab = random.whole(0, tabs - 1);
    for (const what of TROUBLES[trouble] ?? []) {
      // Something is under way when it happens.
      add(random.pick(["requests", "answer", "feedback"]), tab);
      add(what, tab);
      usual();
    }
  }
  return all;
}
