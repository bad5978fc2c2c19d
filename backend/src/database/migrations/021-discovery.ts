import type { Kysely } from 'kysely';

/** What is looked through for devices, each time that it was done, and what was found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('discovery_scans')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('networks', 'text', (c) => c.notNull())
    .addColumn('exclude', 'text', (c) => c.notNull())
    .addColumn('credential_ids', 'text', (c) => c.notNull())
    .addColumn('snmp_port', 'integer', (c) => c.notNull())
    .addColumn('agent_id', 'integer', (c) => c.references('agents.id').onDelete('set null'))
    .addColumn('neighbours', 'integer', (c) => c.notNull())
    .addColumn('per_second', 'integer', (c) => c.notNull())
    .addColumn('repeat', 'text', (c) => c.notNull())
    .addColumn('next_at', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('discovery_runs')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('scan_id', 'integer', (c) => c.notNull().references('discovery_scans.id').onDelete('cascade'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('started_by', 'text')
    .addColumn('agent_id', 'integer')
    .addColumn('agent_name', 'text')
    .addColumn('networks', 'text', (c) => c.notNull())
    .addColumn('exclude', 'text', (c) => c.notNull())
    .addColumn('snmp_port', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('phase', 'text', (c) => c.notNull())
    .addColumn('done', 'integer', (c) => c.notNull())
    .addColumn('total', 'integer', (c) => c.notNull())
    .addColumn('found', 'integer', (c) => c.notNull())
    .addColumn('recognised', 'integer', (c) => c.notNull())
    .addColumn('problem', 'text')
    .addColumn('detail', 'text')
    .addColumn('attempt', 'text')
    .addColumn('last_number', 'integer', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('discovery_runs_by_scan')
    .on('discovery_runs')
    .columns(['scan_id', 'id'])
    .execute();
  await db.schema.createIndex('discovery_runs_by_state').on('discovery_runs').column('state').execute();
  await db.schema
    .createTable('discovery_found')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('address', 'text', (c) => c.notNull().unique())
    .addColumn('address_key', 'text', (c) => c.notNull())
    .addColumn('addresses', 'text', (c) => c.notNull())
    .addColumn('mac', 'text')
    .addColumn('ping_ms', 'real')
    .addColumn('host_name', 'text')
    .addColumn('credential_id', 'integer', (c) => c.references('credentials.id').onDelete('set null'))
    .addColumn('snmp_port', 'integer', (c) => c.notNull())
    .addColumn('tried', 'text', (c) => c.notNull())
    .addColumn('engine_id', 'text')
    .addColumn('serial', 'text')
    .addColumn('object_id', 'text')
    .addColumn('vendor', 'text')
    .addColumn('name', 'text')
    .addColumn('said', 'text')
    .addColumn('search', 'text', (c) => c.notNull())
    .addColumn('device_id', 'integer', (c) => c.references('devices.id').onDelete('set null'))
    .addColumn('known_by', 'text')
    .addColumn('ignored_reason', 'text')
    .addColumn('ignored_until', 'bigint')
    .addColumn('ignored_by', 'text')
    .addColumn('ignored_at', 'bigint')
    .addColumn('first_seen', 'bigint', (c) => c.notNull())
    .addColumn('last_seen', 'bigint', (c) => c.notNull())
    .addColumn('gone_since', 'bigint')
    .addColumn('scan_id', 'integer', (c) => c.references('discovery_scans.id').onDelete('set null'))
    .addColumn('run_id', 'integer')
    .execute();
  await db.schema.createIndex('discovery_found_by_key').on('discovery_found').column('address_key').execute();
  await db.schema
    .createIndex('discovery_found_by_device')
    .on('discovery_found')
    .column('device_id')
    .execute();
  await db.schema.createIndex('discovery_found_by_serial').on('discovery_found').column('serial').execute();
  await db.schema.createIndex('discovery_found_by_run').on('discovery_found').column('run_id').execute();
}
