// Turns IndexedDB, or localStorage where that is refused, into a place for rows with a bound.
import { surplus, type Key, type Row } from "./rows.js";

/** Where rows are kept. Every promise may reject: then the next shelf is tried. */
export interface Shelf {
  readonly name: "indexeddb" | "localstorage";
  /**
   * Adds rows. What is too much then goes, and is returned: the oldest of the least important, which may
   * be what was just added.
   */
  put(rows: Row[]): Promise<Key[]>;
  /** All keys, sorted. */
  keys(): Promise<Key[]>;
  get(keys: Key[]): Promise<(Row | undefined)[]>;
  remove(keys: Key[]): Promise<void>;
  /** Lets go of what would keep the page out of the back-forward cache. */
  close(): void;
}

/** Bounds: what a page may keep on a device without anybody minding. */
const MAX_ITEMS = 2_000;
const MAX_BYTES = 2 << 20;
/** localStorage is 5 MiB for the whole origin, and the page's own. */
const LOCAL_BYTES = 256 << 10;
/** Milliseconds after which a database that does not open is taken for one that never will. */
const OPEN_MS = 3_000;
const STORE = "items";

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(String(request.error)));
  });

/** A database of its own, opened when it is first needed. */
export function inDatabase(page: Window, name: string): Shelf {
  let opened: Promise<IDBDatabase> | undefined;
  let open: IDBDatabase | undefined;
  const close = () => {
    open?.close();
    opened = open = undefined;
  };
  const connect = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      // Another page may hold an older version open, or a browser that denies it may say nothing.
      page.setTimeout(() => reject(new Error("indexedDB is silent")), OPEN_MS);
      const request = page.indexedDB.open(name, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(STORE, { keyPath: "key" });
      request.onerror = () => reject(new Error(String(request.error)));
      request.onsuccess = () => {
        open = request.result;
        open.onversionchange = open.onclose = close;
        resolve(open);
      };
    });
  /** One transaction; resolves with what `fn` made once all of it is on disk. */
  const run = async <T>(
    mode: IDBTransactionMode,
    fn: (store: IDBObjectStore) => T | Promise<T>,
  ): Promise<T> => {
    // Synchronously where it is open: a page that goes gets no second chance.
    const database = open ?? (await (opened ??= connect()));
    const options = { durability: "strict" } as const;
    const transaction = database.transaction(STORE, mode, options);
    const end = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Error(String(transaction.error)));
    });
    const [result] = await Promise.all([
      fn(transaction.objectStore(STORE)),
      end,
    ]);
    return result;
  };
  const keys = () =>
    run("readonly", (store) =>
      done(store.getAllKeys() as unknown as IDBRequest<Key[]>),
    );
  /**
   * Writes, and waits for nothing to do so: a page that fell asleep in the middle of a transaction would
   * stand in the way of all others, for which browsers throw it out of their back-forward cache.
   */
  const change = (fn: (store: IDBObjectStore) => void) =>
    run("readwrite", async (store) => {
      fn(store);
      store.transaction.commit();
    });
  const remove = (gone: Key[]) =>
    change((store) => gone.forEach((key) => store.delete(key)));
  return {
    name: "indexeddb",
    async put(rows) {
      await change((store) => rows.forEach((row) => store.put(row)));
      // A page that has gone leaves this to the next one.
      if (!open) return [];
      const gone = surplus(await keys(), MAX_ITEMS, MAX_BYTES);
      if (gone.length > 0) await remove(gone);
      return gone;
    },
    keys,
    get: (keys) =>
      run("readonly", (store) =>
        Promise.all(
          keys.map((key) =>
            done(store.get(key) as IDBRequest<Row | undefined>),
          ),
        ),
      ),
    remove,
    close,
  };
}

/** An entry for each row, so that pages do not write over each other's. */
export function inLocalStorage(page: Window, prefix: string): Shelf {
  const nameOf = (key: Key) => prefix + JSON.stringify(key);
  const keys = () => {
    const names = Object.keys(page.localStorage);
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => JSON.parse(name.slice(prefix.length)) as Key)
      .sort(([a, at], [b, bt]) => a - b || at - bt);
  };
  const remove = (gone: Key[]) => {
    for (const key of gone) page.localStorage.removeItem(nameOf(key));
  };
  // What throws must reject.
  const soon =
    <A extends unknown[], T>(fn: (...args: A) => T) =>
    async (...args: A): Promise<T> =>
      fn(...args);
  return {
    name: "localstorage",
    put: soon((rows: Row[]) => {
      for (const row of rows) {
        page.localStorage.setItem(nameOf(row.key), JSON.stringify(row));
      }
      const gone = surplus(keys(), MAX_ITEMS, LOCAL_BYTES);
      remove(gone);
      return gone;
    }),
    keys: soon(keys),
    get: soon((wanted: Key[]) =>
      wanted.map((key) => {
        const text = page.localStorage.getItem(nameOf(key));
        return text === null ? undefined : (JSON.parse(text) as Row);
      }),
    ),
    remove: soon(remove),
    close: () => {},
  };
}
