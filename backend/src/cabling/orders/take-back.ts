import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import type { StoredRow } from '../../history/spec.ts';
import { movedOn } from './conflicts.ts';
import { changesOfSteps } from './done-steps.ts';
import { endAt, endsOf, nameOfPort, pull } from './ends.ts';
import { itemOf } from './load-world.ts';

/**
 * The change that takes a step back when it is undone; null: the step is not done, or the other end of its cable was plugged in
 * later, so that the cable itself has to stay.
 */
export async function undoneBy(
  db: Database,
  target: { readonly orderId: number; readonly stepId: number },
): Promise<number | null> {
  const step = await db
    .selectFrom('order_steps')
    .select(['state', 'deed', 'item_id'])
    .where('id', '=', target.stepId)
    .where('order_id', '=', target.orderId)
    .executeTakeFirst();
  if (step?.state !== 'done' && step?.state !== 'impossible') return null;
  const ofItem = await db
    .selectFrom('order_steps')
    .select('id')
    .where('item_id', '=', step.item_id)
    .where('deed', '=', 'plug')
    .where('state', '=', 'done')
    .execute();
  const changes = await changesOfSteps(db, [target.stepId, ...ofItem.map(({ id }) => id)]);
  const own = changes.get(target.stepId) ?? null;
  const laterEnd = own !== null && ofItem.some(({ id }) => (changes.get(id) ?? 0) > own);
  return step.deed === 'plug' && laterEnd ? null : own;
}

/** Takes one end of a cable out again whose other end stays. @throws AppError conflict when it is not there any more */
export async function pullAgain(change: Change, step: StoredRow): Promise<void> {
  const item = await itemOfStep(change, step);
  const { change: planned } = item;
  const linkId = planned.action === 'move-link' ? planned.linkId : item.linkId;
  const at = {
    portId: Number(step.port_id),
    portSide: step.port_side === 'rear' ? 'rear' : 'front',
  } as const;
  const end = await endAt(change, at);
  if (end === undefined || end.link_id !== linkId)
    throw movedOn(`The cable is not in ${await nameOfPort(change, at.portId)} any more.`, [
      { kind: 'port', id: at.portId, name: await nameOfPort(change, at.portId) },
    ]);
  await pull(change, end);
}

/** A cable that an order has put in and of which no end is plugged in any more is not there. */
export async function removeUnplugged(change: Change, stepId: number): Promise<void> {
  const step = await change.get('order-step', stepId);
  const { change: planned, linkId } = await itemOfStep(change, step);
  if (planned.action !== 'add-link' || linkId === null) return;
  if ((await change.find('link', linkId)) === undefined) return;
  if ((await endsOf(change, linkId)).length === 0) await change.remove('link', [linkId]);
}

export async function itemOfStep(change: Change, step: StoredRow) {
  const row = await change.tx
    .selectFrom('order_items')
    .select(['id', 'change', 'link_id'])
    .where('id', '=', Number(step.item_id))
    .executeTakeFirstOrThrow();
  return itemOf(row);
}
