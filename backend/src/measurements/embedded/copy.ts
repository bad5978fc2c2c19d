import { chmodSync, closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';

/** Pages that are copied at once: a few milliseconds, during which the database waits. */
const pagesAtOnce = 256;
/** More than there are. */
const allPages = 0x7fffffff;

/**
 * Copies a database that is in use into one file, as it is at one moment; what is there already is replaced once the copy is whole. It is
 * done in steps; writes go on meanwhile.
 * @throws when the file cannot be written; then nothing is left of the copy.
 */
export async function copyDatabase(database: DatabaseSync, file: string, pages = pagesAtOnce): Promise<void> {
  const part = `${file}.part`;
  rmSync(part, { force: true });
  try {
    closeSync(openSync(part, 'wx', 0o600));
    await backup(database, part, { rate: pages });
    const copy = new DatabaseSync(part);
    try {
      // One file, without a log beside it.
      copy.exec('PRAGMA journal_mode = DELETE');
    } finally {
      copy.close();
    }
    chmodSync(part, 0o600);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * Copies a file from another process than the one that writes it, at one go: in steps, SQLite would begin anew after each write of the
 * other. Writes go on meanwhile. @throws when there is no such file, or the copy cannot be written
 */
export async function copyFile(file: string, target: string): Promise<void> {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    await copyDatabase(database, target, allPages);
  } finally {
    database.close();
  }
}
