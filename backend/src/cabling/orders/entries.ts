import type { OrderEntry, OrderList, OrderState } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { inReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';

const dayMs = 24 * 3600 * 1000;

/** What of an order's row a list shows. */
interface OrderRow {
  readonly id: number;
  readonly version: number;
  readonly number: string;
  readonly title: string;
  readonly state: OrderState;
  readonly created_by: string | null;
  readonly created_at: number | null;
  readonly assignee_id: number | null;
  readonly assignee: string | null;
  readonly scheduled_from: number | null;
  readonly scheduled_until: number | null;
  readonly decided_at: number | null;
}

export interface OrderFilter {
  readonly states: readonly OrderState[];
  readonly text: string;
  /** Assigned to this user; null: to anybody. */
  readonly assigneeId: number | null;
  readonly page: number;
  readonly size: number;
}

/** Orders, those made last first; `reach`: those that change only what is in these sites. */
export async function listOrders(
  db: Database,
  filter: OrderFilter,
  now: number,
  reach: Reach | null = null,
): Promise<OrderList> {
  let query = db.selectFrom('orders');
  if (reach !== null) query = query.where(inReach('order', reach));
  if (filter.states.length > 0) query = query.where('state', 'in', filter.states);
  if (filter.assigneeId !== null) query = query.where('assignee_id', '=', filter.assigneeId);
  for (const word of filter.text.split(/\s+/).filter(Boolean)) {
    const pattern = `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where(
      sql<boolean>`(number like ${pattern} escape '\\' or title like ${pattern} escape '\\' or assignee like ${pattern} escape '\\')`,
    );
  }
  const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await query
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.size)
    .offset((filter.page - 1) * filter.size)
    .execute();
  return { total, orders: await orderEntries(db, rows, now) };
}

/** Orders with how far they are. */
export async function orderEntries(
  db: Database,
  rows: readonly OrderRow[],
  now: number,
): Promise<OrderEntry[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const items = await db
    .selectFrom('order_items')
    .select(['order_id', (e) => e.fn.countAll<number>().as('count')])
    .where('order_id', 'in', ids)
    .groupBy('order_id')
    .execute();
  const steps = await db
    .selectFrom('order_steps')
    .select(['order_id', 'state', (e) => e.fn.countAll<number>().as('count')])
    .where('order_id', 'in', ids)
    .groupBy(['order_id', 'state'])
    .execute();
  const itemCounts = new Map(items.map((row) => [row.order_id, row.count]));
  const stepCounts = Map.groupBy(steps, (row) => row.order_id);
  return rows.map((row) => {
    const own = stepCounts.get(row.id) ?? [];
    const of = (state: string) => own.find((each) => each.state === state)?.count ?? 0;
    return {
      id: row.id,
      version: row.version,
      number: row.number,
      title: row.title,
      state: row.state,
      createdBy: row.created_by,
      createdAt: row.created_at,
      assigneeId: row.assignee_id,
      assignee: row.assignee,
      scheduledFrom: row.scheduled_from,
      scheduledUntil: row.scheduled_until,
      items: itemCounts.get(row.id) ?? 0,
      steps: {
        total: own.reduce((sum, each) => sum + each.count, 0),
        done: of('done'),
        impossible: of('impossible'),
      },
      overdueDays: overdueDays(row, now),
    };
  });
}

/** Whole days since an order should have been over, or (not scheduled) since it was approved; 0 for one that is not to be carried out. */
export function overdueDays(
  order: Pick<OrderRow, 'state' | 'scheduled_from' | 'scheduled_until' | 'decided_at'>,
  now: number,
): number {
  if (order.state !== 'approved' && order.state !== 'working') return 0;
  const due = order.scheduled_until ?? order.scheduled_from ?? order.decided_at;
  return due === null ? 0 : Math.max(0, Math.floor((now - due) / dayMs));
}
