import type { Switching, SwitchOrder, SwitchReason } from '@rackhaus/config/contract';
import type { Audit, AuditBy } from '../audit/audit.ts';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';

const mostShown = 20;

/** Who ordered. */
export interface OrderedBy {
  readonly userId: number;
  readonly by: AuditBy;
  readonly address: string | null;
}

type End = Pick<Switching, 'before' | 'after' | 'detail'> & {
  readonly state: Exclude<Switching['state'], 'under-way'>;
  readonly why: SwitchReason | null;
};

/** What was switched, by whom and what came of it: noted, with the log, before anything leaves this server. */
export class SwitchJournal {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(options: { db: Database; audit: Audit; now: () => number }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#now = options.now;
  }

  /** The last ones of a device, newest first. */
  async of(deviceId: number): Promise<Switching[]> {
    const rows = await this.#db
      .selectFrom('switchings')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy('at', 'desc')
      .limit(mostShown)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      outlet: row.outlet,
      command: row.command,
      by: row.by_name,
      reason: row.reason,
      at: row.at,
      endedAt: row.ended_at,
      state: row.state,
      why: row.why,
      before: row.before,
      after: row.after,
      detail: row.detail,
    }));
  }

  /** @throws AppError conflict: this order was given before; too-many */
  async begin(
    device: { readonly id: number; readonly name: string },
    order: SwitchOrder,
    affected: readonly number[],
    ordered: OrderedBy,
    most: { readonly count: number; readonly withinMs: number },
  ): Promise<void> {
    const at = this.#now();
    await this.#db.transaction().execute(async (tx) => {
      const same = await tx
        .selectFrom('switchings')
        .select('id')
        .where('id', '=', order.id)
        .executeTakeFirst();
      if (same !== undefined)
        throw new AppError('conflict', 'This order was given before: it is not done twice.', undefined, {
          reason: 'repeated',
        });
      const { count } = await tx
        .selectFrom('switchings')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('user_id', '=', ordered.userId)
        .where('at', '>', at - most.withinMs)
        .executeTakeFirstOrThrow();
      if (Number(count) >= most.count)
        throw new AppError(
          'too-many',
          'So many outlets are not switched at once; please wait a minute.',
          undefined,
          {
            afterSeconds: 60,
          },
        );
      await tx
        .insertInto('switchings')
        .values({
          id: order.id,
          device_id: device.id,
          device_name: device.name,
          outlet: order.outlet,
          command: order.command,
          user_id: ordered.userId,
          by_kind: ordered.by.kind,
          by_id: ordered.by.id,
          by_name: ordered.by.name,
          address: ordered.address,
          reason: order.reason === '' ? null : order.reason,
          affected: JSON.stringify(affected),
          at,
          ended_at: null,
          state: 'under-way',
          why: null,
          before: null,
          after: null,
          detail: null,
        })
        .execute();
      await this.#audit.noteIn(tx, {
        action: 'outlet.ordered',
        outcome: 'done',
        by: ordered.by,
        address: ordered.address,
        subject: { kind: 'device', ...device },
        detail: { outlet: order.outlet, command: order.command, reason: order.reason, order: order.id },
      });
    });
  }

  /** Notes what came of it, once. */
  async end(id: string, end: End): Promise<void> {
    const { state, why, before, after, detail } = end;
    await this.#db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('switchings')
        .set({ state, why, before, after, detail, ended_at: this.#now() })
        .where('id', '=', id)
        .where('state', '=', 'under-way')
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return;
      await this.#audit.noteIn(tx, {
        action: 'outlet.switched',
        outcome:
          state === 'done' || state === 'accepted' ? 'done' : state === 'refused' ? 'refused' : 'failed',
        by: { kind: row.by_kind, id: row.by_id, name: row.by_name },
        address: row.address,
        subject: { kind: 'device', id: row.device_id, name: row.device_name },
        detail: { outlet: row.outlet, command: row.command, result: state, why, before, after, order: id },
      });
    });
  }

  /** Those that were under way when this server ended: nobody will ever say what came of them. */
  async endLeftOver(): Promise<void> {
    const rows = await this.#db
      .selectFrom('switchings')
      .select('id')
      .where('state', '=', 'under-way')
      .execute();
    for (const { id } of rows)
      await this.end(id, { state: 'unknown', why: 'restarted', before: null, after: null, detail: null });
  }
}
