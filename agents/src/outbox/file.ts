import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';

/** Primary result codes of SQLite (sqlite3.h). */
const sqliteError = 1;
const sqliteBusy = 5;
const sqliteReadOnly = 8;
const sqliteCorrupt = 11;
const sqliteFull = 13;
/**
 * What damage looks like: names of the schema that are gone, values of impossible type or size, and what SQLite itself calls
 * corrupt. Our statements give no other reason for any of these.
 */
const damage: ReadonlySet<number | null> = new Set([
  sqliteError,
  sqliteCorrupt,
  18, // SQLITE_TOOBIG
  19, // SQLITE_CONSTRAINT
  20, // SQLITE_MISMATCH
  24, // SQLITE_FORMAT
  26, // SQLITE_NOTADB
]);
/** A file that is larger is not read through when it is opened; what is wrong with it is noticed on the way. */
const checkedBytes = 1_000_000_000;
/** Files set aside that are kept to look at; a disk that fails makes one after the other. */
const keptAside = 10;

/**
 * Free pages that the file keeps, 5 MB, and as much in the log beside it: the outbox goes on working with them when
 * something else has filled the disk. More than SQLite's log takes until its checkpoint (1,000 pages).
 */
export const reservePages = 1200;
const pageBytes = 4096;

const schema = `
  CREATE TABLE IF NOT EXISTS batches (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, not even after the row is gone
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,                      -- when it was appended, ms since 1970
    body BLOB NOT NULL,                         -- zstd; gzip from before an update
    age_clock INTEGER,                          -- the same by the outbox's own clock; null from before an update
    checksum INTEGER                            -- CRC-32 of all of it; null from before an update
  );
  CREATE TABLE IF NOT EXISTS rejected (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/** The outbox cannot be used and moving the file away would not help. The message says what to do. */
export class OutboxUnusableError extends Error {
  override name = 'OutboxUnusableError';
}

/** Whether an error says that the file itself is damaged. */
export function isCorruption(error: unknown): boolean {
  // node:sqlite refuses integers beyond 2^53, and we write none.
  return damage.has(sqliteCode(error)) || (error instanceof RangeError && 'code' in error);
}

/** SQLite's primary result code of an error, or null when it is not one of SQLite's. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/**
 * Opens the outbox's file, or makes it (mode 0600). A damaged one is renamed to `<file>.corrupt-<time>` and a new one,
 * with an id of its own, takes its place.
 * @throws OutboxUnusableError when another process has it or the folder cannot be written.
 */
export function openOutboxFile(options: { file: string; now: () => number; log: Logger }): DatabaseSync {
  const { file, log } = options;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return openChecked(file);
  } catch (error) {
    if (sqliteCode(error) === sqliteBusy)
      throw new OutboxUnusableError(`${file} is in use by another agent`, { cause: error });
    if (!isCorruption(error) && !saysReadOnly(error, file))
      throw new OutboxUnusableError(`${file} cannot be opened: ${messageOf(error)}`, { cause: error });
    const aside = setAside(file, options.now());
    log.error({ file, aside, err: error }, 'the outbox was damaged and was set aside; a new one is made');
  }
  return openChecked(file);
}

function openChecked(file: string): DatabaseSync {
  // SQLite would take it for a new one, and delete the log beside it.
  if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0)
    throw new CorruptOutboxError('the file is empty, the log beside it is not');
  const database = new DatabaseSync(file, { timeout: 2000 });
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 5000000;
    `);
    if (sizeOf(file) <= checkedBytes) check(database);
    database.exec('BEGIN IMMEDIATE');
    database.exec(schema);
    addColumns(database);
    database.prepare(`INSERT OR IGNORE INTO facts VALUES ('id', ?)`).run(randomUUID());
    database.exec('COMMIT');
    chmodSync(file, 0o600);
    reserve(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws CorruptOutboxError for what quick_check finds: it tells damage as rows, not as an error. */
function check(database: DatabaseSync): void {
  const findings = database.prepare('PRAGMA quick_check(1)').get();
  const finding = findings ? Object.values(findings)[0] : 'no answer';
  if (finding !== 'ok') throw new CorruptOutboxError(String(finding));
}

/** To an outbox from before an update. */
function addColumns(database: DatabaseSync): void {
  const columns = database.prepare('PRAGMA table_info(batches)').all();
  const names = new Set(columns.map(({ name }) => name));
  for (const name of ['age_clock', 'checksum'])
    if (!names.has(name)) database.exec(`ALTER TABLE batches ADD COLUMN ${name} INTEGER`);
}

/** A flipped bit in the header makes SQLite take a file for read-only that may well be written. */
function saysReadOnly(error: unknown, file: string): boolean {
  if (sqliteCode(error) !== sqliteReadOnly) return false;
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Writes and frees as much as the reserve is, so that the file and the log beside it have that space already. */
function reserve(database: DatabaseSync): void {
  try {
    database.exec('DROP TABLE IF EXISTS reserve');
    database.exec(`CREATE TABLE reserve AS SELECT zeroblob(${reservePages * pageBytes}) AS space`);
    // Pages that are freed before a checkpoint are never written: they would be a hole without space on the disk.
    database.exec('PRAGMA wal_checkpoint(RESTART)');
    database.exec('DROP TABLE reserve');
  } catch (error) {
    // A disk that is full already: the outbox works as long as it can.
    if (sqliteCode(error) !== sqliteFull) throw error;
  }
}

/** Damage that SQLite did not call by that name; looks like one of its errors. */
export class CorruptOutboxError extends Error {
  override name = 'CorruptOutboxError';
  readonly errcode = sqliteCorrupt;
}

/** Renames the file and what belongs to it; returns the new name. */
export function setAside(file: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  let aside = `${file}.corrupt-${stamp}`;
  for (let n = 2; existsSync(aside); n++) aside = `${file}.corrupt-${stamp}-${n}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  for (const old of filesAside(file).slice(0, -keptAside))
    for (const suffix of ['', '-wal', '-shm']) rmSync(old + suffix, { force: true });
  return aside;
}

/** The damaged files that lie beside the outbox's, oldest first. */
export function filesAside(file: string): string[] {
  const beginning = `${basename(file)}.corrupt-`;
  const names = readdirSync(dirname(file)).filter(
    (name) => name.startsWith(beginning) && !/-(wal|shm)$/.test(name),
  );
  return names.sort().map((name) => join(dirname(file), name));
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
