import type { Kysely } from 'kysely';

/** Who was seen behind which port, the newest of each device. See monitoring/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sightings')
    .addColumn('device_id', 'integer', (c) => c.primaryKey())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('sightings', 'text', (c) => c.notNull())
    .execute();
}
