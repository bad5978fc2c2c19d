import {
  type NewOrder,
  type OrderPatch,
  type OrderReply,
  type OrderState,
  orderStates,
  type PlannedChange,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { mayActAs } from '../../access/admit.ts';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { type Cause, type Changes, causeOf } from '../../history/changes.ts';
import type { Row, StoredRow } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { assignee, complete, insertItems, insertOrder, itemOfOrder, nextRank } from './order-rows.ts';
import { makeSteps, refuseRemarks, removeSteps } from './order-steps.ts';
import { reverseItems } from './reverse.ts';
import { readOrderSettings } from './settings.ts';
import { after, type OrderDeed, refusal, roleFor } from './states.ts';

/** Which order, and which version of it the caller has seen; undefined: whatever it is. */
export interface OrderTarget {
  readonly id: number;
  readonly seen: number | undefined;
}

/** Makes and plans orders and leads them through their states. Each method is one change and says by whom it may be done. */
export class Orders {
  readonly #db: Database;
  readonly #changes: Changes;

  constructor(options: { db: Database; changes: Changes }) {
    this.#db = options.db;
    this.#changes = options.changes;
  }

  async create(caller: Caller, given: NewOrder): Promise<OrderReply> {
    const cause = causeOf(caller);
    const { changeId, result } = await this.#changes.run(cause, async (change) =>
      insertOrder(change, given.title, given.notes, null),
    );
    return { id: result, changeId };
  }

  /** A draft with items, in one change. @returns its id */
  async draft(caller: Caller, title: string, items: readonly PlannedChange[]): Promise<number> {
    const { result } = await this.#changes.run(causeOf(caller), async (change) => {
      const id = await insertOrder(change, title.slice(0, 200), null, null);
      await insertItems(change, id, 0, await complete(change, id, items));
      return id;
    });
    return result;
  }

  /** Title and notes as long as it is a draft; who does it and when until it is over. */
  async patch(caller: Caller, target: OrderTarget, patch: OrderPatch): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      const planning = patch.title !== undefined || patch.notes !== undefined;
      const assigning =
        patch.assigneeId !== undefined ||
        patch.scheduledFrom !== undefined ||
        patch.scheduledUntil !== undefined;
      if (planning) refuse('edit', caller, await factsOf(change, order));
      if (assigning) refuse('assign', caller, await factsOf(change, order));
      const from = patch.scheduledFrom === undefined ? order.scheduled_from : patch.scheduledFrom;
      const until = patch.scheduledUntil === undefined ? order.scheduled_until : patch.scheduledUntil;
      if (typeof from === 'number' && typeof until === 'number' && until < from)
        throw new AppError('invalid', 'scheduledUntil: must not be before scheduledFrom.', [
          { path: 'scheduledUntil', message: 'must not be before scheduledFrom' },
        ]);
      await change.update(
        'order',
        order.id,
        given({
          title: patch.title,
          notes: patch.notes === undefined ? undefined : patch.notes?.trim() || null,
          scheduled_from: patch.scheduledFrom,
          scheduled_until: patch.scheduledUntil,
          ...(patch.assigneeId === undefined ? {} : await assignee(change, patch.assigneeId)),
        }),
      );
    });
  }

  async remove(caller: Caller, target: OrderTarget): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('delete', caller, await factsOf(change, order));
      await change.remove('order', [order.id]);
    });
  }

  /** Adds items at the end. A device that is taken away takes its cables along, as items of their own. */
  async addItems(caller: Caller, target: OrderTarget, given: readonly PlannedChange[]): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('edit', caller, await factsOf(change, order));
      const wanted = await complete(change, order.id, given);
      await insertItems(change, order.id, await nextRank(change, order.id), wanted);
    });
  }

  async changeItem(
    caller: Caller,
    target: OrderTarget & { readonly itemId: number },
    planned: PlannedChange,
  ): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('edit', caller, await factsOf(change, order));
      await itemOfOrder(change, order.id, target.itemId);
      await change.update('order-item', target.itemId, { change: JSON.stringify(planned), link_id: null });
    });
  }

  async removeItem(caller: Caller, target: OrderTarget & { readonly itemId: number }): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('edit', caller, await factsOf(change, order));
      await itemOfOrder(change, order.id, target.itemId);
      await change.remove('order-item', [target.itemId]);
    });
  }

  async submit(caller: Caller, target: OrderTarget, decision: string | null): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('submit', caller, await factsOf(change, order));
      await refuseRemarks(change, order.id);
      const { approval } = await readOrderSettings(change.tx);
      const state = after('submit', approval);
      const submitted = { submitted_by: change.user.name, submitted_at: change.now };
      await change.update('order', order.id, {
        ...submitted,
        ...(state === 'approved' ? decided(change, state, decision) : { state, ...undecided }),
      });
      if (state === 'approved') await makeSteps(change, order.id);
    });
  }

  async approve(caller: Caller, target: OrderTarget, decision: string | null): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('approve', caller, await factsOf(change, order));
      await refuseRemarks(change, order.id);
      await change.update('order', order.id, decided(change, 'approved', decision));
      await makeSteps(change, order.id);
    });
  }

  async reject(caller: Caller, target: OrderTarget, decision: string | null): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('reject', caller, await factsOf(change, order));
      await change.update('order', order.id, decided(change, 'rejected', decision));
    });
  }

  /** Back to a draft; its steps are made anew when it is approved again. */
  async withdraw(caller: Caller, target: OrderTarget): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('withdraw', caller, await factsOf(change, order));
      await removeSteps(change, order.id);
      await change.update('order', order.id, {
        state: after('withdraw', true),
        submitted_by: null,
        submitted_at: null,
        // Why it was rejected is what the next draft has to mind.
        ...(order.state === 'rejected' ? {} : undecided),
      });
    });
  }

  async cancel(caller: Caller, target: OrderTarget, decision: string | null): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('cancel', caller, await factsOf(change, order));
      await removeSteps(change, order.id);
      await change.update('order', order.id, {
        state: after('cancel', true),
        ...(decision === null ? {} : { decision }),
      });
    });
  }

  /** What is still open is skipped. */
  async finish(caller: Caller, target: OrderTarget): Promise<OrderReply> {
    return this.#write(caller, target, async (change, order) => {
      refuse('finish', caller, await factsOf(change, order));
      for (const step of await change.rows.byIds('order_steps', [order.id], 'order_id'))
        if (step.state === 'open')
          await change.update('order-step', step.id, {
            state: 'skipped',
            done_by: change.user.name,
            done_at: change.now,
          });
    });
  }

  /** A new draft that takes back what was really done. @returns the id of the draft */
  async reverse(caller: Caller, target: OrderTarget): Promise<OrderReply> {
    const { changeId, result } = await this.#changes.run(this.#cause(caller, target.id), async (change) => {
      const order = await orderRow(change, target);
      refuse('reverse', caller, await factsOf(change, order));
      const { items, notes } = await reverseItems(change.tx, order.id);
      if (items.length === 0)
        throw new AppError(
          'conflict',
          'Nothing of this order was done that could be taken back.',
          undefined,
          {
            reason: 'nothing',
          },
        );
      const id = await insertOrder(
        change,
        `↩ ${String(order.number)} ${String(order.title)}`.slice(0, 200),
        notes,
        order.id,
      );
      await insertItems(
        change,
        id,
        0,
        items.map((item) => item.change),
        items.map((item) => item.linkId),
      );
      return id;
    });
    return { id: result, changeId };
  }

  #cause(caller: Caller, orderId: number): Cause {
    return { ...causeOf(caller), orderId };
  }

  async #write(
    caller: Caller,
    target: OrderTarget,
    work: (change: Change, order: StoredRow) => Promise<void>,
  ): Promise<OrderReply> {
    const { changeId } = await this.#changes.run(this.#cause(caller, target.id), async (change) =>
      work(change, await orderRow(change, target)),
    );
    return { id: target.id, changeId };
  }
}

/** The order, when nobody has changed it since it was seen. @throws AppError not-found, conflict */
async function orderRow(change: Change, target: OrderTarget): Promise<StoredRow> {
  const row = await change.get('order', target.id);
  if (target.seen !== undefined && target.seen !== row.version)
    throw new AppError(
      'conflict',
      `Order ${String(row.number)} has been changed by somebody else meanwhile.`,
      undefined,
      { reason: 'stale', current: change.spec('order').record(row) },
    );
  return row;
}

async function factsOf(change: Change, order: StoredRow) {
  const steps = await change.rows.byIds('order_steps', [order.id], 'order_id');
  const state = z.enum(orderStates).parse(order.state);
  return { state, begun: steps.some((step) => step.state !== 'open'), number: String(order.number) };
}

/** @throws AppError forbidden, conflict with reason `state` or `begun` */
export function refuse(
  deed: OrderDeed,
  caller: Caller,
  facts: { readonly state: OrderState; readonly begun: boolean; readonly number: string },
): void {
  const role = caller.kind === 'person' ? caller.role : null;
  const why = refusal(deed, facts, (needed) => role !== null && mayActAs(role, needed));
  if (why === null) return;
  if (why === 'role') throw new AppError('forbidden', `To ${deed} an order needs the role ${roleFor(deed)}.`);
  throw new AppError(
    'conflict',
    why === 'begun'
      ? `Order ${facts.number} has been begun: something of it has been done already.`
      : `Order ${facts.number} is ${facts.state}; it is not possible to ${deed} it now.`,
    undefined,
    { reason: why },
  );
}

const undecided = { decided_by: null, decided_at: null, decision: null };

function decided(change: Change, state: OrderState, decision: string | null): Row {
  return { state, decided_by: change.user.name, decided_at: change.now, decision: decision?.trim() || null };
}

/** Columns that have been given. */
function given(values: Readonly<Record<string, string | number | null | undefined>>): Row {
  return Object.fromEntries(
    Object.entries(values).flatMap(([column, value]) => (value === undefined ? [] : [[column, value]])),
  );
}
