import type { Kysely } from 'kysely';

/** What was observed of cables, apart from what is documented: connections seen, links up and down, proofs, and what differs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('seen_links')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('far_device_id', 'integer')
    .addColumn('far_port_id', 'integer')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('first_seen', 'bigint', (c) => c.notNull())
    .addColumn('last_seen', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('seen_links_once', ['port_id', 'source', 'text'])
    .execute();
  await db.schema.createIndex('seen_links_by_last_seen').on('seen_links').column('last_seen').execute();
  await db.schema
    .createTable('seen_port_states')
    .addColumn('port_id', 'integer', (c) => c.primaryKey().references('ports.id').onDelete('cascade'))
    .addColumn('up', 'integer', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('cable_proofs')
    .addColumn('link_id', 'integer', (c) => c.primaryKey().references('links.id').onDelete('cascade'))
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('source', 'text')
    .addColumn('by', 'text')
    .execute();
  await db.schema
    .createTable('drift_findings')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('port_id', 'integer', (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('documented_id', 'integer')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('observed_port_id', 'integer')
    .addColumn('observed_device_id', 'integer')
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('last_seen', 'bigint', (c) => c.notNull())
    .addColumn('ignored_until', 'bigint')
    .addColumn('ignored_reason', 'text')
    .addColumn('ignored_by', 'text')
    .execute();
  await db.schema.createIndex('drift_findings_by_port').on('drift_findings').column('port_id').execute();
  await db.schema.createIndex('drift_findings_by_state').on('drift_findings').column('state').execute();
}
