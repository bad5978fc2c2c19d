import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';

/** Primary result codes of SQLite (sqlite3.h). */
const sqliteBusy = 5;
const sqliteCorrupt = 11;
const sqliteFull = 13;
const sqliteNotADatabase = 26;

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
    body BLOB NOT NULL                          -- gzip
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

/** Whether SQLite says that the file itself is damaged. */
export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === sqliteCorrupt || code === sqliteNotADatabase;
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
    if (!isCorruption(error))
      throw new OutboxUnusableError(`${file} cannot be opened: ${messageOf(error)}`, { cause: error });
    const aside = setAside(file, options.now());
    log.error({ file, aside, err: error }, 'the outbox was damaged and was set aside; a new one is made');
  }
  return openChecked(file);
}

function openChecked(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 2000 });
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 5000000;
    `);
    const findings = database.prepare('PRAGMA quick_check(1)').get();
    const finding = findings ? Object.values(findings)[0] : 'no answer';
    if (finding !== 'ok') throw new CorruptOutboxError(String(finding));
    database.exec('BEGIN IMMEDIATE');
    database.exec(schema);
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

/** quick_check reports damage as rows, not as an error: make it look like one. */
class CorruptOutboxError extends Error {
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
  return aside;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
