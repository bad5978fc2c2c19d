import type { Change } from '../../history/change.ts';
import { AppError } from '../../problem.ts';
import { itemsOf } from './load-world.ts';
import { plannedSteps } from './step-rows.ts';
import { consider } from './view.ts';

/** @throws AppError conflict with reason `remarks` */
export async function refuseRemarks(change: Change, orderId: number): Promise<void> {
  const items = (await itemsOf(change.tx, [orderId])).get(orderId) ?? [];
  const { plan } = await consider(change.tx, orderId, items);
  const refused = plan.remarks.filter((remark) => remark.level === 'refuse');
  if (refused.length > 0)
    throw new AppError(
      'conflict',
      `The order cannot be carried out as it is planned: ${[...new Set(refused.map(({ code }) => code))].join(', ')}.`,
      undefined,
      { reason: 'remarks' },
    );
}

/** Writes the steps of an order that may be carried out from now on. */
export async function makeSteps(change: Change, orderId: number): Promise<void> {
  const items = (await itemsOf(change.tx, [orderId])).get(orderId) ?? [];
  const { world } = await consider(change.tx, orderId, items);
  const steps = await plannedSteps(change.tx, world, items);
  await change.insert(
    'order-step',
    steps.map((step, rank) => ({
      order_id: orderId,
      item_id: step.itemId,
      rank,
      deed: step.deed,
      link_side: step.linkSide,
      connector: step.connector,
      port_id: step.portId,
      port_side: step.portSide,
      device_id: step.deviceId,
    })),
  );
}

/** Takes the steps of an order away of which none is done. */
export async function removeSteps(change: Change, orderId: number): Promise<void> {
  const steps = await change.rows.byIds('order_steps', [orderId], 'order_id');
  await change.remove(
    'order-step',
    steps.map((step) => step.id),
  );
}
