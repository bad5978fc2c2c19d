import type { Kysely } from 'kysely';

/** Who may switch outlets, with which credentials, which are locked, and what was switched. See switching/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Nobody has it: not those who have an account already, and not administrators.
  await db.schema
    .alterTable('users')
    .addColumn('may_switch', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('api_tokens')
    .addColumn('may_switch', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('switch_credentials')
    .addColumn('device_id', 'integer', (c) => c.primaryKey().references('devices.id').onDelete('cascade'))
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('set_at', 'bigint', (c) => c.notNull())
    .addColumn('set_by', 'text', (c) => c.notNull())
    .addColumn('handed_to', 'text', (c) => c.notNull())
    .addColumn('for_address', 'text')
    .execute();
  await db.schema
    .createTable('outlet_locks')
    .addColumn('device_id', 'integer', (c) => c.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('outlet', 'text', (c) => c.notNull())
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('locked_by', 'text', (c) => c.notNull())
    .addColumn('locked_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('outlet_locks_key', ['device_id', 'outlet'])
    .execute();
  // Without references: what was done stays when the device or the person is gone.
  await db.schema
    .createTable('switchings')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('device_id', 'integer', (c) => c.notNull())
    .addColumn('device_name', 'text', (c) => c.notNull())
    .addColumn('outlet', 'text', (c) => c.notNull())
    .addColumn('command', 'text', (c) => c.notNull())
    .addColumn('user_id', 'integer', (c) => c.notNull())
    .addColumn('by_kind', 'text', (c) => c.notNull())
    .addColumn('by_id', 'integer')
    .addColumn('by_name', 'text', (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('reason', 'text')
    .addColumn('affected', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('why', 'text')
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('detail', 'text')
    .execute();
  await db.schema.createIndex('switchings_of').on('switchings').columns(['device_id', 'at']).execute();
}
