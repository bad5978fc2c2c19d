import type { Kysely } from 'kysely';

/** Which severe messages of devices are waited with or reported: kept over a restart. See syslog/severe-messages.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('syslog_severe')
    .addColumn('device_id', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('last', 'bigint', (c) => c.notNull())
    .addColumn('due', 'bigint', (c) => c.notNull())
    .addColumn('reported_at', 'bigint')
    .addPrimaryKeyConstraint('syslog_severe_key', ['device_id', 'text'])
    .execute();
}
