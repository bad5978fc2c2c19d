import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type KeyRing, newKey, openKeyRing, ringOf, writeKeyRing } from './key-ring.ts';
import { type SealedColumn, sealedColumns } from './sealed-columns.ts';
import { type SecretBox, sealedText, secretBoxOf } from './secret-box.ts';

/** Steps after which somebody may pull the plug: whatever is on disk then opens. */
export type RotationStep = 'began' | 'both keys' | 'sealed' | 'committed' | 'done';

const busyMs = 1000;

/**
 * Replaces the key of the secrets: all that is sealed is sealed anew with a new key, in one transaction, and the old key is
 * thrown away. The new key is on disk before anything is sealed with it, and the old one goes only when nothing needs it; an
 * interrupted rotation leaves both, and the next one puts that in order.
 * @returns how many texts were sealed anew
 * @throws Error when the server is running, or when something cannot be opened; then nothing has changed
 */
export async function rotateKey(options: {
  database: string;
  keyFile: string;
  columns?: readonly SealedColumn[];
  /** For tests. */
  reached?: (step: RotationStep) => void;
}): Promise<number> {
  const { database, keyFile, columns = sealedColumns, reached = () => undefined } = options;
  if (!existsSync(database)) throw new Error(`There is no database ${database}.`);
  const db = openAlone(database);
  try {
    reached('began');
    const old = await openKeyRing(keyFile);
    const made = newKey();
    const both: KeyRing = { current: made.id, keys: new Map([...old.keys, [made.id, made.key]]) };
    await writeKeyRing(keyFile, both);
    reached('both keys');
    let count: number;
    try {
      count = sealAnew(db, columns, secretBoxOf(both, keyFile), secretBoxOf(ringOf(made), keyFile));
    } catch (error) {
      db.exec('rollback');
      await writeKeyRing(keyFile, old);
      throw error;
    }
    reached('sealed');
    db.exec('commit');
    reached('committed');
    // What was sealed with the old key must not lie about in free pages: whoever has that key could open it there.
    db.exec('vacuum');
    db.exec('pragma wal_checkpoint(truncate)');
    await writeKeyRing(keyFile, ringOf(made));
    reached('done');
    return count;
  } finally {
    db.close();
  }
}

/** The only one that has the database open: a server that runs would go on sealing with the old key. */
function openAlone(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: busyMs });
  try {
    // Before anything is read: then SQLite locks the file itself, which fails while anybody has it open.
    db.exec('pragma locking_mode = exclusive');
    db.exec('begin exclusive');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Error && /locked|busy/i.test(error.message))
      throw new Error('The server is running. Please stop it first; then do this again.', { cause: error });
    throw error;
  }
}

const Row = z.object({ key: z.union([z.string(), z.number()]), text: z.string() });

function sealAnew(
  db: DatabaseSync,
  columns: readonly SealedColumn[],
  from: SecretBox,
  to: SecretBox,
): number {
  let count = 0;
  for (const { table, column, holds } of columns) {
    if (!hasColumn(db, table, column)) continue;
    // Names come from the list in this program, and rowid names a row of every table that we make.
    const rows = db
      .prepare(`select rowid as key, "${column}" as text from "${table}" where "${column}" like '%v_.%'`)
      .all()
      .map((row) => Row.parse(row));
    const update = db.prepare(`update "${table}" set "${column}" = ? where rowid = ?`);
    for (const { key, text } of rows) {
      const place = `${table}.${column}, row ${key}`;
      const next =
        holds === 'part'
          ? text.replace(sealedText, (sealed) => anew(sealed, from, to, place))
          : anew(text, from, to, place);
      if (next === text) continue;
      update.run(next, key);
      count += 1;
    }
  }
  return count;
}

function anew(sealed: string, from: SecretBox, to: SecretBox, place: string): string {
  try {
    return to.seal(from.open(sealed));
  } catch (error) {
    throw new Error(
      `The secret in ${place} cannot be opened with the key that is there, so nothing was changed. Please enter that secret anew, or restore the key that it was sealed with.`,
      { cause: error },
    );
  }
}

function hasColumn(db: DatabaseSync, table: string, column: string): boolean {
  return db.prepare('select 1 from pragma_table_info(?) where name = ?').get(table, column) !== undefined;
}
