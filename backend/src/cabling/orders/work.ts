import type { OrderStep, Worklist } from '@rackhaus/config/contract';
import { inReach, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { itemOf, itemsOf, loadWorld } from './load-world.ts';
import { plan } from './plan.ts';
import { storedSteps } from './step-rows.ts';
import { type Shown, show } from './step-views.ts';
import type { ItemRow } from './world.ts';

/** The steps of an order that is carried out; of all its items, or of those that are given. */
export async function viewSteps(db: Database, orderId: number, items: readonly ItemRow[]): Promise<Shown> {
  const ids = new Set(items.map(({ id }) => id));
  const steps = (await storedSteps(db, [orderId])).get(orderId) ?? [];
  const world = await loadWorld(db, items);
  return show(db, {
    world,
    items,
    steps: steps.filter((step) => ids.has(step.itemId)),
    planned: plan(world, items, []).items,
  });
}

/** One step; null: it is not of this order. */
export async function viewStep(db: Database, orderId: number, stepId: number): Promise<OrderStep | null> {
  // Where a device goes says where its cables are plugged in, so those items are looked at besides the step's own.
  const rows = await db
    .selectFrom('order_items')
    .select(['id', 'change', 'link_id'])
    .where('order_id', '=', orderId)
    .where((e) =>
      e.or([
        e('id', 'in', e.selectFrom('order_steps').select('item_id').where('order_steps.id', '=', stepId)),
        e('change', 'like', '%"action":"%-device"%'),
      ]),
    )
    .orderBy('rank')
    .orderBy('id')
    .execute();
  const { steps } = await viewSteps(db, orderId, rows.map(itemOf));
  return steps.find(({ id }) => id === stepId) ?? null;
}

/** The orders that may be carried out, with all that a phone needs where there is no network. */
export async function worklist(
  db: Database,
  filter: { readonly assigneeId: number | null; readonly until: number | null },
  now: number,
  reach: Reach | null = null,
): Promise<Worklist> {
  let query = db.selectFrom('orders').selectAll().where('state', 'in', ['approved', 'working']);
  if (reach !== null) query = query.where(inReach('order', reach));
  if (filter.assigneeId !== null) query = query.where('assignee_id', '=', filter.assigneeId);
  const { until } = filter;
  if (until !== null)
    query = query.where((e) => e.or([e('scheduled_from', 'is', null), e('scheduled_from', '<=', until)]));
  const orders = await query.orderBy('scheduled_from').orderBy('id').execute();
  const items = await itemsOf(
    db,
    orders.map(({ id }) => id),
  );
  const list: Worklist = { time: now, orders: [], ports: [], cables: [] };
  const ports = new Map<number, Worklist['ports'][number]>();
  const cables = new Map<number, Worklist['cables'][number]>();
  for (const order of orders) {
    const shown = await viewSteps(db, order.id, items.get(order.id) ?? []);
    list.orders.push({
      id: order.id,
      number: order.number,
      title: order.title,
      notes: order.notes,
      scheduledFrom: order.scheduled_from,
      scheduledUntil: order.scheduled_until,
      steps: [...shown.steps] satisfies OrderStep[],
    });
    for (const [id, card] of shown.ports) ports.set(id, card);
    for (const [id, card] of shown.cables) cables.set(id, card);
  }
  return { ...list, ports: [...ports.values()], cables: [...cables.values()] };
}
