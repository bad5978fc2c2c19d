import { createHash } from 'node:crypto';
import type { AssignedDevice, Identity, Observation, Reading, Sightings } from '@rackhaus/config/contract';
import type { ProfileSet } from '@rackhaus/config/profiles';
import { share } from '../schedule/timing.ts';
import { SightingsReader } from '../sightings/sightings-reader.ts';
import { type SnmpValue, toNumber, toText } from '../snmp/decode.ts';
import { SnmpError } from '../snmp/error.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import { ReplySize } from '../snmp/reply-size.ts';
import { SnmpSession, type Traffic } from '../snmp/session.ts';
import type { UdpHub } from '../snmp/udp.ts';
import { guessedBytesPerValue, type ValueBytes } from '../snmp/walk.ts';
import { Attempts } from './attempts.ts';
import { type DeviceClock, elapsedBetween } from './counters.ts';
import { readIdentity, type SystemGroup } from './identity.ts';
import { type Known, prepare } from './known.ts';
import { chooseProfile, type ProfileChoice } from './match.ts';
import { mergeNeighbours, oneOfLldp } from './merge-neighbours.ts';
import type { NeighbourPoller } from './neighbours.ts';
import { observedEntities, observedNetwork, observedPorts } from './observe.ts';
import { compilePlan } from './plan.ts';
import { entriesOf, Presence } from './presence.ts';
import { readAhead } from './read-ahead.ts';
import { ReadingSet } from './reading-set.ts';
import { getAll } from './scalars.ts';
import type { TablePoller } from './table-poller.ts';
import { DeviceUptime } from './uptime.ts';

export type { ProfileChoice } from './match.ts';
export { valueKey } from './reading-set.ts';

/** What one poll gave. */
export interface PollResult {
  readings: Reading[];
  /** What the device says of itself; null when it says the same as before. */
  observation: Observation | null;
  reachable: boolean;
  /** For people: why nothing or not everything was read. */
  problem: string | null;
  durationMs: number;
  /** Instances that each value was made of, by {@link valueKey}; only of a poller that traces. */
  origins?: ReadonlyMap<string, readonly string[]>;
}

/** What came of asking who was seen behind which port. */
export interface SightResult {
  readonly sightings: Sightings | null;
  /** For people: why there are none; null when the device has none. */
  readonly problem: string | null;
}

/** What changes rarely is read again after this time; the first time between half of it and all, by device id. */
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
const perPollNames = Object.keys(perPoll).filter(isPerPoll);
const perPollOids: Readonly<Record<PerPoll, OidBytes>> = {
  uptime: encodeOid(perPoll.uptime),
  engineBoots: encodeOid(perPoll.engineBoots),
  engineTime: encodeOid(perPoll.engineTime),
  hostUptime: encodeOid(perPoll.hostUptime),
  tableLastChange: encodeOid(perPoll.tableLastChange),
};

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
  private readonly traced: boolean;
  private readonly session: SnmpSession | null;
  private readonly sightings: SightingsReader | null;
  private readonly size = new ReplySize();
  private readonly presence = new Presence();
  private known: Known | null = null;
  /** The profiles that `known` was found among: a set that is replaced has others. */
  private foundAmong: ProfileSet['profiles'];
  private system: SystemGroup = { description: null, objectId: null, name: null, location: null };
  private asked: readonly PerPoll[] = perPollNames;
  private clock: DeviceClock | null = null;
  private tableLastChange: number | undefined;
  private refreshAt = 0;
  private togetherFailed = false;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private readonly attempts = new Attempts({
    isThere: async () => await this.session?.get([perPollOids.uptime]),
    pauseMs: refreshMs,
  });
  private refreshNext = true;
  private readonly uptime = new DeviceUptime();
  /** What the device has anything of, by part of its profile, as found at the last refresh: nothing of most. */
  private inUse: readonly PartInUse[] = [];
  /** Something changed that the observation tells. */
  private observeNext = false;
  /** The device's words as they were told last. */
  private readonly words = new Map<string, string>();
  private identity: Identity = unknownIdentity;
  /** Why it is polled by its profile; null as long as it has none, and where the profile was given. */
  choice: ProfileChoice | null = null;
  /** Digest of what was told last: the text of a device with many ports is long. */
  private lastObservation = '';
  private readonly valueBytes: ValueBytes = { estimate: guessedBytesPerValue };

  constructor(options: {
    device: AssignedDevice;
    profiles: ProfileSet;
    /** ms since 1970 */
    now: () => number;
    /** Shared sockets; without it the poller opens its own. */
    hub?: UdpHub;
    /** Keep where values come from; for people who look closer. */
    traced?: boolean;
  }) {
    this.device = options.device;
    this.profiles = options.profiles;
    this.foundAmong = options.profiles.profiles;
    this.now = options.now;
    this.traced = options.traced ?? false;
    const { snmp, address } = options.device;
    this.session =
      snmp &&
      new SnmpSession({
        host: address,
        port: snmp.port,
        credentials: snmp.credentials,
        ...(options.hub && { hub: options.hub }),
      });
    this.sightings = this.session && new SightingsReader({ session: this.session.beside() });
  }

  /**
   * Asks the device once for everything its profile names; `now`: for its neighbours as well, whether it says that they
   * changed or not; `anew`: for what changes rarely, too. Does not reject when the device is silent or talks nonsense.
   */
  async poll(
    signal: AbortSignal,
    { now = false, anew = false }: { now?: boolean; anew?: boolean } = {},
  ): Promise<PollResult> {
    if (anew) this.refreshNext = true;
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
    signal.addEventListener('abort', abort);
    const before = { ...session.traffic };
    const readings = new ReadingSet({ traced: this.traced });
    const problems: string[] = [];
    try {
      signal.throwIfAborted();
      result.observation = await this.pollWith(
        session,
        { signal, now },
        time,
        startedAt,
        readings,
        problems,
        () => {
          result.reachable = true;
        },
      );
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
      addTraffic(readings, before, session.traffic);
    }
    result.readings = readings.readings(this.device.id, time);
    if (readings.origins) result.origins = readings.origins;
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
    const portName = portNameBy(known.ports);
    const time = this.now();
    try {
      const seen = await sightings.read({
        perVlan: known.plan.bridgePerVlan,
        portName,
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
  ): Promise<Observation | null> {
    const values = new Map<PerPoll, SnmpValue>();
    const wanted = this.refreshNext ? perPollNames : this.asked;
    const before = this.refreshNext ? null : this.known;
    const scalarOids = before?.scalars.wanted(false) ?? [];
    const changeOids = before?.watching.flatMap((each) => each.watched ?? []) ?? [];
    const asked = [...wanted.map((name) => perPollOids[name]), ...scalarOids, ...changeOids];
    const ahead =
      before && !this.togetherFailed
        ? await readAhead({
            session,
            size: this.size,
            tables: this.inUse.flatMap(({ tables }) =>
              tables.filter((table) => table.ready && !this.attempts.failedLast(table.table.spec.id)),
            ),
            scalars: asked,
            deadline: startedAt + 20_000,
            valueBytes: this.valueBytes,
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
    const restarted = this.clock !== null && elapsedBetween(this.clock, clock).kind === 'restart';
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
      known.scalars.take(await getAll(session, known.scalars.wanted(true)), true, clock);
      changes = await getAll(
        session,
        known.watching.flatMap((each) => each.watching ?? []),
      );
    } else {
      known.scalars.take(first.slice(wanted.length, wanted.length + scalarOids.length), false, clock);
      changes = first.slice(wanted.length + scalarOids.length);
    }

    const change = new Map<NeighbourPoller | TablePoller, SnmpValue>();
    for (const each of known.watching)
      if (relearnt ? each.watching : each.watched) change.set(each, changes.shift());

    const moment = (ticks: number) => this.uptime.moment(ticks, clock);
    const shared = {
      session,
      size: this.size,
      deadline,
      refresh,
      clock,
      moment,
      readings,
      presence: this.presence,
    };
    const together = refresh ? null : ahead?.tables;
    const scalarContext = { time, clock, moment };
    const note = (problem: string | null): void => {
      if (problem !== null) problems.push(problem);
    };
    const parts = refresh ? known.parts.map((tables, part) => ({ part, tables })) : this.inUse;
    for (const { part, tables } of parts) {
      for (const table of tables) {
        signal.throwIfAborted();
        table.see(change.get(table));
        note(
          await this.attempts.do(table.table.spec.id, startedAt, () =>
            table.poll(shared, together?.has(table) ? { problem: null } : null),
          ),
        );
        note(table.problem);
        if (table.changed) this.observeNext = true;
      }
      known.scalars.addTo(readings, part, scalarContext);
    }
    const { ports } = known;
    for (const neighbours of known.neighbours) {
      const changed = change.get(neighbours);
      if (!neighbours.isDue({ refresh, now, changed }) && !this.attempts.failedLast('neighbours')) continue;
      const problem = await this.attempts.do('neighbours', startedAt, async () => {
        if (await neighbours.poll({ ...shared, now, changed, ports })) this.observeNext = true;
      });
      note(problem);
    }

    if (refresh) {
      const { network } = known;
      const { size, presence } = this;
      const reading = { session, size, deadline, presence, portName: portNameBy(ports) };
      note(await this.attempts.do('vlans', startedAt, () => network.readVlans(reading)));
      note(await this.attempts.do('parts', startedAt, () => network.readParts(reading, restarted)));
    }

    if (refresh) this.words.clear();
    // A device that is half read is told of when it is read whole.
    if (problems.length === 0 && this.saysOtherwise(readings)) this.observeNext = true;
    const observation = refresh || this.observeNext ? this.observe(known, readings, time) : null;
    this.clock = clock;
    if (refresh) {
      // Devices that were added together are not refreshed together.
      const first = this.refreshedAt === Number.NEGATIVE_INFINITY;
      this.inUse = partsInUse(known);
      this.refreshNext = false;
      this.togetherFailed = false;
      this.refreshedAt = startedAt;
      this.refreshAt = startedAt + refreshMs * (first ? 0.5 + share(this.device.id) / 2 : 1);
    }
    return observation;
  }

  /** Whether one of the device's words is another than before. What was not read this time says nothing. */
  private saysOtherwise({ words }: ReadingSet): boolean {
    let other = false;
    for (const [key, word] of words) {
      if (this.words.get(key) === word) continue;
      this.words.set(key, word);
      other = true;
    }
    return other;
  }

  private needsRefresh(clock: DeviceClock, values: ReadonlyMap<PerPoll, SnmpValue>, at: number): boolean {
    const lastChange = toNumber(values.get('tableLastChange'));
    // Some devices change it all the time; new rows and names are seen without it.
    const tableChanged = lastChange !== this.tableLastChange && at >= this.refreshedAt + leastRefreshMs;
    this.tableLastChange = lastChange;
    const restarted = this.clock !== null && elapsedBetween(this.clock, clock).kind === 'restart';
    if (restarted) this.uptime.restart();
    const otherProfiles = this.foundAmong !== this.profiles.profiles;
    return (
      this.refreshNext || !this.known || restarted || tableChanged || otherProfiles || at >= this.refreshAt
    );
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
    const { profiles: among } = this.profiles;
    if (!known || known.objectId !== this.system.objectId || this.foundAmong !== among) {
      this.choice =
        this.device.profile === null ? await chooseProfile(session, this.profiles, this.system) : null;
      const id = this.device.profile ?? this.choice?.profile?.id ?? 'generic';
      const isSame =
        known?.objectId === this.system.objectId && compilePlan(this.profiles, id) === known.plan;
      if (!known || !isSame) known = prepare(this.profiles, id, this.system.objectId);
      this.known = known;
      this.foundAmong = among;
    }
    const { plan } = known;
    // What does not answer to this is asked for table by table, so nothing is missing without it.
    await this.attempts.do('presence', at, () => this.presence.look(session, entriesOf(plan)));
    const { size, system, presence } = this;
    const problem = await this.attempts.do('identity', at, async () => {
      this.identity = await readIdentity(session, size, plan.profile, system, deadline, presence);
    });
    if (problem !== null) problems.push(problem);
    return known;
  }

  /** What the device says of itself, when that is not what it said before. */
  private observe(known: Known, readings: ReadingSet, time: number): Observation | null {
    const observation = {
      deviceId: this.device.id,
      profile: known.plan.profile.profile.id,
      identity: this.identity,
      ports: observedPorts(known.tables, known.network.vlans?.ports),
      entities: observedEntities(known.tables, readings),
      neighbours: mergeNeighbours(oneOfLldp(known.neighbours.map((each) => each.neighbours))),
      ...observedNetwork(known.network),
    };
    this.observeNext = false;
    const digest = createHash('sha256').update(JSON.stringify(observation)).digest('base64');
    if (digest === this.lastObservation) return null;
    this.lastObservation = digest;
    return { ...observation, time };
  }
}

function addTraffic(readings: ReadingSet, before: Traffic, now: Traffic): void {
  readings.add('device.pollRequests', 'pollRequests', '', now.requests - before.requests);
  readings.add('device.pollTimeouts', 'pollTimeouts', '', now.timeouts - before.timeouts);
  readings.add('device.pollRetries', 'pollRetries', '', now.retries - before.retries);
  readings.add('device.pollValues', 'pollValues', '', now.values - before.values);
}

interface PartInUse {
  readonly part: number;
  readonly tables: readonly TablePoller[];
}

function partsInUse({ parts, scalars }: Known): PartInUse[] {
  return parts
    .map((tables, part) => ({ part, tables: tables.filter((table) => table.inUse) }))
    .filter(({ part, tables }) => tables.length > 0 || scalars.has(part));
}

function isPerPoll(name: string): name is PerPoll {
  return Object.hasOwn(perPoll, name);
}

/** Names of the ports by ifIndex. */
function portNameBy(ports: TablePoller | null): (ifIndex: number) => string | undefined {
  const names = new Map(ports?.rows.map((row) => [Number(row.index), row.name]));
  return (ifIndex) => names.get(ifIndex);
}
