import type { Problem } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';

/** Orders that somebody has been given and that are not over. */
export async function openOrdersOf(db: Database, userId: number): Promise<NonNullable<Problem['blocking']>> {
  const rows = await db
    .selectFrom('orders')
    .select(['id', 'number', 'title'])
    .where('assignee_id', '=', userId)
    .where('state', 'in', ['draft', 'submitted', 'approved', 'working'])
    .orderBy('id')
    .execute();
  return rows.map(({ id, number, title }) => ({ kind: 'order', id, name: `${number} ${title}` }));
}
