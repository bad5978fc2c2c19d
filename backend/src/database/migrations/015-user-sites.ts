import type { Kysely } from 'kysely';

/** Accounts that are limited to sites. See access/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('every_site', 'integer', (c) => c.notNull().defaultTo(1))
    .execute();
  // No foreign key to the site: it may be deleted and come back by an undo. Nobody may see more because a site is gone.
  await db.schema
    .createTable('user_sites')
    .addColumn('user_id', 'integer', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('site_id', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('user_sites_key', ['user_id', 'site_id'])
    .execute();
}
