import type { Kysely } from 'kysely';

/** Who has ever changed something, without looking at every change. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('changes_by_user').on('changes').columns(['user_name', 'id']).execute();
}
