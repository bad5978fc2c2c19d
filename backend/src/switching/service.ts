import type {
  AssignedDevice,
  DeviceSwitching,
  OutletLock,
  SwitchableOutlet,
  SwitchImpact,
  Switching,
  SwitchOrder,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { z } from 'zod';
import { onlyWithin } from '../access/scope.ts';
import type { Audit, AuditBy } from '../audit/audit.ts';
import type { Sites } from '../cabling/graph/sites.ts';
import { loadCords } from '../cabling/power/load-cords.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { SwitchingCredentials } from './credentials.ts';
import { switchImpact } from './impact.ts';
import type { SwitchJobs } from './jobs.ts';
import type { OrderedBy, SwitchJournal } from './journal.ts';
import { locksOn, unitOf } from './locks.ts';
import { look, type Seen, type SwitchingSources } from './look.ts';
import { confirming, isConfirmed, mayUnlock, mustFind, obstaclesOf, obstacleWords } from './order-rules.ts';

/** An order that has not reached its device by then is worth nothing. */
const lifeMs = 10_000;
/** Of one person: who empties a rack switches one after the other and looks. */
const most = { count: 10, withinMs: 60_000 };

/** Switches outlets for people who have the right, and says why it cannot be done where that is so. */
export class OutletSwitching {
  readonly #db: Database;
  readonly #audit: Audit;
  readonly #sites: Sites;
  readonly #profiles: () => ProfileSet;
  readonly #sources: SwitchingSources;
  readonly #credentials: SwitchingCredentials;
  readonly #journal: SwitchJournal;
  readonly #jobs: SwitchJobs;
  readonly #now: () => number;
  readonly #busy = new Set<number>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: {
    db: Database;
    audit: Audit;
    sites: Sites;
    profiles: () => ProfileSet;
    sources: SwitchingSources;
    credentials: SwitchingCredentials;
    journal: SwitchJournal;
    jobs: SwitchJobs;
    now: () => number;
  }) {
    this.#db = options.db;
    this.#audit = options.audit;
    this.#sites = options.sites;
    this.#profiles = options.profiles;
    this.#sources = options.sources;
    this.#credentials = options.credentials;
    this.#journal = options.journal;
    this.#jobs = options.jobs;
    this.#now = options.now;
  }

  async start(): Promise<void> {
    await this.#journal.endLeftOver();
  }

  async stop(): Promise<void> {
    this.#jobs.stop();
    await Promise.all(this.#running);
  }

  /** @throws AppError not-found */
  async of(deviceId: number, caller: Caller): Promise<DeviceSwitching> {
    const seen = await this.#look(deviceId);
    const within = new Set(
      (
        await onlyWithin(
          this.#db,
          caller,
          'device',
          seen.outlets.flatMap(({ feeds }) => feeds),
          ({ id }) => id,
        )
      ).map(({ id }) => id),
    );
    return {
      ...seen.view,
      obstacles: obstaclesOf(seen, this.#jobs, caller),
      outlets: seen.outlets.map((outlet) => ({
        ...outlet,
        feeds: outlet.feeds.filter(({ id }) => within.has(id)),
      })),
      last: await this.#journal.of(deviceId),
      mayUnlock: mayUnlock(caller),
    };
  }

  /** What goes off with an outlet. What lies in other sites than the caller's counts, and is not named. @throws AppError not-found */
  async impact(deviceId: number, outlet: string, caller: Caller): Promise<SwitchImpact> {
    const seen = await this.#look(deviceId);
    const impact = await this.#impactOf(seen, mustFind(seen, outlet));
    const ofDevices = <T>(items: readonly T[], idOf: (item: T) => number) =>
      onlyWithin(this.#db, caller, 'device', items, idOf);
    const hangs = await ofDevices(impact.hangs, ({ id }) => id);
    const feedsOff = await ofDevices(impact.feedsOff, ({ deviceId }) => deviceId);
    return {
      ...impact,
      names: confirming(outlet, hangs),
      hangs,
      services: await onlyWithin(this.#db, caller, 'service', impact.services, ({ id }) => id),
      feedsOff: feedsOff.map((feed) => ({ device: feed.device, outlet: feed.outlet })),
    };
  }

  /**
   * Orders a switching and waits for what comes of it.
   * @throws AppError `conflict` with the reason: something is in the way, it is locked, another is under way, it was given before; `invalid`: not
   * confirmed; `too-many`
   */
  async order(deviceId: number, order: SwitchOrder, caller: Caller, ordered: OrderedBy): Promise<Switching> {
    const seen = await this.#look(deviceId);
    const [obstacle] = obstaclesOf(seen, this.#jobs, caller);
    if (obstacle !== undefined)
      throw new AppError('conflict', obstacleWords[obstacle], undefined, { reason: obstacle });
    const { device, assigned, agent, profile } = seen;
    if (assigned?.snmp == null || agent === undefined || profile === null)
      throw new Error('what nothing stands in the way of has all that it needs');
    const outlet = mustFind(seen, order.outlet);
    if (outlet.locked !== null)
      throw new AppError('conflict', 'This outlet is locked against switching.', undefined, {
        reason: 'locked',
      });
    if (!seen.view.commands.includes(order.command)) {
      const message = `The profile of this device has no command "${order.command}".`;
      throw new AppError('invalid', message, [{ path: 'command', message }]);
    }
    const impact = await this.#impactOf(seen, outlet);
    if (order.command !== 'on' && impact.confirm && !isConfirmed(order, outlet, impact.hangs)) {
      const message = 'must be the number of the outlet, or the name of a device that goes off with it';
      throw new AppError('invalid', `The confirmation ${message}.`, [{ path: 'confirm', message }], {
        reason: 'confirm-outlet',
      });
    }
    if (this.#busy.has(deviceId))
      throw new AppError('conflict', 'Another outlet of this device is being switched.', undefined, {
        reason: 'busy',
      });
    this.#busy.add(deviceId);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.add(promise);
    try {
      await this.#journal.begin(
        device,
        order,
        impact.hangs.map(({ id }) => id),
        ordered,
        most,
      );
      const end = await this.#done(seen, { assigned, agent, profile, outlet }, order).catch(
        (error: unknown): EndOf => {
          // Nothing that could fail comes after it was handed out.
          const detail = error instanceof AppError ? error.message : null;
          return { state: 'not-sent', why: 'failed', before: null, after: null, detail };
        },
      );
      await this.#journal.end(order.id, end);
    } finally {
      this.#busy.delete(deviceId);
      this.#running.delete(promise);
      resolve();
    }
    const kept = (await this.#journal.of(deviceId)).find(({ id }) => id === order.id);
    if (kept === undefined) throw new Error('what was switched a moment ago is not kept');
    return kept;
  }

  /** Locks an outlet against switching, or unlocks it. @throws AppError not-found; `forbidden`: only who may switch unlocks */
  async lock(
    deviceId: number,
    { outlet, locked, note }: z.output<typeof OutletLock>,
    caller: Caller,
    writer: { readonly by: AuditBy; readonly address: string | null },
  ): Promise<void> {
    if (!locked && !mayUnlock(caller))
      throw new AppError(
        'forbidden',
        'Outlets are unlocked by administrators and by those who may switch outlets.',
        undefined,
        { reason: 'no-unlocking' },
      );
    const seen = await this.#look(deviceId);
    if (locked) mustFind(seen, outlet);
    const on = seen.outlets.find(({ name }) => name === outlet) ?? { name: outlet, identity: null };
    await this.#db.transaction().execute(async (tx) => {
      const locks = await tx
        .selectFrom('outlet_locks')
        .selectAll()
        .where('device_id', '=', deviceId)
        .execute();
      for (const lock of locksOn(on, seen.outlets, locks))
        if (!locked || lock.outlet === outlet)
          await tx
            .deleteFrom('outlet_locks')
            .where('device_id', '=', deviceId)
            .where('outlet', '=', lock.outlet)
            .execute();
      if (locked)
        await tx
          .insertInto('outlet_locks')
          .values({
            device_id: deviceId,
            outlet,
            note,
            locked_by: writer.by.name,
            locked_at: this.#now(),
            unit: unitOf(on),
          })
          .execute();
      await this.#audit.noteIn(tx, {
        action: locked ? 'outlet.locked' : 'outlet.unlocked',
        outcome: 'done',
        ...writer,
        subject: { kind: 'device', ...seen.device },
        detail: { outlet, note },
      });
    });
  }

  async #done(
    { device }: Seen,
    on: {
      assigned: AssignedDevice;
      agent: NonNullable<Seen['agent']>;
      profile: string;
      outlet: SwitchableOutlet;
    },
    order: SwitchOrder,
  ): Promise<EndOf> {
    const nothing = { before: null, after: null, detail: null };
    const credentials = await this.#credentials.handOut(
      { ...device, address: on.assigned.address },
      on.agent,
    );
    if (credentials === null) return { ...nothing, state: 'not-sent', why: 'wrong-credentials' };
    const end = await this.#jobs.order(on.agent.id, {
      id: order.id,
      deviceId: device.id,
      address: on.assigned.address,
      profile: on.profile,
      outlet: order.outlet,
      // What the person had before their eyes, however long that was there.
      seen: order.seen ?? on.outlet.identity,
      command: order.command,
      credentials,
      expiresAt: this.#now() + lifeMs,
    });
    if (end.answer !== null) {
      const { outcome, reason, before, after, detail } = end.answer;
      return { state: outcome, why: reason, before, after, detail };
    }
    return end.handedOut
      ? { ...nothing, state: 'unknown', why: 'agent-silent' }
      : { ...nothing, state: 'not-sent', why: 'agent-away' };
  }

  #look(deviceId: number): Promise<Seen> {
    return look(deviceId, {
      db: this.#db,
      profiles: this.#profiles,
      sources: this.#sources,
      credentials: this.#credentials,
      cords: () => this.#cords(),
    });
  }

  async #cords() {
    return loadCords(this.#db, await this.#sites.now());
  }

  async #impactOf(seen: Seen, outlet: SwitchableOutlet) {
    const { readingsOf } = this.#sources;
    return switchImpact(
      { db: this.#db, sites: this.#sites, cords: await this.#cords(), readingsOf },
      seen.device.id,
      outlet,
    );
  }
}

type EndOf = Parameters<SwitchJournal['end']>[1];
