import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isDamage } from '../measurements/embedded/database.ts';

const schemaVersion = 1;

/** Messages that one millisecond has room for: an id is its millisecond times this, and a number. */
export const perMs = 1024;
export const hourMs = 3_600_000;

/**
 * `message.id` begins with the time of receipt, so that order, spans of time and what expires are ranges of the key, and nothing else
 * needs an index. `words` finds the rest: what is written, and in `mark` the device (`d12`, or `u` for none) and severity (`s3`).
 * It keeps no copy of the text. `tally` is what the bars are drawn from. `batch` is what has come, for repeats.
 */
const tables = `
  CREATE TABLE message (
    id INTEGER PRIMARY KEY, device INTEGER, severity INTEGER, facility INTEGER, sender TEXT NOT NULL, host TEXT, app TEXT,
    process TEXT, mnemonic TEXT, device_time INTEGER, text TEXT NOT NULL, data TEXT, dropped INTEGER
  ) STRICT;
  CREATE VIRTUAL TABLE words USING fts5(
    text, mark, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
  );
  CREATE TABLE tally (
    hour INTEGER NOT NULL, device INTEGER NOT NULL, severity INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (hour, device, severity)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE box (id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (agent, name)) STRICT;
  CREATE TABLE batch (
    box INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (box, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

/** Opens the file of messages, or makes it. A damaged one is put aside as `<file>.damaged-<time>` and a new one begun. */
export function openMessages(file: string, now: number, log: (message: string) => void): DatabaseSync {
  try {
    return open(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = `${file}.damaged-${now}`;
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    log(`the file of messages was damaged; it is now ${aside}, and a new one has been begun`);
    return open(file);
  }
}

/** Opens it for reading beside the thread that writes. @throws when it is not there */
export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  database.exec('PRAGMA cache_size = -32000; PRAGMA mmap_size = 268435456;');
  return database;
}

function open(file: string): DatabaseSync {
  // Who signed in where can be read from it. SQLite gives the files beside it the same mode.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    // FULL with WAL: what is acknowledged survives a power cut.
    database.exec(`
      PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32000;
    `);
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) {
      database.exec('BEGIN IMMEDIATE');
      database.exec(tables);
      database.exec('COMMIT');
    } else if (version !== schemaVersion)
      throw new Error(`${file} has version ${version}; this Rackhaus knows version ${schemaVersion}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
