import { sql } from 'kysely';
import { allWithin } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { optionWord } from '../../inventory/api/export-words.ts';
import { within } from '../../inventory/api/within.ts';
import type { Place } from './place.ts';
import type { Sheet, SheetRequest } from './sheet.ts';

const dayMs = 86_400_000;

/** Orders that are not over and have been open for longer than `weeks`, the oldest first. */
export async function undocumentedSheet({
  db,
  place,
  reach,
  names,
  choice,
  now,
}: SheetRequest): Promise<Sheet> {
  const limit = now - choice.weeks * 7 * dayMs;
  const inside = await ordersWithin(db, place);
  const own = reach === null ? null : await allWithin(db, 'order', reach);
  const orders = await db
    .selectFrom('orders')
    .select(['id', 'number', 'title', 'state', 'assignee', 'created_by', 'created_at'])
    .where('state', 'in', ['draft', 'submitted', 'approved', 'working'])
    .where('created_at', '<', limit)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const steps = await stepsOf(db);
  return {
    columns: ['number', 'title', 'status', 'assignee', 'since', 'days', 'steps'],
    groupBy: null,
    rows: orders
      .filter(({ id }) => (inside === null || inside.has(id)) && (own === null || own.has(id)))
      .map((order) => {
        const { done, total } = steps.get(order.id) ?? { done: 0, total: 0 };
        const since = order.created_at ?? now;
        return {
          key: `order-${order.id}`,
          about: { kind: 'order', id: order.id },
          cells: {
            number: order.number,
            title: order.title,
            status: optionWord('order', 'state', order.state, names.language),
            assignee: order.assignee ?? order.created_by ?? '',
            since: { day: new Date(since).toISOString().slice(0, 10) },
            days: Math.floor((now - since) / dayMs),
            steps: total === 0 ? '' : names.words.steps(done, total),
          },
        };
      }),
  };
}

/** Orders with a step at a port or a device of the place; null for all. */
async function ordersWithin(db: Database, place: Place | null): Promise<Set<number> | null> {
  if (place === null) return null;
  const port = within('port', place.kind, place.id) ?? sql`1 = 0`;
  const device = within('device', place.kind, place.id) ?? sql`1 = 0`;
  const { rows } = await sql<{ order_id: number }>`
    select distinct order_id from order_steps
    where port_id in (select id from ports where ${port})
      or device_id in (select id from devices where ${device})`.execute(db);
  return new Set(rows.map((row) => row.order_id));
}

async function stepsOf(db: Database): Promise<Map<number, { done: number; total: number }>> {
  const { rows } = await sql<{ order_id: number; done: number; total: number }>`
    select order_id, sum(case when order_steps.state = 'open' then 0 else 1 end) as done, count(*) as total
    from order_steps join orders on orders.id = order_steps.order_id
    where orders.state in ('draft', 'submitted', 'approved', 'working')
    group by order_id`.execute(db);
  return new Map(rows.map((row) => [row.order_id, { done: Number(row.done), total: Number(row.total) }]));
}
