import type { Kysely } from 'kysely';

/** Networks to which this server may connect although they are not public. See outgoing/tables.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('outgoing_networks')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('network', 'text', (c) => c.notNull().unique())
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .execute();
}
