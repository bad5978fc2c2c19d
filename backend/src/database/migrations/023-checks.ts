import type { Kysely } from 'kysely';

/** What is asked of devices otherwise than by SNMP. See config/contract/check-settings.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('checks')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('version', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('device_id', 'integer', (c) => c.notNull().references('devices.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('service_id', 'integer', (c) => c.references('services.id'))
    .addColumn('active', 'integer', (c) => c.notNull())
    .addColumn('interval_seconds', 'real', (c) => c.notNull())
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('notes', 'text')
    .addColumn('sealed', 'text')
    .addUniqueConstraint('checks_device_id_name', ['device_id', 'name'])
    .execute();
  await db.schema
    .createTable('check_observations')
    .addColumn('device_id', 'integer', (c) => c.primaryKey())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('observation', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('checks_service').on('checks').column('service_id').execute();
}
