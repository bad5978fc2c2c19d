import type { OrderSettings } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';

/** Whether orders need approval; they do until an administrator says otherwise. */
export async function readOrderSettings(db: Database): Promise<OrderSettings> {
  const row = await db.selectFrom('order_settings').select('approval').where('id', '=', 1).executeTakeFirst();
  return { approval: row === undefined || row.approval === 1 };
}

export async function writeOrderSettings(db: Database, settings: OrderSettings): Promise<void> {
  const approval = settings.approval ? 1 : 0;
  await db
    .insertInto('order_settings')
    .values({ id: 1, approval })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ approval }))
    .execute();
}
