import type { AcceptedFound, AcceptedOne, AcceptFound, AcceptPlan } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { type Changes, causeOf } from '../history/changes.ts';
import { chunked } from '../history/rows.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import { type Acceptable, acceptDevices } from './accept.ts';
import { type AllNew, allNew, planOf } from './all-new.ts';
import { readSaid } from './said.ts';
import type { FoundViews } from './views.ts';

/** What people do with what was found: they take it over, leave it out of sight, or forget it. */
export class Inbox {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #views: FoundViews;
  readonly #now: () => number;
  readonly #changed: () => Promise<void>;

  constructor(options: {
    db: Database;
    changes: Changes;
    views: FoundViews;
    now: () => number;
    /** What was found is shown otherwise now; resolves when it is marked what is known. */
    changed: () => Promise<void>;
  }) {
    this.#db = options.db;
    this.#changes = options.changes;
    this.#views = options.views;
    this.#now = options.now;
    this.#changed = options.changed;
  }

  /** @throws AppError not-found, invalid, conflict, forbidden: nothing is made then */
  async accept(wanted: AcceptFound, caller: Caller): Promise<AcceptedFound> {
    const { ones, left } =
      'devices' in wanted
        ? { ones: await this.#named(wanted.devices), left: [] }
        : await allNew({ db: this.#db, views: this.#views }, wanted.all, caller);
    if (ones.length === 0) return { changeId: null, devices: [], left, types: [] };
    const { changeId, result } = await this.#changes.run(causeOf(caller), (change) =>
      acceptDevices(change, caller, ones),
    );
    await this.#changed();
    return { changeId, ...result, left };
  }

  /** What taking over all new ones would come to. */
  async plan(wanted: AllNew, caller: Caller): Promise<AcceptPlan> {
    return planOf(await allNew({ db: this.#db, views: this.#views }, wanted, caller));
  }

  /** @throws AppError not-found */
  async ignore(
    ids: readonly number[],
    values: { reason: string; until: number | null; by: string },
  ): Promise<void> {
    await this.#write(ids, {
      ignored_reason: values.reason,
      ignored_until: values.until,
      ignored_by: values.by,
      ignored_at: this.#now(),
    });
  }

  /** @throws AppError not-found */
  async reopen(ids: readonly number[]): Promise<void> {
    await this.#write(ids, { ignored_reason: null, ignored_until: null, ignored_by: null, ignored_at: null });
  }

  /** Takes them off the list; a scan that finds them again puts them on it as new. @throws AppError not-found */
  async forget(ids: readonly number[]): Promise<void> {
    await this.#there(ids);
    for (const part of chunked(ids))
      await this.#db.deleteFrom('discovery_found').where('id', 'in', part).execute();
    await this.#changed();
  }

  async #write(
    ids: readonly number[],
    values: {
      ignored_reason: string | null;
      ignored_until: number | null;
      ignored_by: string | null;
      ignored_at: number | null;
    },
  ): Promise<void> {
    await this.#there(ids);
    await this.#db.transaction().execute(async (tx) => {
      for (const part of chunked(ids))
        await tx.updateTable('discovery_found').set(values).where('id', 'in', part).execute();
    });
    await this.#changed();
  }

  async #there(ids: readonly number[]): Promise<Map<number, Acceptable>> {
    const rows = [];
    for (const part of chunked(ids))
      rows.push(
        ...(await this.#db.selectFrom('discovery_found').selectAll().where('id', 'in', part).execute()),
      );
    const devices = await this.#views.devices(rows);
    const found = new Map<number, Acceptable>();
    for (const [index, device] of devices.entries())
      found.set(device.id, {
        device,
        said: readSaid(rows[index]?.said ?? null),
        snmpPort: rows[index]?.snmp_port ?? 161,
      });
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined)
      throw new AppError('not-found', `Nothing that was found has the number ${missing}.`, undefined, {
        reason: 'gone',
      });
    return found;
  }

  async #named(wanted: readonly AcceptedOne[]): Promise<(AcceptedOne & Acceptable)[]> {
    const found = await this.#there([...new Set(wanted.map(({ id }) => id))]);
    const twice = wanted.findIndex(({ id }, index) => wanted.findIndex((other) => other.id === id) !== index);
    if (twice >= 0) {
      const message = 'This device is named twice.';
      throw new AppError('invalid', message, [{ path: `devices.${twice}.id`, message }]);
    }
    return wanted.flatMap((one) => {
      const what = found.get(one.id);
      return what === undefined ? [] : [{ ...one, ...what }];
    });
  }
}
