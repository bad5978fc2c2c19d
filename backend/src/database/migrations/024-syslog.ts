import type { Kysely } from 'kysely';

/** How long messages of devices are kept; the messages are in a file of their own. See syslog/. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('syslog_settings')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('days', 'integer', (c) => c.notNull())
    .addColumn('megabytes', 'integer', (c) => c.notNull())
    .execute();
}
