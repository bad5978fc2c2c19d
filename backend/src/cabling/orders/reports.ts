import type { StepReply, StepReport } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import type { Change } from '../../history/change.ts';
import { type Cause, type Changes, causeOf } from '../../history/changes.ts';
import type { StoredRow } from '../../history/spec.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { applyStep, type Touched } from './apply.ts';
import { asMovedOn } from './conflicts.ts';
import { changesOfSteps } from './done-steps.ts';
import { keepReport, reportedBefore } from './reported.ts';
import { itemOfStep, pullAgain, removeUnplugged, undoneBy } from './take-back.ts';
import { viewStep } from './work.ts';

/** Told after a step or a capture has been written: what it had to do with. */
export type AfterStep = (step: {
  readonly stepId: number | null;
  readonly linkIds: number[];
  readonly portIds: number[];
  /** Who did it. */
  readonly by: string;
}) => void;

interface Taken {
  readonly changeId: number | null;
  readonly repeated: boolean;
  readonly touched: Touched | null;
}

/** Takes in what was done at the rack, each report once. */
export class StepReports {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #afterStep: AfterStep;

  constructor(options: { db: Database; changes: Changes; afterStep: AfterStep }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#afterStep = options.afterStep;
  }

  /**
   * Writes what was done, or that it could not be; or takes it back.
   * @throws AppError not-found, conflict with reason `conflict` (the documentation has moved on; `blocking` names it) or `state`
   */
  async take(
    caller: Caller,
    target: { readonly orderId: number; readonly stepId: number },
    report: StepReport,
  ): Promise<StepReply> {
    const cause: Cause = { ...causeOf(caller, report.reason), orderId: target.orderId };
    const taken = await this.#take(cause, target, report).catch((error: unknown) => {
      throw asMovedOn(error);
    });
    const { touched } = taken;
    if (touched !== null && !taken.repeated)
      this.#afterStep({
        stepId: target.stepId,
        linkIds: [...new Set(touched.linkIds)],
        portIds: [...new Set(touched.portIds)],
        by: cause.user.name,
      });
    return { ...(await this.#reply(target)), changeId: taken.changeId, repeated: taken.repeated };
  }

  async #take(
    cause: Cause,
    target: { readonly orderId: number; readonly stepId: number },
    report: StepReport,
  ): Promise<Taken> {
    const before = await this.#repeat(this.#db, target, report);
    if (before !== null) return before;
    if (report.outcome === 'reopen') {
      const undone = await undoneBy(this.#db, target);
      if (undone !== null) return this.#undo(cause, target, report, undone);
    }
    const { result } = await this.#changes.run(cause, async (change): Promise<Taken> => {
      const repeat = await this.#repeat(change.tx, target, report);
      if (repeat !== null) return repeat;
      const done = await write(change, target, report);
      await keepReport(change.tx, report.key, change.now, keptOf(target, done.changeId));
      return done;
    });
    return result;
  }

  async #repeat(
    db: Database,
    target: { readonly stepId: number },
    report: StepReport,
  ): Promise<Taken | null> {
    const kept = await reportedBefore(db, report.key, aboutOf(target));
    return kept === null ? null : { changeId: kept.changeId, repeated: true, touched: null };
  }

  async #undo(
    cause: Cause,
    target: { readonly orderId: number; readonly stepId: number },
    report: StepReport,
    changeId: number,
  ): Promise<Taken> {
    const touched: { linkIds: number[]; portIds: number[] } = { linkIds: [], portIds: [] };
    try {
      const made = await this.#changes.undo(changeId, cause, async (change) => {
        if ((await this.#repeat(change.tx, target, report)) !== null) throw new Repeated();
        await removeUnplugged(change, target.stepId);
        for (const [kind, rows] of change.touched)
          for (const { before, after } of rows) {
            if (kind === 'link') touched.linkIds.push((after ?? before)?.id ?? 0);
            if (kind === 'link-end') touched.portIds.push(Number((after ?? before)?.port_id));
          }
        await keepReport(change.tx, report.key, change.now, keptOf(target, change.id));
      });
      return { changeId: made, repeated: false, touched };
    } catch (error) {
      // The same report came twice at once, and the other one was first: then this one finds nothing to undo any more.
      const repeat = await this.#repeat(this.#db, target, report);
      if (repeat !== null) return repeat;
      throw error;
    }
  }

  async #reply(target: {
    readonly orderId: number;
    readonly stepId: number;
  }): Promise<Pick<StepReply, 'step' | 'orderState'>> {
    return this.#db.transaction().execute(async (tx) => {
      const order = await tx
        .selectFrom('orders')
        .select('state')
        .where('id', '=', target.orderId)
        .executeTakeFirst();
      const step = await viewStep(tx, target.orderId, target.stepId);
      if (order === undefined || step === null) throw gone(target.stepId);
      return { step, orderState: order.state };
    });
  }
}

class Repeated extends Error {}

const aboutOf = (target: { readonly stepId: number }) => `step/${target.stepId}`;
const keptOf = (target: { readonly stepId: number }, changeId: number | null) => ({
  of: aboutOf(target),
  changeId,
  linkId: null,
  label: '',
});

function gone(stepId: number): AppError {
  return new AppError('not-found', `There is no step ${stepId} in this order.`, undefined, {
    reason: 'gone',
  });
}

/** Does what a report says, inside its change. */
async function write(
  change: Change,
  target: { readonly orderId: number; readonly stepId: number },
  report: StepReport,
): Promise<Taken> {
  const order = await change.get('order', target.orderId);
  const step = await change.find('order-step', target.stepId);
  if (step?.order_id !== order.id) throw gone(target.stepId);
  const sameAsBefore =
    step.state === report.outcome || (report.outcome === 'reopen' && step.state === 'open');
  if (sameAsBefore) {
    const changeId = (await changesOfSteps(change.tx, [step.id])).get(step.id) ?? null;
    return { changeId, repeated: true, touched: null };
  }
  refuseState(order, step, report);
  if (report.outcome === 'reopen') {
    if (step.state === 'done') await pullAgain(change, step);
    await change.update('order-step', step.id, { state: 'open', done_by: null, done_at: null, reason: null });
    return { changeId: change.id, repeated: false, touched: null };
  }
  const touched =
    report.outcome === 'done'
      ? await applyStep(change, { item: await itemOfStep(change, step), step, report })
      : null;
  await keepPhotos(change, order, report.documentIds);
  await change.update('order-step', step.id, {
    state: report.outcome,
    reason: report.reason === '' ? null : report.reason,
    done_by: change.user.name,
    // The phone's clock may be ahead; nothing has been done in the future.
    done_at: Math.min(report.at, change.now),
  });
  return { changeId: change.id, repeated: false, touched };
}

/** @throws AppError conflict with reason `state`; invalid */
function refuseState(order: StoredRow, step: StoredRow, report: StepReport): void {
  const running = order.state === 'approved' || order.state === 'working';
  // What was done before the order was finished may be told afterwards; what has been done stays done.
  const late = order.state === 'done' && (report.outcome === 'reopen' || step.state !== 'done');
  if (!running && !late)
    throw new AppError(
      'conflict',
      `Order ${String(order.number)} is ${String(order.state)}; its steps are not carried out.`,
      undefined,
      { reason: 'state', blocking: [{ kind: 'order', id: order.id, name: String(order.number) }] },
    );
  if (report.outcome === 'impossible' && step.state === 'done')
    throw new AppError('conflict', 'This step has been done. Take it back first.', undefined, {
      reason: 'state',
    });
  if (report.outcome === 'impossible' && (report.reason ?? '') === '')
    throw new AppError('invalid', 'reason: why was it not possible?', [
      { path: 'reason', message: 'must not be empty' },
    ]);
}

/** Photos become documents of the order. @throws AppError invalid for one that was not uploaded */
async function keepPhotos(change: Change, order: StoredRow, documentIds: readonly number[]): Promise<void> {
  const known = new Set(await change.rows.idsBy('documents', 'id', documentIds));
  const missing = documentIds.find((id) => !known.has(id));
  if (missing !== undefined)
    throw new AppError('invalid', `documentIds: there is no document ${missing}.`, [
      { path: 'documentIds', message: `there is no document ${missing}` },
    ]);
  await change.insert(
    'attachment',
    documentIds.map((documentId, index) => ({
      subject_kind: 'order',
      subject_id: order.id,
      document_id: documentId,
      name: `${String(order.number)}-${change.id}-${index + 1}`,
      note: null,
    })),
  );
}
