import type { AssignedDevice, Identity, Observation, Reading, Sightings } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { SightingsReader } from '../sightings/sightings-reader.ts';
import { type SnmpValue, toNumber, toText } from '../snmp/decode.ts';
import { SnmpError } from '../snmp/error.ts';
import { encodeOid } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import { SnmpSession } from '../snmp/session.ts';
import type { UdpHub } from '../snmp/udp.ts';
import { Attempts } from './attempts.ts';
import { type DeviceClock, elapsedBetween } from './counters.ts';
import { readIdentity, type SystemGroup } from './identity.ts';
import { type Known, prepare } from './known.ts';
import { findProfile } from './match.ts';
import { mergeNeighbours } from './merge-neighbours.ts';
import { observedEntities, observedPorts } from './observe.ts';
import { readAhead } from './read-ahead.ts';
import { ReadingSet } from './reading-set.ts';
import { getAll } from './scalars.ts';
import type { TablePoller } from './table-poller.ts';
import { DeviceUptime } from './uptime.ts';

/** What one poll gave. */
export interface PollResult {
  readings: Reading[];
  /** What the device says of itself; null when it says the same as before. */
  observation: Observation | null;
  reachable: boolean;
  /** For people: why nothing or not everything was read. */
  problem: string | null;
  durationMs: number;
}

/** What came of asking who was seen behind which port. */
export interface SightResult {
  readonly sightings: Sightings | null;
  /** For people: why there are none; null when the device has none. */
  readonly problem: string | null;
}

/** What changes rarely is read again after this time, with up to a tenth of it as jitter by device id. */
const refreshMs = 600_000;
const leastRefreshMs = 60_000;

const perPoll = {
  uptime: '1.3.6.1.2.1.1.3.0',
  engineBoots: '1.3.6.1.6.3.10.2.1.2.0',
  engineTime: '1.3.6.1.6.3.10.2.1.3.0',
  hostUptime: '1.3.6.1.2.1.25.1.1.0',
  tableLastChange: '1.3.6.1.2.1.31.1.5.0',
} as const;
const atRefresh = {
  description: '1.3.6.1.2.1.1.1.0',
  objectId: '1.3.6.1.2.1.1.2.0',
  name: '1.3.6.1.2.1.1.5.0',
  location: '1.3.6.1.2.1.1.6.0',
} as const;
type PerPoll = keyof typeof perPoll;

const unknownIdentity: Identity = {
  os: null,
  vendor: null,
  model: null,
  serial: null,
  firmware: null,
  name: null,
  description: null,
  location: null,
};

/**
 * Polls one device by the profile that fits it. Keeps what it has learnt (session, sizes, rows, counters) from poll to
 * poll. A table that fails costs that table only; a device that does not answer is a result, not an error.
 */
export class DevicePoller {
  private readonly device: AssignedDevice;
  private readonly profiles: ProfileSet;
  private readonly now: () => number;
  private readonly session: SnmpSession | null;
  private readonly sightings: SightingsReader | null;
  private readonly size = new ReplySize();
  private known: Known | null = null;
  private system: SystemGroup = { description: null, objectId: null, name: null, location: null };
  private asked: readonly PerPoll[] = Object.keys(perPoll).filter(isPerPoll);
  private clock: DeviceClock | null = null;
  private tableLastChange: number | undefined;
  private refreshAt = 0;
  private togetherFailed = false;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private readonly attempts = new Attempts({
    isThere: async () => await this.session?.get([encodeOid(perPoll.uptime)]),
    pauseMs: refreshMs,
  });
  private refreshNext = true;
  private readonly uptime = new DeviceUptime();
  private lastObservation = '';
  private observation: Omit<Observation, 'time'> | null = null;

  constructor(options: {
    device: AssignedDevice;
    profiles: ProfileSet;
    /** ms since 1970 */
    now: () => number;
    /** Shared sockets; without it the poller opens its own. */
    hub?: UdpHub;
  }) {
    this.device = options.device;
    this.profiles = options.profiles;
    this.now = options.now;
    const { snmp, address } = options.device;
    this.session =
      snmp &&
      new SnmpSession({
        host: address,
        port: snmp.port,
        credentials: snmp.credentials,
        ...(options.hub && { hub: options.hub }),
      });
    this.sightings = this.session && new SightingsReader({ session: this.session });
  }

  /**
   * Asks the device once for everything its profile names; `now`: for its neighbours as well, whether it says that they
   * changed or not. Does not reject when the device is silent or talks nonsense.
   */
  async poll(signal: AbortSignal, { now = false }: { now?: boolean } = {}): Promise<PollResult> {
    const startedAt = performance.now();
    const time = this.now();
    const { session } = this;
    const result: PollResult = {
      readings: [],
      observation: null,
      reachable: false,
      problem: null,
      durationMs: 0,
    };
    if (!session) return { ...result, problem: 'SNMP is not set up for this device' };

    const abort = (): void => session.cancel();
    signal.addEventListener('abort', abort, { once: true });
    const readings = new ReadingSet();
    const problems: string[] = [];
    try {
      signal.throwIfAborted();
      await this.pollWith(session, { signal, now }, time, startedAt, readings, problems, () => {
        result.reachable = true;
      });
      result.observation = this.changedObservation(time);
    } catch (error) {
      if (!(error instanceof SnmpError) && !signal.aborted) throw error;
      problems.push(error instanceof Error ? error.message : String(error));
      // Whatever it was: after silence everything is looked at anew.
      if (!result.reachable) this.refreshNext = true;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    result.durationMs = performance.now() - startedAt;
    if (!signal.aborted) {
      readings.add('device.reachable', 'reachable', '', result.reachable ? 1 : 0);
      if (result.reachable) readings.add('device.pollDuration', 'pollDuration', '', result.durationMs / 1000);
    }
    result.readings = readings.readings(this.device.id, time);
    result.problem = problems.length === 0 ? null : problems.join('; ');
    return result;
  }

  /**
   * Reads who was seen behind which port; may run beside a poll, whose requests it lets pass. Null when the device has no
   * such tables, is not known yet, or does not answer to them. `now`: also what it did not have the last time.
   */
  async sight(signal: AbortSignal, { now = false }: { now?: boolean } = {}): Promise<SightResult> {
    const { known, sightings } = this;
    if (!known || !sightings) return { sightings: null, problem: null };
    const names = new Map(portNames(known.tables)?.rows.map((row) => [Number(row.index), row.name]));
    const time = this.now();
    try {
      const seen = await sightings.read({
        perVlan: known.plan.bridgePerVlan,
        portName: (ifIndex) => names.get(ifIndex),
        anew: now,
        signal,
      });
      return { sightings: seen && { deviceId: this.device.id, time, ...seen }, problem: null };
    } catch (error) {
      if (!(error instanceof SnmpError) && !signal.aborted) throw error;
      return { sightings: null, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  close(): void {
    this.session?.close();
  }

  private async pollWith(
    session: SnmpSession,
    { signal, now }: { signal: AbortSignal; now: boolean },
    time: number,
    startedAt: number,
    readings: ReadingSet,
    problems: string[],
    answered: () => void,
  ): Promise<void> {
    const values = new Map<PerPoll, SnmpValue>();
    const wanted = this.refreshNext ? Object.keys(perPoll).filter(isPerPoll) : this.asked;
    const before = this.refreshNext ? null : this.known;
    const scalarOids = before?.scalars.wanted(false) ?? [];
    const changeOids = before?.neighbours.flatMap((each) => each.watched ?? []) ?? [];
    const asked = [...wanted.map((name) => encodeOid(perPoll[name])), ...scalarOids, ...changeOids];
    const ahead =
      before && !this.togetherFailed
        ? await readAhead({
            session,
            size: this.size,
            tables: before.tables.filter((table) => !this.attempts.failedLast(table.table.spec.id)),
            scalars: asked,
            deadline: startedAt + 20_000,
          })
        : null;
    const first = ahead?.scalars ?? (await getAll(session, asked));
    // The device is there, so it was the request for everything at once that it did not answer.
    if (before && !ahead) this.togetherFailed = true;
    answered();
    wanted.forEach((name, i) => {
      values.set(name, first[i]);
    });
    if (this.refreshNext) this.asked = wanted.filter((name) => values.get(name) !== undefined);

    const clock: DeviceClock = {
      ticks: toNumber(values.get('uptime')) ?? null,
      boots: toNumber(values.get('engineBoots')) ?? null,
      at: startedAt,
    };
    const refresh = this.needsRefresh(clock, values, startedAt);
    const uptime = this.uptime.at(clock, time, [
      toNumber(values.get('engineTime')),
      (toNumber(values.get('hostUptime')) ?? Number.NaN) / 100,
    ]);
    if (uptime !== undefined) readings.add('device.uptime', 'uptime', '', uptime);

    const deadline = startedAt + Math.max(refresh ? 60_000 : 20_000, this.device.intervalSeconds * 1000);
    let known = this.known;
    let changes: SnmpValue[];
    const relearnt = refresh || !known || !before;
    if (relearnt || !known) {
      known = await this.learn(session, deadline, problems, startedAt);
      known.scalars.take(await getAll(session, known.scalars.wanted(true)), true);
      changes = await getAll(
        session,
        known.neighbours.flatMap((each) => each.changed ?? []),
      );
    } else {
      known.scalars.take(first.slice(wanted.length, wanted.length + scalarOids.length), false);
      changes = first.slice(wanted.length + scalarOids.length);
    }

    const shared = {
      session,
      size: this.size,
      deadline,
      refresh,
      clock,
      moment: (ticks: number) => this.uptime.moment(ticks, clock),
      readings,
    };
    const together = refresh ? null : ahead?.tables;
    const note = (problem: string | null): void => {
      if (problem !== null) problems.push(problem);
    };
    for (const [part, tables] of known.parts.entries()) {
      for (const table of tables) {
        signal.throwIfAborted();
        note(
          await this.attempts.do(table.table.spec.id, startedAt, () =>
            table.poll(shared, together?.get(table)),
          ),
        );
        note(table.problem);
      }
      known.scalars.addTo(readings, part, time);
    }
    const ports = portNames(known.tables);
    let neighboursChanged = false;
    for (const neighbours of known.neighbours) {
      const asked = relearnt ? neighbours.changed : neighbours.watched;
      const changed = asked ? changes.shift() : undefined;
      const problem = await this.attempts.do('neighbours', startedAt, async () => {
        if (await neighbours.poll({ ...shared, now, changed, ports })) neighboursChanged = true;
      });
      note(problem);
    }

    if (refresh || neighboursChanged || known.tables.some((table) => table.changed))
      this.observe(known, readings);
    this.clock = clock;
    if (refresh) {
      this.refreshNext = false;
      this.togetherFailed = false;
      this.refreshedAt = startedAt;
      this.refreshAt = startedAt + refreshMs * (1 + (this.device.id % 100) / 1000);
    }
  }

  private needsRefresh(clock: DeviceClock, values: ReadonlyMap<PerPoll, SnmpValue>, at: number): boolean {
    const lastChange = toNumber(values.get('tableLastChange'));
    // Some devices change it all the time; new rows and names are seen without it.
    const tableChanged = lastChange !== this.tableLastChange && at >= this.refreshedAt + leastRefreshMs;
    this.tableLastChange = lastChange;
    const restarted = this.clock !== null && elapsedBetween(this.clock, clock).kind === 'restart';
    if (restarted) this.uptime.restart();
    return this.refreshNext || !this.known || restarted || tableChanged || at >= this.refreshAt;
  }

  private async learn(
    session: SnmpSession,
    deadline: number,
    problems: string[],
    at: number,
  ): Promise<Known> {
    const [description, objectId, name, location] = await getAll(
      session,
      Object.values(atRefresh).map(encodeOid),
    );
    this.system = {
      description: toText(description),
      objectId: typeof objectId === 'string' ? objectId : null,
      name: toText(name),
      location: toText(location),
    };
    let { known } = this;
    if (!known || known.objectId !== this.system.objectId) {
      const id =
        this.device.profile ?? (await findProfile(session, this.profiles, this.system))?.id ?? 'generic';
      known = prepare(this.profiles, id, this.system.objectId);
      this.known = known;
    }
    const { profile } = known.plan;
    let identity: Identity = { ...unknownIdentity, ...this.observation?.identity };
    const problem = await this.attempts.do('identity', at, async () => {
      identity = await readIdentity(session, this.size, profile, this.system, deadline);
    });
    if (problem !== null) problems.push(problem);
    this.observation = {
      deviceId: this.device.id,
      profile: profile.profile.id,
      identity,
      ports: this.observation?.ports ?? [],
      entities: this.observation?.entities ?? [],
      neighbours: this.observation?.neighbours ?? [],
    };
    return known;
  }

  private observe(known: Known, readings: ReadingSet): void {
    if (!this.observation) return;
    this.observation = {
      ...this.observation,
      ports: observedPorts(known.tables),
      entities: observedEntities(known.tables, readings),
      neighbours: mergeNeighbours(known.neighbours.flatMap((each) => each.neighbours)),
    };
  }

  private changedObservation(time: number): Observation | null {
    if (!this.observation) return null;
    const text = JSON.stringify(this.observation);
    if (text === this.lastObservation) return null;
    this.lastObservation = text;
    return { ...this.observation, time };
  }
}

function isPerPoll(name: string): name is PerPoll {
  return Object.hasOwn(perPoll, name);
}

function portNames(tables: readonly TablePoller[]): TablePoller | null {
  return tables.find(({ table }) => table.spec.port !== undefined) ?? null;
}
