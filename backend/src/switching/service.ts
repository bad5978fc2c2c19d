import type {
  AssignedDevice,
  DeviceSwitching,
  ObservedEntity,
  OutletLock,
  SwitchableOutlet,
  SwitchImpact,
  Switching,
  SwitchObstacle,
  SwitchOrder,
} from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import type { z } from 'zod';
import { mayActAs } from '../access/role-order.ts';
import { onlyWithin } from '../access/scope.ts';
import { type Audit, type AuditBy, auditBy } from '../audit/audit.ts';
import type { Sites } from '../cabling/graph/sites.ts';
import { loadCords } from '../cabling/power/load-cords.ts';
import type { Database } from '../database/tables.ts';
import type { Caller } from '../http/route.ts';
import { AppError } from '../problem.ts';
import type { EntityState } from '../rules/device-rules.ts';
import type { SwitchingCredentials } from './credentials.ts';
import { switchImpact } from './impact.ts';
import type { SwitchJobs } from './jobs.ts';
import type { OrderedBy, SwitchJournal } from './journal.ts';
import { commandsOf, outletsOf } from './outlets.ts';

/** An order that has not reached its device by then is worth nothing. */
const lifeMs = 10_000;
/** Of one person: who empties a rack switches one after the other and looks. */
const most = { count: 10, withinMs: 60_000 };

/** What switching asks of monitoring. */
export interface SwitchingSources {
  readonly deviceOf: (deviceId: number) => AssignedDevice | undefined;
  readonly agentOf: (deviceId: number) => number | null;
  readonly agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  /** Empty: it does not answer; null: it is not monitored. */
  readonly readingsOf: (deviceId: number) => readonly EntityState[] | null;
  readonly observationOf: (deviceId: number) => Promise<{
    readonly profile: string;
    readonly entities: readonly ObservedEntity[];
  } | null>;
}

interface Seen {
  readonly device: { readonly id: number; readonly name: string };
  readonly assigned: AssignedDevice | undefined;
  readonly agent: { readonly id: number; readonly name: string } | undefined;
  readonly profile: string | null;
  readonly outlets: SwitchableOutlet[];
  readonly view: Pick<DeviceSwitching, 'commands' | 'credentials'>;
}

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
      obstacles: this.#obstaclesOf(seen, caller),
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
    const [obstacle] = this.#obstaclesOf(seen, caller);
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
    await this.#db.transaction().execute(async (tx) => {
      await tx
        .deleteFrom('outlet_locks')
        .where('device_id', '=', deviceId)
        .where('outlet', '=', outlet)
        .execute();
      if (locked)
        await tx
          .insertInto('outlet_locks')
          .values({ device_id: deviceId, outlet, note, locked_by: writer.by.name, locked_at: this.#now() })
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

  #obstaclesOf(seen: Seen, caller: Caller): SwitchObstacle[] {
    const { commands, credentials } = seen.view;
    const found: SwitchObstacle[] = [];
    if (commands.length === 0) found.push('profile');
    if (seen.assigned?.snmp == null || seen.agent === undefined) found.push('agent');
    else if (this.#jobs.isTooOld(seen.agent.id)) found.push('agent-old');
    if (credentials === null) found.push('credentials');
    else if (credentials.elsewhere) found.push('credentials-elsewhere');
    if (caller.kind !== 'person' || caller.maySwitch !== true) found.push('right');
    else if (!mayActAs(caller.role, 'on-call')) found.push('role');
    return found;
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

  async #look(deviceId: number): Promise<Seen> {
    const device = await this.#db
      .selectFrom('devices')
      .select(['id', 'name'])
      .where('id', '=', deviceId)
      .executeTakeFirst();
    if (device === undefined)
      throw new AppError('not-found', `There is no device ${deviceId}.`, undefined, { reason: 'gone' });
    const { deviceOf, agentOf, agents, readingsOf, observationOf } = this.#sources;
    const [observation, list, cords, credentials] = await Promise.all([
      observationOf(deviceId),
      agents(),
      this.#cords(),
      this.#credentials.shown(deviceId),
    ]);
    const profile = observation?.profile ?? null;
    const observed = new Map(
      observation?.entities.filter(({ kind }) => kind === 'outlet').map((each) => [each.entity, each]),
    );
    const agentId = agentOf(deviceId);
    return {
      device,
      assigned: deviceOf(deviceId),
      agent: list.find(({ id }) => id === agentId),
      profile,
      outlets: await outletsOf(this.#db, deviceId, readingsOf(deviceId) ?? [], observed, cords),
      view: { commands: commandsOf(this.#profiles(), profile), credentials },
    };
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

const obstacleWords: Readonly<Record<SwitchObstacle, string>> = {
  profile: 'The profile of this device does not say how its outlets are switched.',
  agent: 'No agent polls this device by SNMP.',
  'agent-old': 'The agent that polls this device is of a version that cannot switch outlets yet.',
  credentials: 'There are no credentials for switching at this device.',
  'credentials-elsewhere':
    'The address of this device was changed since its credentials for switching were set; they have to be set again.',
  right: 'This account may not switch outlets.',
  role: 'This needs at least the role on-call.',
};

/**
 * Who locks protects; who unlocks lets something be switched off again. So that is for those who may switch themselves, and for
 * administrators, signed in.
 */
function mayUnlock(caller: Caller): boolean {
  if (caller.kind !== 'person' || !mayActAs(caller.role, 'technician')) return false;
  return caller.maySwitch === true || (caller.role === 'administrator' && caller.token === undefined);
}

/** @throws AppError not-found */
function mustFind({ outlets }: Seen, name: string): SwitchableOutlet {
  const outlet = outlets.find((each) => each.name === name);
  if (outlet === undefined)
    throw new AppError('not-found', `The device tells of no outlet "${name}" at the moment.`, undefined, {
      reason: 'no-such-outlet',
    });
  return outlet;
}

/** What confirms when it is typed: the outlet's own name, or that of something that goes off. */
function confirming(outlet: string, hangs: SwitchImpact['hangs']): string[] {
  return [outlet, ...hangs.filter(({ loses }) => loses === 'power').map(({ name }) => name)];
}

function isConfirmed(
  { confirm }: SwitchOrder,
  outlet: SwitchableOutlet,
  hangs: SwitchImpact['hangs'],
): boolean {
  const typed = confirm.toLowerCase();
  return confirming(outlet.name, hangs).some((name) => name.trim().toLowerCase() === typed);
}

/** Who orders: somebody with an account, by themselves or by a program of theirs. */
export function orderedBy(caller: Caller, address: string | null): OrderedBy {
  if (caller.kind !== 'person' || caller.userId === null)
    throw new AppError('forbidden', 'Only people with an account switch outlets.');
  return { userId: caller.userId, by: auditBy(caller), address };
}
