import type { PlannedChange } from '@rackhaus/config/contract';
import { mayActAs } from '../../access/admit.ts';
import type { Change } from '../../history/change.ts';
import type { Row } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { withCables } from './device-cables.ts';
import { withLabels } from './labels.ts';
import { itemsOf } from './load-world.ts';

/** Makes a draft. @returns its id */
export async function insertOrder(
  change: Change,
  title: string,
  notes: string | null,
  reversesId: number | null,
): Promise<number> {
  const [id = 0] = await change.insert('order', [
    {
      number: await nextNumber(change),
      title,
      notes: notes?.trim() || null,
      state: 'draft',
      created_by: change.user.name,
      created_at: change.now,
      reverses_id: reversesId,
    },
  ]);
  return id;
}

/** "A-0001" and so on: one more than the highest. */
async function nextNumber(change: Change): Promise<string> {
  const rows = await change.tx.selectFrom('orders').select('number').execute();
  const highest = rows.reduce(
    (most, { number }) => Math.max(most, Number(/^A-(\d{1,9})$/.exec(number)?.[1] ?? 0)),
    0,
  );
  return `A-${String(highest + 1).padStart(4, '0')}`;
}

/** Behind all items that the order has. */
export async function nextRank(change: Change, orderId: number): Promise<number> {
  const { most } = await change.tx
    .selectFrom('order_items')
    .select((e) => e.fn.max('rank').as('most'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return most === null ? 0 : most + 1;
}

/** Writes items in their order; `linkIds`: cables that are to come back as themselves. */
export async function insertItems(
  change: Change,
  orderId: number,
  rank: number,
  items: readonly PlannedChange[],
  linkIds: readonly (number | null)[] = [],
): Promise<void> {
  await change.insert(
    'order-item',
    items.map((item, index) => ({
      order_id: orderId,
      rank: rank + index,
      change: JSON.stringify(item),
      link_id: linkIds[index] ?? null,
    })),
  );
}

/** Items with what goes along with them, and cables with their labels. */
export async function complete(
  change: Change,
  orderId: number,
  items: readonly PlannedChange[],
): Promise<PlannedChange[]> {
  const present = (await itemsOf(change.tx, [orderId])).get(orderId) ?? [];
  return withLabels(change.tx, await withCables(change.tx, present, items));
}

/** @throws AppError not-found for an item of another order */
export async function itemOfOrder(change: Change, orderId: number, itemId: number): Promise<void> {
  const item = await change.find('order-item', itemId);
  if (item?.order_id !== orderId)
    throw new AppError('not-found', `There is no item ${itemId} in this order.`, undefined, {
      reason: 'gone',
    });
}

/** Columns that say who carries an order out. @throws AppError invalid for who could not */
export async function assignee(change: Change, userId: number | null): Promise<Row> {
  if (userId === null) return { assignee_id: null, assignee: null };
  const user = await change.tx
    .selectFrom('users')
    .select(['name', 'role', 'disabled'])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (user === undefined || user.disabled === 1 || !mayActAs(user.role, 'technician'))
    throw new AppError('invalid', `assigneeId: there is no user ${userId} who could carry it out.`, [
      { path: 'assigneeId', message: 'must be a technician or an administrator' },
    ]);
  return { assignee_id: userId, assignee: user.name };
}
