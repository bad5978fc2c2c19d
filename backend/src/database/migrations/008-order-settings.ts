import type { Kysely } from 'kysely';

/** One row: whether an order has to be approved by an administrator before it is carried out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('order_settings')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('approval', 'integer', (c) => c.notNull())
    .execute();
}
