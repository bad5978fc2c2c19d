import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DamagedBytes } from './varint.ts';

/** SQLite's result codes for a file that is damaged or is no database (sqlite3.h: SQLITE_CORRUPT, SQLITE_NOTADB). */
const damageCodes = [11, 26];

/** True when the error says that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedBytes) return true;
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  // Extended codes carry the primary one in their low byte.
  return damageCodes.includes(error.errcode & 0xff);
}

export const schemaVersion = 1;

/**
 * `recent` takes readings as they come, one row per entity and time. What is over is packed into one row per entity and
 * window: two hours of readings, a day of 5-minute roll-ups, 32 days of hourly ones. The rowid of those is
 * entity * 2^22 + window number, so that one entity's windows lie side by side.
 */
const schema = `
  CREATE TABLE entity (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (device, kind, name)
  ) STRICT;
  CREATE TABLE field (id INTEGER PRIMARY KEY, metric TEXT NOT NULL UNIQUE, decimals INTEGER NOT NULL) STRICT;
  CREATE TABLE recent (
    entity INTEGER NOT NULL, time INTEGER NOT NULL, readings BLOB NOT NULL, PRIMARY KEY (entity, time)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE raw (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  CREATE TABLE five_minutes (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  CREATE TABLE hour (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * Opens the file, or makes it. One that is damaged is put aside as `<file>.damaged-<time>` and a new one begun: charts
 * lose their past, but nothing stops.
 */
export function openSamples(file: string, now: number, log: (message: string) => void): DatabaseSync {
  try {
    return open(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    quarantine(file, now, log);
    return open(file);
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

function open(file: string): DatabaseSync {
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    // NORMAL with WAL: a commit reaches the operating system before it is acknowledged, so it survives the death of the
    // process; a power cut may cost the last moments, never the file.
    database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
      PRAGMA cache_size = -32000; PRAGMA mmap_size = 268435456;
    `);
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) inTransaction(database, () => database.exec(schema));
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

/** Runs `work` so that all of it is stored, or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
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
