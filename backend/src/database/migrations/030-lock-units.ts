import type { Kysely } from 'kysely';

/** Which of several units behind one address an outlet belonged to when it was locked: its number may be another's later. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('outlet_locks').addColumn('unit', 'text').execute();
}
