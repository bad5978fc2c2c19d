import type { Interrupted, OrderState, OrderView } from '@rackhaus/config/contract';
import { mayActAs } from '../../access/admit.ts';
import type { Database } from '../../database/tables.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { cableRemarks } from './cable-remarks.ts';
import { orderEntries } from './entries.ts';
import { itemsOf, loadWorld } from './load-world.ts';
import { type OtherOrder, plan, touches } from './plan.ts';
import { mayDo, openStates } from './states.ts';
import { plannedSteps, storedSteps } from './step-rows.ts';
import { show } from './step-views.ts';
import type { ItemRow, World } from './world.ts';

/** What an order interrupts while its cables are out, and what of it does not come back when it is done. */
export type InterruptedBy = (
  out: { readonly deviceIds: readonly number[]; readonly linkIds: readonly number[] },
  items: readonly ItemRow[],
) => Promise<Interrupted[]>;

/** Items of an order, what they come upon today, and what other orders do. */
export async function consider(db: Database, orderId: number, items: readonly ItemRow[]) {
  const others = await db
    .selectFrom('orders')
    .select(['id', 'number', 'title'])
    .where('state', 'in', openStates)
    .where('id', '!=', orderId)
    .execute();
  const otherItems = await itemsOf(
    db,
    others.map(({ id }) => id),
  );
  const world = await loadWorld(db, [...items, ...[...otherItems.values()].flat()]);
  const otherOrders = others.map(
    (other): OtherOrder => ({ ...other, touches: touches(world, otherItems.get(other.id) ?? []) }),
  );
  const planned = plan(world, items, otherOrders);
  const refused = new Set(
    planned.remarks.filter(({ level }) => level === 'refuse').map(({ itemId }) => itemId),
  );
  const rules = await cableRemarks(db, world, items, planned.items);
  return {
    world,
    // Of what cannot be done, only why is said.
    plan: {
      ...planned,
      remarks: [...planned.remarks, ...rules.filter(({ itemId }) => !refused.has(itemId))],
    },
  };
}

/** Over: nothing of it is going to happen any more. */
const overStates: readonly OrderState[] = ['done', 'rejected', 'cancelled'];

/** One order with everything that its page shows but what it interrupts. @throws AppError not-found */
export async function viewOrder(
  db: Database,
  orderId: number,
  context: { readonly caller: Caller; readonly now: number },
): Promise<OrderView> {
  const row = await db.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirst();
  if (row === undefined)
    throw new AppError('not-found', `There is no order ${orderId}.`, undefined, { reason: 'gone' });
  const items = (await itemsOf(db, [orderId])).get(orderId) ?? [];
  const { world, plan: planned } = await consider(db, orderId, items);
  const stored = (await storedSteps(db, [orderId])).get(orderId) ?? [];
  const over = overStates.includes(row.state);
  const steps = stored.length > 0 || over ? stored : await plannedSteps(db, world, items);
  const shown = await show(db, { world, items, steps, planned: planned.items });
  const [entry] = await orderEntries(db, [row], context.now);
  if (entry === undefined) throw new Error('An order without an entry.');
  const reverses =
    row.reverses_id === null
      ? undefined
      : await db
          .selectFrom('orders')
          .select(['id', 'number'])
          .where('id', '=', row.reverses_id)
          .executeTakeFirst();
  const { caller } = context;
  const begun = stored.some((step) => step.state !== 'open');
  const planning = row.state === 'draft' || row.state === 'submitted' || row.state === 'approved';
  return {
    order: {
      ...entry,
      notes: row.notes,
      submittedBy: row.submitted_by,
      submittedAt: row.submitted_at,
      decidedBy: row.decided_by,
      decidedAt: row.decided_at,
      decision: row.decision,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      reverses: reverses ?? null,
    },
    items: items.map((item, index) => {
      const ends = shown.items[index];
      return {
        id: item.id,
        change: item.change,
        linkId: item.linkId,
        cable: shown.cableOf(item),
        before: { a: ends?.before.a ?? null, b: ends?.before.b ?? null },
        after: { a: ends?.after.a ?? null, b: ends?.after.b ?? null },
        device: ends === undefined ? null : shown.deviceOf(ends),
      };
    }),
    steps: [...shown.steps],
    // What has been carried out in part finds its own ends in its way: remarks are for who plans.
    remarks: planning ? [...planned.remarks] : [],
    interrupts: [],
    cords: over ? [] : cordsToFetch(items, world),
    ports: [...shown.ports.values()],
    cables: [...shown.cables.values()],
    may:
      caller.kind === 'person'
        ? mayDo({ state: row.state, begun }, (role) => mayActAs(caller.role, role))
        : [],
  };
}

/** What is taken out for a while or for good; null: nothing, or the order is over. */
export function takenOutBy({ order, items }: Pick<OrderView, 'order' | 'items'>) {
  if (overStates.includes(order.state)) return null;
  const linkIds = new Set<number>();
  const deviceIds = new Set<number>();
  for (const { change } of items)
    if (change.action === 'add-link') continue;
    else if ('linkId' in change) linkIds.add(change.linkId);
    else deviceIds.add(change.deviceId);
  if (linkIds.size + deviceIds.size === 0) return null;
  return { linkIds: [...linkIds], deviceIds: [...deviceIds] };
}

/** Cords that are not in their place yet, by what they are. */
export function cordsToFetch(items: readonly ItemRow[], world: World): OrderView['cords'] {
  const cords = new Map<string, OrderView['cords'][number]>();
  for (const { change, linkId } of items) {
    if (change.action !== 'add-link' || change.kind === 'permanent' || change.kind === 'provider') continue;
    if (linkId !== null && world.links.has(linkId)) continue;
    const { kind, medium, color, lengthM } = change;
    const key = [kind, medium, color, lengthM].join('/');
    const known = cords.get(key);
    cords.set(key, { kind, medium, color, lengthM, count: (known?.count ?? 0) + 1 });
  }
  return [...cords.values()].sort(
    (a, b) => a.kind.localeCompare(b.kind) || (a.lengthM ?? 0) - (b.lengthM ?? 0),
  );
}
