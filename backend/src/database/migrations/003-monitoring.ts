import type { Kysely } from 'kysely';

/** What monitoring remembers over a restart; the measurements themselves are elsewhere. See monitoring/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accepted_batches')
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .addColumn('outbox', 'text', (c) => c.notNull())
    .addColumn('first', 'bigint', (c) => c.notNull())
    .addColumn('last', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('accepted_batches_key', ['agent_id', 'outbox', 'first'])
    .execute();
  await db.schema
    .createTable('agent_contacts')
    .addColumn('agent_id', 'integer', (c) => c.primaryKey().references('agents.id').onDelete('cascade'))
    .addColumn('last_seen', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('agent_devices')
    .addColumn('device_id', 'integer', (c) => c.primaryKey())
    .addColumn('agent_id', 'integer', (c) => c.notNull().references('agents.id').onDelete('cascade'))
    .execute();
  await db.schema
    .createTable('observations')
    .addColumn('device_id', 'integer', (c) => c.primaryKey())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('observation', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('beginnings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .execute();
}
