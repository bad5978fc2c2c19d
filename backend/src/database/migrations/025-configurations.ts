import type { Kysely } from 'kysely';

/** With which logins configurations are read, how that stands for each device, and what was read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shell_logins')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('old_algorithms', 'integer', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .addColumn('handed_to', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('shell_login_rules')
    .addColumn('login_id', 'integer', (c) => c.notNull().references('shell_logins.id').onDelete('cascade'))
    .addColumn('site_id', 'integer', (c) => c.references('sites.id').onDelete('cascade'))
    .addColumn('role', 'text')
    .execute();
  await db.schema
    .createTable('configuration_devices')
    .addColumn('device_id', 'integer', (c) => c.primaryKey())
    .addColumn('active', 'integer', (c) => c.notNull())
    .addColumn('login_id', 'integer', (c) => c.references('shell_logins.id').onDelete('set null'))
    .addColumn('port', 'integer', (c) => c.notNull())
    .addColumn('host_keys', 'text', (c) => c.notNull())
    .addColumn('host_keys_at', 'bigint')
    .addColumn('offered_keys', 'text', (c) => c.notNull())
    .addColumn('tried_at', 'bigint')
    .addColumn('outcome', 'text')
    .addColumn('detail', 'text')
    .addColumn('read_at', 'bigint')
    .addColumn('failing_since', 'bigint')
    .execute();
  await db.schema
    .createTable('configuration_versions')
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('device_id', 'integer', (c) => c.notNull())
    .addColumn('profile', 'text', (c) => c.notNull())
    .addColumn('taken_at', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', 'bigint', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('print', 'text', (c) => c.notNull())
    .addColumn('lines', 'integer', (c) => c.notNull())
    .addColumn('added', 'integer', (c) => c.notNull())
    .addColumn('removed', 'integer', (c) => c.notNull())
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('covering', 'text')
    .addColumn('reviewed_at', 'bigint')
    .addColumn('reviewed_by', 'text')
    .execute();
  await db.schema
    .createIndex('configuration_versions_of')
    .on('configuration_versions')
    .columns(['device_id', 'id'])
    .execute();
  await db.schema
    .createTable('configuration_settings')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .execute();
}
