import type { Kysely } from 'kysely';

/** Agents of sites, standbys, and who was responsible when. See monitoring/tables.ts and access/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('agents')
    .addColumn('standby_agent_id', 'integer', (c) => c.references('agents.id').onDelete('set null'))
    .execute();
  // No foreign key to the site: it may be deleted and come back by an undo.
  await db.schema
    .createTable('agent_sites')
    .addColumn('site_id', 'integer', (c) => c.primaryKey())
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .execute();
  await db.schema
    .createTable('device_leases')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('device_id', 'integer', (c) => c.notNull())
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .addColumn('begins', 'bigint', (c) => c.notNull())
    .addColumn('ends', 'bigint')
    .execute();
  await db.schema
    .createIndex('device_leases_device')
    .on('device_leases')
    .columns(['device_id', 'begins'])
    .execute();
  await db.schema
    .createTable('stand_ins')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .addColumn('by_agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .addColumn('begins', 'bigint', (c) => c.notNull())
    .addColumn('ends', 'bigint')
    .execute();
}
