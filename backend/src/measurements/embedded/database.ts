import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DamagedBytes } from './varint.ts';
import { fromVersion1 } from './version-1.ts';

/** SQLite's result codes for a file that is damaged or is no database (sqlite3.h: SQLITE_CORRUPT, SQLITE_NOTADB). */
const damageCodes = [11, 26];

/** True when the error comes from SQLite itself: the disk is full, the file cannot be written … */
export function isFromSqlite(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** True when the error says that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedBytes) return true;
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  // Extended codes carry the primary one in their low byte.
  return damageCodes.includes(error.errcode & 0xff);
}

export const schemaVersion = 3;

/**
 * Readings come to `journal` first, as compact rows of bytes (open-rows.ts), and are packed into one row per window and
 * entity: two hours of readings, a day of 5-minute roll-ups, 32 days of hourly ones. The rowid of those is
 * window number * 2^30 + entity, so that what is written together lies together, and what expires is one range. Windows of
 * readings are in `growing` until they are over: what grows in place leaves pages half empty. They go on to `raw`, and
 * roll-ups to `five_minutes`, in ascending order, which fills pages up.
 * `damaged` takes what could not be read, so that it costs nothing but itself.
 */
export const tables = `
  CREATE TABLE IF NOT EXISTS entity (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    newest INTEGER NOT NULL DEFAULT 0, UNIQUE (device, kind, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS field (
    id INTEGER PRIMARY KEY, metric TEXT NOT NULL UNIQUE, decimals INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE journal (id INTEGER PRIMARY KEY, part BLOB NOT NULL) STRICT;
  CREATE TABLE growing (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  CREATE TABLE raw (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  CREATE TABLE five_minutes (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  CREATE TABLE hour (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE damaged (
    id INTEGER PRIMARY KEY, found_at INTEGER NOT NULL, source TEXT NOT NULL, row INTEGER NOT NULL, bytes BLOB NOT NULL
  ) STRICT;
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * Opens the file, or makes it. One that is damaged is put aside as `<file>.damaged-<time>` and a new one begun: charts
 * lose their past, but nothing stops.
 */
export function openSamples(file: string, now: number, log: (message: string) => void): DatabaseSync {
  try {
    return open(file, log);
  } catch (error) {
    if (!isDamage(error)) throw error;
    quarantine(file, now, log);
    return open(file, log);
  }
}

/** Puts a damaged file and what belongs to it aside. No connection may be open to it. */
export function quarantine(file: string, now: number, log: (message: string) => void): void {
  const aside = `${file}.damaged-${now}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  log(`the measurement file was damaged; it is now ${aside}, and a new one has been begun`);
}

function open(file: string, log: (message: string) => void): DatabaseSync {
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    // FULL with WAL: what is acknowledged survives a power cut. What only follows from the journal is written with NORMAL.
    database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -64000; PRAGMA mmap_size = 268435456;
    `);
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) inTransaction(database, () => database.exec(tables));
    else if (version === 1) fromVersion1(database, log);
    else if (version !== schemaVersion)
      throw new Error(`${file} has version ${version}; this Rackhaus knows version ${schemaVersion}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** When people work, and when nobody does, can be read from it. SQLite gives the files that it keeps beside it the same mode. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

/**
 * Runs `work` so that all of it is stored, or nothing. Once this has returned, `FULL` survives a power cut, while `NORMAL` does so only
 * after the next transaction that is `FULL`.
 */
export function inTransaction<T>(
  database: DatabaseSync,
  work: () => T,
  synchronous: 'FULL' | 'NORMAL' = 'FULL',
): T {
  database.exec(`PRAGMA synchronous = ${synchronous}`);
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** A number column of a row. node:sqlite types all columns as any SQL value. */
export function numberOf(row: Record<string, unknown>, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw new DamagedBytes(`column ${column} is not a number`);
}

export function bytesOf(row: Record<string, unknown>, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new DamagedBytes(`column ${column} is not a blob`);
}

export function textOf(row: Record<string, unknown>, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new DamagedBytes(`column ${column} is not text`);
}

export type { DatabaseSync, StatementSync };
