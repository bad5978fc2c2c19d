import type { ChangeEntry } from '@rackhaus/config/contract';
import { type Reach, reachOf } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import { Change } from './change.ts';
import type { Scope, Specs } from './spec.ts';
import { refuseUndone, undoEvents } from './undo.ts';
import { refusedUndo } from './undo-conflicts.ts';
import { type EventSites, writeDown } from './write-down.ts';

/** Who makes a change, and why. */
export interface Cause {
  readonly user: { readonly id: number | null; readonly name: string };
  readonly source: ChangeEntry['source'];
  readonly reason?: string | null;
  readonly orderId?: number | null;
  /** What who makes it may write, where that is not everything. */
  readonly reach?: Reach | null;
}

/** What a committed change has touched: each record, and whose history it belongs to. */
export interface Committed {
  readonly changeId: number;
  readonly objects: readonly Scope[];
  /** Somebody else has written, and nobody knows what: any record may have changed. */
  readonly everything?: true;
}

/** Notes a change in the log of who did what, in the transaction that makes it. */
export type NoteChange = (tx: Database, changeId: number, cause: Cause) => Promise<void>;

/** Who asked, as a cause. @throws AppError forbidden for who is not a person */
export function causeOf(caller: Caller, reason?: string | null): Cause {
  if (caller.kind !== 'person') throw new AppError('forbidden', 'Only a person can change the inventory.');
  return {
    user: {
      id: caller.userId,
      name: caller.token === undefined ? caller.name : `${caller.name} (Zugang ${caller.token.name})`,
    },
    source: 'person',
    reason: reason ?? null,
    reach: reachOf(caller),
  };
}

/** In which sites the record of each event was and is, in the order of the events. */
export type SitesOfEvents = (change: Change) => Promise<readonly EventSites[]>;

/** Thrown to end a rehearsal: what it wrote is taken back. */
class Rehearsed extends Error {}

/** @throws AppError forbidden that names a record of the change which is out of reach */
export type RefuseOutOfReach = (
  change: Change,
  reach: Reach,
  /** It broke off: what is nowhere may have been about to come somewhere. */
  unfinished?: boolean,
) => Promise<void>;

/**
 * Makes changes, one transaction each, and tells listeners when one is committed. Of whoever is limited to sites, every row that was
 * touched has to be in them, as it was and as it is; otherwise nothing is done. That is asked here, so that no way of writing passes it by.
 */
export class Changes {
  readonly #db: Database;
  readonly #specs: Specs;
  readonly #now: () => number;
  readonly #committed: (committed: Committed) => void;
  readonly #refuseOutOfReach: RefuseOutOfReach;
  readonly #sitesOfEvents: SitesOfEvents;
  readonly #noted: NoteChange | undefined;

  constructor(options: {
    db: Database;
    specs: Specs;
    now: () => number;
    committed: (committed: Committed) => void;
    /** Left out: who is limited to sites writes nothing. */
    refuseOutOfReach?: RefuseOutOfReach;
    /** Left out: who is limited to sites is shown nothing of what is changed. */
    sitesOfEvents?: SitesOfEvents;
    noted?: NoteChange;
  }) {
    this.#db = options.db;
    this.#specs = options.specs;
    this.#now = options.now;
    this.#committed = options.committed;
    this.#refuseOutOfReach = options.refuseOutOfReach ?? refuseAll;
    this.#sitesOfEvents = options.sitesOfEvents ?? (async () => []);
    this.#noted = options.noted;
  }

  /**
   * Runs `work` in one transaction: all of it is written down as one change, or nothing happens at all. Work that writes
   * nothing leaves no change; `changeId` is null then.
   */
  async run<T>(
    cause: Cause,
    work: (change: Change) => Promise<T>,
  ): Promise<{ readonly changeId: number | null; readonly result: T }> {
    return this.#run(cause, null, work);
  }

  /** Runs `work` as `run` would, and takes back all that it wrote: to see what a change would do. Nobody is told of it. */
  async rehearse<T>(cause: Cause, work: (change: Change) => Promise<T>): Promise<T> {
    let seen: { readonly result: T } | undefined;
    try {
      await this.#run(cause, null, async (change) => {
        seen = { result: await work(change) };
        throw new Rehearsed();
      });
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
    }
    if (seen === undefined) throw new Error('The rehearsal ended without a result.');
    return seen.result;
  }

  /**
   * Makes the opposite of a change, as a change of its own; `further` is done in the same transaction.
   * @throws AppError not-found, conflict (somebody has changed something since, or it has been undone already; names it)
   */
  async undo(changeId: number, cause: Cause, further?: (change: Change) => Promise<void>): Promise<number> {
    const { changeId: made } = await this.#run({ ...cause, source: 'undo' }, changeId, async (change) => {
      await undoEvents(change, changeId);
      await further?.(change);
    });
    if (made === null)
      throw new AppError('conflict', 'There is nothing left to undo.', undefined, { reason: 'nothing' });
    return made;
  }

  async #run<T>(
    cause: Cause,
    undoes: number | null,
    work: (change: Change) => Promise<T>,
  ): Promise<{ readonly changeId: number | null; readonly result: T }> {
    const done = await this.#db.transaction().execute(async (tx) => {
      if (undoes !== null) await refuseUndone(tx, undoes);
      const now = this.#now();
      const { id } = await tx
        .insertInto('changes')
        .values({
          time: now,
          user_id: cause.user.id,
          user_name: cause.user.name,
          source: cause.source,
          reason: cause.reason ?? null,
          order_id: cause.orderId ?? null,
          undoes,
          undone_by: null,
          counts: '[]',
          first_kind: null,
          first_id: null,
          first_name: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const change = new Change({ tx, id, now, user: cause.user, undoes, specs: this.#specs });
      const { reach } = cause;
      const result = await this.#settled(change, work).catch(async (error: unknown) => {
        // What stands in the way may be what somebody is not to know of.
        if (reach != null) await this.#refuseOutOfReach(change, reach, true);
        throw undoes === null ? error : await this.#refusedUndo(change, reach ?? null, error);
      });
      if (reach != null) await this.#refuseOutOfReach(change, reach);
      if (change.events.length === 0) {
        await tx.deleteFrom('changes').where('id', '=', id).execute();
        return { change: null, result };
      }
      await writeDown(tx, change, undoes, await this.#sitesOfEvents(change));
      await this.#noted?.(tx, id, cause);
      if (undoes !== null) {
        await tx.updateTable('changes').set({ undone_by: id }).where('id', '=', undoes).execute();
        // What an undo had taken back holds again when the undo is taken back, and can be undone anew.
        await tx.updateTable('changes').set({ undone_by: null }).where('undone_by', '=', undoes).execute();
      }
      await tx
        .updateTable('inventory_revision')
        .set((row) => ({ revision: row('revision', '+', 1) }))
        .execute();
      return { change, result };
    });
    if (done.change === null) return { changeId: null, result: done.result };
    const objects = done.change.events.flatMap((event) => [
      { kind: event.kind, id: event.objectId },
      ...event.scopes,
    ]);
    this.#committed({ changeId: done.change.id, objects });
    return { changeId: done.change.id, result: done.result };
  }

  /** Whoever is limited to sites is told that something was changed since, not what. */
  async #refusedUndo(change: Change, reach: Reach | null, error: unknown): Promise<unknown> {
    const refused = await refusedUndo(change, error);
    if (reach === null || !(refused instanceof AppError)) return refused;
    const { reason } = refused.details;
    return new AppError(
      refused.code,
      'This cannot be taken back: something of it has been changed since.',
      undefined,
      reason === undefined ? {} : { reason },
    );
  }

  async #settled<T>(change: Change, work: (change: Change) => Promise<T>): Promise<T> {
    const result = await work(change);
    for (const [kind, touched] of change.touched) await this.#specs.get(kind)?.settle?.(change, touched);
    return result;
  }
}

async function refuseAll(): Promise<never> {
  throw new AppError('forbidden', 'This is for accounts that are not limited to sites.');
}
