import type { Condition, IncidentCause, Severity } from '@rackhaus/config/contract';
import { SiteGraph } from '../cabling/graph/site-graph.ts';
import type { Database } from '../database/tables.ts';
import type { Standing } from '../monitoring/conditions.ts';
import type { PollNow } from './checks.ts';
import { decide, patienceMs } from './decide.ts';
import { isWritten } from './draft.ts';
import { Engine } from './engine.ts';
import { Families } from './family.ts';
import type { Change, Incident, Known, Moment } from './incident.ts';
import type { CausesOf, FoundCause, HeldBy } from './parts.ts';
import type { Monitored } from './seen.ts';
import { reopenMs } from './store.ts';
import type { World } from './world.ts';

/** Rules as far as incidents ask of them. */
export const testRules = [
  { id: 'unreachable', family: 'reachability', groupBy: 'device', metric: 'device.reachable' },
  { id: 'agent-silent', family: 'agent', groupBy: 'device', metric: 'agent.queue' },
  { id: 'water', family: 'water', groupBy: 'room', metric: 'sensor.water' },
  { id: 'room-warm', family: 'climate', groupBy: 'room', metric: 'sensor.temperature' },
  { id: 'room-hot', family: 'climate', groupBy: 'room', metric: 'sensor.temperature' },
  { id: 'ups-on-battery', family: 'power', groupBy: 'device', metric: 'ups.source' },
  { id: 'uplink-down', family: 'link', groupBy: 'entity', metric: 'port.oper' },
  { id: 'fan-failed', family: 'hardware', groupBy: 'device', metric: 'fan.state' },
] as const;
export const testFamilies = new Families(testRules);

const critical: readonly string[] = ['unreachable', 'agent-silent', 'water', 'room-hot'];

/** A condition as monitoring says it; agents have device 0 and their name as entity. */
export function condition(deviceId: number, rule: string, entity = '', since = 0): Condition {
  const deviceName = deviceId === 0 ? entity : `d${deviceId}`;
  const severity: Severity = critical.includes(rule) ? 'critical' : 'warning';
  const said = `${deviceName}: ${rule}${entity === '' ? '' : ` ${entity}`}`;
  return {
    id: `${deviceId}/${rule}/${entity}`,
    rule,
    deviceId,
    deviceName,
    place: 'Serverraum',
    roomId: deviceId === 0 ? null : 1,
    entity,
    severity,
    title: { de: said, en: said },
    advice: { de: 'Bitte prüfen.', en: 'Please check.' },
    since,
  };
}

/** That a device is the cause of what others show. */
export function found(
  deviceId: number,
  conditionIds: readonly string[],
  affected: readonly number[] = [],
  more: Partial<FoundCause> & { kind?: IncidentCause['kind'] } = {},
): FoundCause {
  const { kind = 'device', ...rest } = more;
  return {
    key: kind === 'device' ? `device:${deviceId}/reachability` : `${kind}:${deviceId}`,
    cause: { kind, name: `d${deviceId}`, deviceId, linkId: null, linkLabel: null, also: [] },
    conditionIds,
    affected,
    recheck: [deviceId],
    ...rest,
  };
}

/** Incidents through the pure core, with a clock that only tests move; what is written is kept as a list of words. */
export class Story {
  now = 1_000_000;
  conditions = new Map<string, Condition>();
  causes: readonly FoundCause[] = [];
  standings = new Map<number, Standing>();
  agentsHeard = true;
  /** Sources that have not reported yet. */
  readonly unreported = new Set<string>();
  heldBy: HeldBy = () => null;
  verified = new Set<string>();
  /** `opened 1`, `resolved 1`: notice and incident. */
  readonly notices: string[] = [];
  /** `opened 1`, `joined 1 d2, d3`. */
  readonly events: string[] = [];
  open = new Map<string, Incident>();
  readonly #recent = new Map<string, { incident: Incident; until: number }>();
  #ids = 0;

  get time(): Moment {
    return { now: this.now, steady: this.now };
  }

  get known(): Known {
    const recent = new Map(
      [...this.#recent].flatMap(([key, { incident, until }]) => (until > this.now ? [[key, incident]] : [])),
    );
    return { open: this.open, recent };
  }

  get world(): World {
    return {
      conditions: this.conditions,
      causes: this.causes,
      familyOf: (of) => testFamilies.of(of),
      standing: (id) => this.standings.get(id) ?? 'answers',
      agent: (name) => ({ id: name.length, heard: this.agentsHeard }),
      placeOf: (id) => ({
        name: `d${id}`,
        place: 'Serverraum',
        roomId: 1,
        roomName: 'Serverraum',
        siteId: 1,
        siteName: 'Rathaus',
      }),
      heldBy: this.heldBy,
      reported: (source) => !this.unreported.has(source),
      verified: this.verified,
    };
  }

  /** What holds from now on; of devices that are unreachable, they do not answer. */
  sees(...conditions: Condition[]): this {
    this.conditions = new Map(conditions.map((each) => [each.id, each]));
    for (const [id, standing] of this.standings)
      if (standing === 'unreachable') this.standings.set(id, 'answers');
    for (const { rule, deviceId } of conditions)
      if (rule === 'unreachable') this.standings.set(deviceId, 'unreachable');
    return this.look();
  }

  look(): this {
    this.apply(decide(this.known, this.world, this.time));
    return this;
  }

  /** Time passes in steps of a second. */
  passes(seconds: number): this {
    for (let n = 0; n < seconds; n++) {
      this.now += 1000;
      this.look();
    }
    return this;
  }

  /** Another process goes on: it knows what was written, and counts durations anew. */
  restart(): void {
    const forgets = {
      returns: [],
      recheck: [],
      calmSince: null,
      foundAt: this.now,
      explained: true,
      doubtSince: null,
      gone: new Set<number>(),
    };
    this.open = new Map(
      Array.from(this.open, ([key, incident]) => [
        key,
        { ...incident, ...forgets, pendingUntil: this.now + patienceMs },
      ]),
    );
    this.verified.clear();
    this.look();
  }

  /** What would be written at another time. */
  decided(known: Known, world: World, time: Moment): Change[] {
    return decide(known, world, time).filter(isWritten);
  }

  /** All that was to be read again has been. */
  verifies(): this {
    for (const key of this.open.keys()) this.verified.add(key);
    return this.look();
  }

  apply(changes: readonly Change[]): void {
    for (const { before } of changes) if (before !== null) this.open.delete(before.key);
    for (const change of changes) {
      if (change.dropped) continue;
      const id = change.after.id === 0 ? ++this.#ids : change.after.id;
      const after = { ...change.after, id };
      for (const { kind, text } of change.notices)
        this.notices.push(text === undefined ? `${kind} ${id}` : `${kind} ${id} ${text.de}`);
      for (const { kind, text } of change.events)
        this.events.push(text == null ? `${kind} ${id}` : `${kind} ${id} ${text}`);
      if (after.state === 'resolved')
        this.#recent.set(after.key, { incident: after, until: this.now + reopenMs });
      else {
        if (this.open.has(after.key)) throw new Error(`two incidents of ${after.key}`);
        this.#recent.delete(after.key);
        this.open.set(after.key, after);
      }
    }
  }

  /** Key and state of what is open. */
  get states(): Record<string, string> {
    return Object.fromEntries(Array.from(this.open, ([key, { state }]) => [key, state]));
  }
  one(key: string): Incident {
    const incident = this.open.get(key);
    if (incident === undefined) throw new Error(`no incident of ${key}`);
    return incident;
  }
}

/** Monitoring as far as incidents ask of it; tests say what devices say. */
export class ToldMonitoring implements Monitored {
  readonly #conditions = new Map<number, readonly Condition[]>();
  readonly #standings = new Map<number, Standing>();
  readonly #listeners = new Set<(ids: Iterable<number>) => void>();
  #agents: readonly Condition[] = [];
  agentsHeard = true;

  of(id: number): readonly Condition[] {
    return this.#conditions.get(id) ?? [];
  }
  ofAgents(): readonly Condition[] {
    return this.#agents;
  }
  agent(name: string): { id: number; heard: boolean } {
    return { id: name.length, heard: this.agentsHeard };
  }
  standing(id: number): { standing: Standing; since: number | null } {
    return { standing: this.#standings.get(id) ?? 'unmonitored', since: null };
  }
  portsDown(): number[] {
    return [];
  }
  deviceIds(): Iterable<number> {
    return this.#standings.keys();
  }
  onChange(listener: (ids: Iterable<number>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A device was read: these hold of it now. */
  says(id: number, ...conditions: Condition[]): void {
    this.sayAll([[id, conditions]]);
  }
  /** Many devices in one delivery. */
  sayAll(all: Iterable<readonly [number, readonly Condition[]]>): void {
    const ids: number[] = [];
    for (const [id, conditions] of all) {
      ids.push(id);
      this.#conditions.set(id, conditions);
      const dead = conditions.some(({ rule }) => rule === 'unreachable');
      this.#standings.set(id, dead ? 'unreachable' : 'answers');
    }
    for (const listener of this.#listeners) listener(ids);
  }
  silent(id: number): void {
    this.#standings.set(id, 'silent');
    for (const listener of this.#listeners) listener([id]);
  }
  agentsSay(...conditions: Condition[]): void {
    this.#agents = conditions;
    for (const listener of this.#listeners) listener([]);
  }
}

/** An engine over a database, with a clock that only tests move. */
export async function testEngine(options: {
  db: Database;
  monitored: ToldMonitoring;
  causesOf?: CausesOf;
  clock: { now: number };
  pollNow?: PollNow;
}): Promise<{ engine: Engine; errors: unknown[] }> {
  const errors: unknown[] = [];
  const engine = new Engine({
    db: options.db,
    monitored: options.monitored,
    families: testFamilies,
    causesOf: options.causesOf ?? (() => ({ causes: [] })),
    agentPlaces: () => [],
    heldBy: () => null,
    pollNow: options.pollNow ?? (async (ids) => new Map(ids.map((id) => [id, null]))),
    documented: () => ({
      site: new SiteGraph({ devices: [], network: [], power: [] }),
      places: new Map(),
    }),
    now: () => options.clock.now,
    steady: () => options.clock.now,
    onError: (_message, error) => errors.push(error),
  });
  await engine.start();
  return { engine, errors };
}
