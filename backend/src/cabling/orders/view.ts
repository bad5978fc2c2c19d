import type { ImpactReply, Interrupted, OrderState, OrderView } from '@rackhaus/config/contract';
import { mayActAs } from '../../access/admit.ts';
import type { Database } from '../../database/tables.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { orderEntries } from './entries.ts';
import { itemsOf, loadWorld } from './load-world.ts';
import { type OtherOrder, plan, touches } from './plan.ts';
import { mayDo, openStates } from './states.ts';
import { plannedSteps, storedSteps } from './step-rows.ts';
import { show } from './step-views.ts';
import type { ItemRow, World } from './world.ts';

/** What fails when these are gone. */
export type ImpactOf = (
  db: Database,
  gone: {
    readonly deviceIds: readonly number[];
    readonly linkIds: readonly number[];
    readonly portIds: readonly number[];
  },
) => Promise<ImpactReply>;

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
  return { world, plan: plan(world, items, otherOrders) };
}

/** Over: nothing of it is going to happen any more. */
const overStates: readonly OrderState[] = ['done', 'rejected', 'cancelled'];

/** One order with everything that its page shows. @throws AppError not-found */
export async function viewOrder(
  db: Database,
  orderId: number,
  context: { readonly caller: Caller; readonly now: number; readonly impactOf: ImpactOf },
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
    interrupts: over ? [] : await interrupts(db, context.impactOf, items),
    cords: over ? [] : cordsToFetch(items, world),
    ports: [...shown.ports.values()],
    cables: [...shown.cables.values()],
    may:
      caller.kind === 'person'
        ? mayDo({ state: row.state, begun }, (role) => mayActAs(caller.role, role))
        : [],
  };
}

async function interrupts(
  db: Database,
  impactOf: ImpactOf,
  items: readonly ItemRow[],
): Promise<Interrupted[]> {
  const touched = { deviceIds: new Set<number>(), linkIds: new Set<number>() };
  const lost = { deviceIds: new Set<number>(), linkIds: new Set<number>() };
  for (const { change } of items) {
    if (change.action === 'add-link') continue;
    const forGood = change.action === 'remove-link' || change.action === 'remove-device';
    for (const set of forGood ? [touched, lost] : [touched])
      if ('linkId' in change) set.linkIds.add(change.linkId);
      else set.deviceIds.add(change.deviceId);
  }
  const ask = ({ deviceIds, linkIds }: typeof touched) =>
    deviceIds.size + linkIds.size === 0
      ? { devices: [], services: [] }
      : impactOf(db, { deviceIds: [...deviceIds], linkIds: [...linkIds], portIds: [] });
  const [all, always] = [await ask(touched), await ask(lost)];
  const key = (kind: string, { id, loses }: { id: number; loses: string }) => `${kind}/${id}/${loses}`;
  const forGood = new Set([
    ...always.devices.map((each) => key('device', each)),
    ...always.services.map((each) => key('service', each)),
  ]);
  const said =
    (kind: Interrupted['kind']) =>
    ({ id, name, loses }: Pick<Interrupted, 'id' | 'name' | 'loses'>): Interrupted => ({
      ...{ kind, id, name, loses },
      forGood: forGood.has(key(kind, { id, loses })),
    });
  return [...all.devices.map(said('device')), ...all.services.map(said('service'))];
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
