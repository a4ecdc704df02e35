// Turns the database of a collector that has ended into what it holds of items, without any of the collector's code.
//
// sql.js reads one file and no write-ahead log: the collector has to have ended in an orderly way.

import { existsSync } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import initSqlJs from "sql.js";

import { body } from "./proxy/ledger.mjs";

let engine;

/**
 * An item on disk.
 * @typedef {object} Stored
 * @property {string} id
 * @property {string} type
 * @property {number} [seq]
 * @property {string} [p] the body as it arrived; of a report only its hash is kept
 * @property {string} [hash]
 */

/** @returns {Promise<Stored[]>} one for each row, so that what is there twice is seen twice */
export async function stored(folder) {
  const database = await open(folder);
  try {
    const items = rows(database, "SELECT id, type, seq, line FROM item").map(
      ([id, type, seq, line]) => ({ id: uuid(id), type, seq, p: body(line) }),
    );
    const reports = rows(
      database,
      "SELECT id, body_hash FROM latency_seen",
    ).map(([id, hash]) => ({ id: uuid(id), type: "latency", hash: hex(hash) }));
    return [...items, ...reports];
  } finally {
    database.close();
  }
}

/** Items whose id was known with another body. */
export async function conflicts(folder) {
  const database = await open(folder);
  try {
    return rows(database, "SELECT id FROM conflict").map(([id]) => uuid(id));
  } finally {
    database.close();
  }
}

async function open(folder) {
  const names = await readdir(folder);
  const name = names.find((it) => /\.(db|sqlite3?)$/.test(it));
  const path = join(folder, name);
  const log = `${path}-wal`;
  if (existsSync(log) && (await stat(log)).size > 0)
    throw new Error(`${log} holds what the file does not`);
  const bytes = await readFile(path);
  // Bytes 18 and 19 say how the file is written and read; in this copy there is no log:
  // https://www.sqlite.org/fileformat2.html#file_format_version_numbers
  bytes.fill(1, 18, 20);
  engine ??= await initSqlJs();
  return new engine.Database(bytes);
}

function rows(database, sql) {
  return database.exec(sql)[0]?.values ?? [];
}

function hex(bytes) {
  return Buffer.from(bytes).toString("hex");
}

function uuid(bytes) {
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
