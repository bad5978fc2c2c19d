import type { Batch, BatchReply, MarkKind, PlanMark, PlanView } from '@rackhaus/config/contract';
import { ApiProblem } from '../api/api.ts';
import type { Said } from '../history/undo.svelte.ts';
import { m } from '../paraglide/messages.js';
import type { Records } from '../records/api.ts';
import { type Point, rounded } from './geometry.ts';
import { planProblem } from './words.ts';

/** What is written down about a plan: each is one change that can be taken back. They tell people what came of it. */
export class PlanWrites {
  readonly #records: Records;
  readonly #said: Said;

  constructor(options: { records: Records; said: Said }) {
    this.#records = options.records;
    this.#said = options.said;
  }

  /** @returns the number and version of the new mark; null when it was refused. */
  async place(
    planId: number,
    subject: { kind: MarkKind; id: number; name: string },
    points: readonly Point[],
    turn: number,
  ): Promise<{ readonly id: number; readonly version: number } | null> {
    const values = { planId, [`${subject.kind}Id`]: subject.id, points: points.map(rounded), turn };
    const reply = await this.#send(
      [{ op: 'create', kind: 'plan-mark', values }],
      subject.kind === 'room'
        ? m.plan_said_drawn({ name: subject.name })
        : m.plan_said_placed({ name: subject.name }),
    );
    const [id] = reply?.ids ?? [];
    // The version of a record is the number of the change that last touched it.
    return id === undefined || reply?.changeId == null ? null : { id, version: reply.changeId };
  }

  move(mark: PlanMark, name: string, points: readonly Point[], turn: number): Promise<boolean> {
    return this.#write(
      [
        {
          op: 'update',
          kind: 'plan-mark',
          id: mark.id,
          version: mark.version,
          values: { points: points.map(rounded), turn },
        },
      ],
      m.plan_said_moved({ name }),
    );
  }

  remove(mark: PlanMark, name: string): Promise<boolean> {
    return this.#write(
      [{ op: 'delete', kind: 'plan-mark', id: mark.id, version: mark.version }],
      m.plan_said_removed({ name }),
    );
  }

  change(plan: PlanView, values: Readonly<Record<string, unknown>>, text: string): Promise<boolean> {
    return this.#write(
      [{ op: 'update', kind: 'floor-plan', id: plan.id, version: plan.version, values }],
      text,
    );
  }

  removePlan(plan: PlanView): Promise<boolean> {
    return this.#write(
      [{ op: 'delete', kind: 'floor-plan', id: plan.id, version: plan.version }],
      m.plan_said_deleted({ name: plan.name }),
    );
  }

  /** @returns whether it has been written. */
  async #write(operations: Batch['operations'], text: string): Promise<boolean> {
    return (await this.#send(operations, text)) !== null;
  }

  async #send(operations: Batch['operations'], text: string): Promise<BatchReply | null> {
    try {
      const reply = await this.#records.batch(operations);
      this.#said.show({ text, changeId: reply.changeId });
      return reply;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#said.refuse(planProblem(error));
      return null;
    }
  }
}
