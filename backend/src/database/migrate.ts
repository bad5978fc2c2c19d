import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Database } from './tables.ts';

/**
 * Runs the migrations that this database has not seen, all in one transaction: either all of them or none.
 * @returns the names of those that ran.
 * @throws Error when one fails, or when the database was written by a newer version of the program.
 */
export async function migrate(db: Database): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  // A migration that replaces a table must not take what refers to it along; whether all references hold is looked at after.
  await sql`pragma foreign_keys = off`.execute(db);
  const { error, results } = await migrator.migrateToLatest().finally(() => restore(db));
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName;
    const message = error instanceof Error ? error.message : String(error);
    const newer = /previously executed migration (\S+) is missing/.exec(message)?.[1];
    throw new Error(
      newer !== undefined
        ? `The database has been written by a newer version of Rackhaus (it knows "${newer}"). Please start that version, or restore a backup.`
        : `Bringing the database up to date failed${failed === undefined ? '' : ` in "${failed}"`}: ${message}`,
      { cause: error },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}

async function restore(db: Database): Promise<void> {
  await sql`pragma foreign_keys = on`.execute(db);
  const { rows } = await sql<{ table: string }>`pragma foreign_key_check`.execute(db);
  if (rows.length > 0)
    throw new Error(
      `The database holds ${rows.length} references to rows that are not there, the first in "${rows[0]?.table}". Please restore a backup.`,
    );
}
