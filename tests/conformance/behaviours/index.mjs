// Turns the behaviours into one list, in the order of their numbers.

import alerts from "./alerts.mjs";
import angular from "./angular.mjs";
import clock from "./clock.mjs";
import counting from "./counting.mjs";
import identity from "./identity.mjs";
import network from "./network.mjs";
import streams from "./streams.mjs";

/**
 * What any SDK must show.
 * @typedef {object} Behaviour
 * @property {number} number
 * @property {string[]} issues where users asked for it
 * @property {string} says the behaviour, in a sentence
 * @property {boolean} [harmless] about the page alone: a page without any SDK shows it, too
 * @property {(visit: import("../site/visit.mjs").Visit) => Promise<void>} check throws when it is not shown
 */

/** @type {Behaviour[]} */
export const behaviours = [
  ...alerts,
  ...angular,
  ...clock,
  ...counting,
  ...identity,
  ...network,
  ...streams,
].sort((a, b) => a.number - b.number);
