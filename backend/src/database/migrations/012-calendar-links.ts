import type { Kysely } from 'kysely';

/** Addresses of iCal feeds of who is on call. No foreign key to the rota: it may be deleted and come back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('calendar_links')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('rota_id', 'integer', (c) => c.notNull())
    .addColumn('user_id', 'integer', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('mine', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('calendar_links_once', ['rota_id', 'user_id', 'mine'])
    .execute();
}
