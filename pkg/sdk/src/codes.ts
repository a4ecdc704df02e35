// Turns the numbers that the agent knows into names.

/** Who closed: the argument of `closed`. */
export const CLOSED_BY_PERSON = 0;
export const CLOSED_BY_PAGE = 1;
export const CLOSED_UNTIL_LATER = 2;

/** What `show` may be told: opened by the person; the conditions do not count. */
export const SHOW_BY_PERSON = 1;
export const SHOW_ANYHOW = 2;
