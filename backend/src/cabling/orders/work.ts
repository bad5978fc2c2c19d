import type { OrderStep, Worklist } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { itemsOf, loadWorld } from './load-world.ts';
import { plan } from './plan.ts';
import { storedSteps } from './step-rows.ts';
import { type Shown, show } from './step-views.ts';
import type { ItemRow } from './world.ts';

/** The steps of an order that is carried out. `only`: those of the item to which this step belongs. */
export async function viewSteps(
  db: Database,
  orderId: number,
  items: readonly ItemRow[],
  only: number | null = null,
): Promise<Shown> {
  const all = (await storedSteps(db, [orderId])).get(orderId) ?? [];
  const itemId = all.find((step) => step.id === only)?.itemId;
  // Where a device goes says where its cables are plugged in.
  const own = only === null ? items : items.filter((item) => item.id === itemId || !isOfCable(item));
  const world = await loadWorld(db, own);
  const ids = new Set(own.map(({ id }) => id));
  return show(db, {
    world,
    items: own,
    steps: all.filter((step) => ids.has(step.itemId)),
    planned: plan(world, own, []).items,
  });
}

const isOfCable = ({ change }: ItemRow) => change.action === 'add-link' || 'linkId' in change;

/** The orders that may be carried out, with all that a phone needs where there is no network. */
export async function worklist(
  db: Database,
  filter: { readonly assigneeId: number | null; readonly until: number | null },
  now: number,
): Promise<Worklist> {
  let query = db.selectFrom('orders').selectAll().where('state', 'in', ['approved', 'working']);
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
