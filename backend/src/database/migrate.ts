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
  const { error, results } = await migrator.migrateToLatest();
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
