import type { Kysely } from 'kysely';

/**
 * In which sites the record of an event was before it and is after it, as JSON ("[2]"; "[]": in none), and which changes touched a
 * site. What was written down before this is not known to be anywhere: accounts for some sites are not shown it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('change_events').addColumn('before_sites', 'text').execute();
  await db.schema.alterTable('change_events').addColumn('after_sites', 'text').execute();
  await db.schema
    .createTable('change_sites')
    .addColumn('site_id', 'integer', (c) => c.notNull())
    .addColumn('change_id', 'integer', (c) => c.notNull().references('changes.id'))
    .addPrimaryKeyConstraint('change_sites_key', ['site_id', 'change_id'])
    .execute();
}
