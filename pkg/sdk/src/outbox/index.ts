// Turns what the agent wants kept into rows on this device, and what earlier pages left into deliveries.
//
// Fetched only when something has to be kept or was left. Nothing here throws into the page: where one
// place refuses, the next is tried, and the last one is the agent's own memory.
import type { Delivery } from "../api.js";
import type { Call } from "../boot/bridge.js";
import type { Report } from "../boot/report.js";
import type { Body, Item } from "../types.gen.js";
import { handOff } from "./last.js";
import {
  distinct,
  handOver,
  portion,
  toRows,
  type Keep,
  isSound,
  type Key,
  type Row,
} from "./rows.js";
import { inDatabase, inLocalStorage, type Shelf } from "./shelf.js";
import { byLease, byLocks } from "./turns.js";

/** What the outbox needs from the page. */
export interface Surroundings {
  page: Window;
  /** Names everything of this site on this device. */
  name: string;
  /** Tells other pages, and later ones, that something is kept: an entry of localStorage. */
  marker: string;
  call: Call;
  report: Report;
  /** What may leave the page of an item; none when nothing may. */
  through: (item: Item<Body>) => Item<Body> | undefined;
  /** The outbox's: hands a request to the browser that outlives the page, where it takes it. */
  handOff: (url: string, body: string | Blob) => boolean;
  signal: AbortSignal;
}

export interface Outbox {
  keep(command: Keep): void;
  unkeep(ids: string[]): void;
  /** Removes all that is kept, by whomever. */
  wipe(): void;
  /** Delivers what pages that are gone have left, if there is anything. */
  look(): void;
  /** Where things are kept, and how many. */
  state(): Promise<Pick<Delivery, "storage" | "kept">>;
}

/** What the module at the outbox's URL exports. */
export interface OutboxModule {
  createOutbox(surroundings: Surroundings): Outbox;
}

/** Milliseconds after which nobody delivers what was kept. */
const TTL_MS = 7 * 24 * 60 * 60 * 1000;
/** Reasons of the agent's input `lost`. */
const EXPIRED = 0;
const NO_ROOM = 1;
const NO_CONSENT = 2;
const UNREADABLE = 3;
const KEPT_IN_STORAGE = 4;
const KEPT_IN_MEMORY = 5;

export function createOutbox(around: Surroundings): Outbox {
  const { page, name, marker, call, report, through, signal } = around;
  const { locks } = page.navigator as Partial<Navigator>;
  const turns = locks ? byLocks(locks, name) : byLease(page, name);
  const atOnce = inLocalStorage(page, `${name}:row:`);
  const shelves = [inDatabase(page, name), atOnce];
  /** Of the rows that this page's agent knows: its own, and what it delivers for others. */
  const known = new Map<string, Key>();
  /** What is on its way to a shelf. */
  const unkept = new Map<string, Row>();
  /** What was handed over and has no end yet. */
  const adopted = new Set<string>();
  let handed = () => {};
  /** Whether the page sleeps, or has gone. */
  let isAway = false;
  /** Whether it does, or may be about to. */
  const isGoing = () => isAway || page.document.hidden;
  /** Has who waits for pages that live look again: others may have put something. */
  let wake = () => {};
  /** This page load, once it has kept something. */
  let own: string | undefined;
  const hasOwn = () => known.size + unkept.size > adopted.size;
  const isKnown = ([, , id]: Key) => known.has(id) || unkept.has(id);
  let storage: Delivery["storage"] = "indexeddb";
  // One after the other: a row must not be removed before it was put.
  let last: Promise<unknown> = Promise.resolve();
  const then = <T>(fn: () => Promise<T>): Promise<T | undefined> => {
    const next = last.then(fn).catch((error: unknown) => {
      report("internal", String(error));
      return undefined;
    });
    last = next;
    return next;
  };
  const keysOf = (ids: string[]) =>
    ids.map((id) => known.get(id)).filter((key) => key !== undefined);
  /** What all shelves hold; one that refuses holds nothing. */
  const each = async <T>(fn: (shelf: Shelf) => Promise<T[]>): Promise<T[]> => {
    const all = await Promise.all(
      shelves.map((shelf) => fn(shelf).catch((): T[] => [])),
    );
    return all.flat();
  };
  const allKeys = async () =>
    distinct(await each((shelf) => shelf.keys()), ([, , id]) => id).sort(
      ([a, at], [b, bt]) => a - b || at - bt,
    );
  const remove = async (keys: Key[]) => {
    if (keys.length > 0) {
      await each((shelf) => shelf.remove(keys).then(() => []));
    }
  };
  const mark = (is: boolean) => {
    try {
      if (is) page.localStorage.setItem(marker, `${Date.now()}`);
      else page.localStorage.removeItem(marker);
    } catch {
      // Then only this page knows.
    }
  };
  /** Unmarks when nothing is left; looks again, because another page may just have put something. */
  const unmark = async () => {
    if ((await allKeys()).length > 0) return;
    mark(false);
    if ((await allKeys()).length > 0) mark(true);
  };
  /** Counts what had to go of pages that are gone: those that live have it in memory. */
  const lose = async (gone: Key[], reason: number) => {
    const alive = await turns.alive();
    const lost = gone.filter(
      (key) => !isKnown(key) && !alive(key[4], key[1]),
    ).length;
    if (lost > 0) call("lost", reason, lost);
  };

  const put = async (all: Row[]) => {
    for (const { key } of all) known.set(key[2], key);
    // A second time it would be there for who has just delivered it.
    const rows = all.filter(({ key }) => unkept.has(key[2]));
    if (rows.length === 0) return;
    if (!isAway) turns.live(own);
    // A page that goes writes where it has not to wait.
    const isLast = isGoing();
    for (const shelf of isLast ? [...shelves].reverse() : shelves) {
      try {
        const gone = await shelf.put(rows);
        mark(true);
        for (const { key } of rows) unkept.delete(key[2]);
        if (storage !== shelf.name && !isLast) {
          storage = shelf.name;
          report("outbox_degraded", storage);
        }
        if (storage !== "indexeddb") call("lost", KEPT_IN_STORAGE, rows.length);
        if (gone.length > 0) await lose(gone, NO_ROOM);
        return;
      } catch {
        // Refused, full, or not there: the next one.
      }
    }
    if (storage !== "memory") report("outbox_degraded", "memory");
    storage = "memory";
    call("lost", KEPT_IN_MEMORY, rows.length);
  };

  /** Hands over what pages that are gone have left, until there is no more. */
  const deliver = async (left: AbortSignal) => {
    /** Pages that live and keep something, until they do no longer. */
    const living = new Map<string, Promise<void>>();
    // What does not go away when it is removed must not be tried for ever.
    const tried = new Set<string>();
    while (!left.aborted) {
      const alive = await turns.alive();
      const found = (await allKeys()).filter(
        (key) => !isKnown(key) && key[4] !== own && !tried.has(key[2]),
      );
      const dead = found.filter(([, at, , , boot]) => !alive(boot, at));
      const old = dead.filter(([, at]) => Date.now() - at >= TTL_MS);
      const next = portion(dead);
      for (const [, , id] of old) tried.add(id);
      if (old.length > 0) await lost(old, EXPIRED);
      else if (next.length > 0) await adopt(next, tried);
      else {
        for (const [, , , , boot] of found) {
          if (living.has(boot)) continue;
          const end = turns.gone(boot).then(() => void living.delete(boot));
          living.set(boot, end);
        }
        if (living.size === 0) break;
        const news = new Promise<void>((resolve) => (wake = resolve));
        await Promise.race([...living.values(), news]);
      }
    }
    if (!left.aborted) await unmark();
  };
  const lost = async (keys: Key[], reason: number) => {
    await remove(keys);
    call("lost", reason, keys.length);
  };
  const adopt = async (keys: Key[], tried: Set<string>) => {
    const all = await each(async (shelf) =>
      (await shelf.get(keys)).flatMap((row) => row ?? []),
    );
    const idOf = ({ key }: Row) => key[2];
    const sound = distinct(all.filter(isSound), idOf);
    const good = new Set(sound.map(idOf));
    const broken = distinct(
      all.filter((row) => !good.has(idOf(row))),
      idOf,
    ).map(({ key }) => key);
    if (broken.length > 0) await lost(broken, UNREADABLE);
    // Rows of one page may be of two sessions: the others come next.
    const [first] = sound;
    for (const [, , id] of keys) {
      if (!good.has(id)) tried.add(id);
    }
    const same = sound.filter(
      ({ install, session }) =>
        install === first?.install && session === first.session,
    );
    if (same.length === 0) return;
    for (const { key } of same) {
      tried.add(key[2]);
      known.set(key[2], key);
      adopted.add(key[2]);
    }
    const end = new Promise<void>((resolve) => (handed = resolve));
    call("left", handOver(same, Date.now()));
    await end;
  };
  const look = () => {
    wake();
    turns.lead(deliver);
  };
  /** Keeps what has not been kept yet where that takes no time: the page may be gone the next moment. */
  const hurry = () => {
    if (unkept.size === 0) return;
    mark(true);
    const rows = [...unkept.values()];
    atOnce.put(rows).then(
      (gone) => {
        for (const { key } of rows) unkept.delete(key[2]);
        return lose(gone, NO_ROOM);
      },
      () => {
        // Full or denied; the database may still be in time.
      },
    );
  };
  const leave = () => {
    isAway = true;
    hurry();
    turns.leave();
    for (const shelf of shelves) shelf.close();
  };
  const back = () => {
    isAway = false;
    if (hasOwn()) turns.live(own);
    look();
  };
  const on = (target: EventTarget, event: string, fn: () => void) =>
    target.addEventListener(event, fn, { signal });
  on(page.document, "visibilitychange", hurry);
  on(page, "pagehide", leave);
  on(page.document, "freeze", leave);
  on(page, "pageshow", back);
  on(page.document, "resume", back);
  signal.addEventListener("abort", leave);
  look();
  around.handOff = (url, body) => handOff(page, url, body);

  return {
    keep(command) {
      own ??= command.header.boot;
      const rows = toRows(command, through);
      if (rows.length === 0) return;
      if (!isAway) turns.live(own);
      for (const row of rows) unkept.set(row.key[2], row);
      if (isGoing()) hurry();
      void then(() => put(rows));
    },
    unkeep(ids) {
      // At once: what is decided must not be written again by a page that goes meanwhile.
      for (const id of ids) unkept.delete(id);
      void then(async () => {
        const keys = keysOf(ids);
        for (const id of ids) {
          known.delete(id);
          adopted.delete(id);
        }
        await remove(keys);
        if (!hasOwn()) turns.live();
        if (adopted.size === 0) handed();
        if (known.size === 0) await unmark();
      });
    },
    wipe() {
      unkept.clear();
      void then(async () => {
        const keys = await allKeys();
        await remove(keys);
        await lose(
          keys.filter((key) => !known.has(key[2])),
          NO_CONSENT,
        );
        known.clear();
        adopted.clear();
        turns.live();
        mark(false);
        handed();
      });
    },
    look,
    async state() {
      await last;
      const kept = (await allKeys()).length;
      return { storage, kept };
    },
  };
}
