import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { migrate } from './migrate.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import type { Database, Tables } from './tables.ts';

/**
 * Opens the database file, making it where it is missing, and brings its schema up to date.
 *
 * There is one connection: queries and transactions run one after the other, in the order of asking. Inside
 * `db.transaction().execute(async (tx) => …)` use `tx` only; the outer `db` would wait for the transaction to end and is
 * refused after `waitMs` (a minute: an import of a whole district is one transaction). End with `db.destroy()`.
 * @throws when the file cannot be opened or was written by a newer version.
 */
export async function openDatabase(file: string, options: { waitMs?: number } = {}): Promise<Database> {
  if (file !== ':memory:') await makePrivate(file);
  const db = new Kysely<Tables>({
    dialect: new NodeSqliteDialect({ file, waitMs: options.waitMs ?? 60_000 }),
  });
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** It holds password hashes and sealed secrets. SQLite gives the files that it keeps beside it the same mode. */
async function makePrivate(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a', 0o600);
  await handle.chmod(0o600);
  await handle.close();
}
