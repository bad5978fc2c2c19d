import { stateByProgress } from '../../cabling/orders/states.ts';
import type { Change } from '../../history/change.ts';
import type { Row, TableSpec, Touched } from '../../history/spec.ts';
import { AppError } from '../../problem.ts';
import { recordSpec } from './spec.ts';
import { about } from './subjects.ts';

/** Change orders. What may be written when, and by whom, is decided where orders are made and carried out. */
export const orderSpecs: readonly TableSpec[] = [
  recordSpec('order', {
    table: 'orders',
    searched: ['number', 'title'],
    nameOf: (row) => `${row.number ?? ''} ${row.title ?? ''}`.trim(),
    prepare: async (change, rows) => {
      for (const { before, next } of rows)
        if (next.state === 'approved' && (before?.state === 'draft' || before?.state === 'submitted'))
          await refuseUndoneIntoApproval(change);
      return rows.map(({ next }) => next);
    },
    dependents: [
      { kind: 'order-step', by: 'order_id', action: 'delete' },
      { kind: 'order-item', by: 'order_id', action: 'delete' },
      { kind: 'order', by: 'reverses_id', action: 'clear' },
      { kind: 'maintenance', by: 'order_id', action: 'delete' },
      ...about('order'),
    ],
  }),
  recordSpec('order-item', {
    table: 'order_items',
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'order', id: Number(row.order_id) }],
    ownerOf: (row) => ({ kind: 'order', id: Number(row.order_id) }),
    dependents: [{ kind: 'order-step', by: 'item_id', action: 'delete' }],
    settle: settleOrders,
  }),
  recordSpec('order-step', {
    table: 'order_steps',
    nameOf: () => '',
    scopesOf: (row) => [{ kind: 'order', id: Number(row.order_id) }],
    ownerOf: (row) => ({ kind: 'order', id: Number(row.order_id) }),
    prepare: async (_, rows) => rows.map(({ next }) => withoutProof(next)),
    settle: settleOrders,
  }),
];

/** What is not done yet, or not any more, cannot have been proven. */
function withoutProof(next: Row): Row {
  return next.state === 'open' ? { ...next, proof: 'none', proof_detail: null } : next;
}

/** Nobody approves by taking back what took an approval back: the order may have become another since. */
async function refuseUndoneIntoApproval(change: Change): Promise<void> {
  const { undoes } = await change.tx
    .selectFrom('changes')
    .select('undoes')
    .where('id', '=', change.id)
    .executeTakeFirstOrThrow();
  if (undoes !== null)
    throw new AppError('conflict', 'An approval does not come back by undoing: submit the order again.', [], {
      reason: 'approve-again',
    });
}

/**
 * An approved order is being worked on when a step is done, and done when none is open. That follows from its steps, also when
 * one of them is undone, so it is kept beside the events. Its version tells that something of it is another.
 */
async function settleOrders(change: Change, touched: readonly Touched[]): Promise<void> {
  const ids = new Set(touched.map(({ before, after }) => Number((after ?? before)?.order_id)));
  for (const order of await change.rows.byIds('orders', [...ids])) {
    const progress =
      order.state === 'approved' || order.state === 'working' || order.state === 'done'
        ? stateByProgress(await countSteps(change, order.id))
        : null;
    const state = progress ?? String(order.state);
    await change.rows.update('orders', order.id, {
      version: change.id,
      state,
      ...(progress === null
        ? {}
        : {
            started_at: progress === 'approved' ? null : (order.started_at ?? change.now),
            finished_at: progress === 'done' ? (order.finished_at ?? change.now) : null,
          }),
    });
  }
}

async function countSteps(change: Change, orderId: number) {
  const { total, open } = await change.tx
    .selectFrom('order_steps')
    .select((e) => [
      e.fn.countAll<number>().as('total'),
      e.fn.count<number>('id').filterWhere('state', '=', 'open').as('open'),
    ])
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return { total, open };
}
