import { type Condition, entityKinds, type HealthState, type Reading } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import type { EntityState, FarEnd } from './health.ts';

const leastSilenceMs = 10_000;
const shortSilenceMs = 5 * 60_000;
/** A value that came with a slower round of polling stays for this many intervals after its entity was last read. */
const keptIntervals = 10;
const leastKeptMs = 15 * 60_000;

interface Entity {
  readonly kind: EntityState['kind'];
  readonly entity: string;
  time: number;
  values: Record<string, number>;
  /** When each value was read: not every round of polling reads all of them. */
  readonly readAt: Map<string, number>;
}

/** What is known of one monitored device now. */
export class LiveDevice {
  device: MonitoredDevice;
  state: HealthState = 'unknown';
  /** When the state began; null: nothing was ever heard. */
  since: number | null = null;
  /** The last state that was not silence. */
  known: { readonly state: HealthState; readonly since: number } | null = null;
  conditions: readonly Condition[] = [];
  /** See {@link Evaluation}. */
  pending: ReadonlyMap<string, number> = new Map();
  /** Whether it could be reached when it was last looked at. */
  answers = false;
  /** Time of the newest reading that says whether it answers. */
  lastSeen: number | null = null;
  readonly #entities = new Map<string, Entity>();
  #answeredAt = 0;
  #answersSince = 0;
  /** Like lastSeen, but never in the future, whatever the agent's clock says. */
  #heardAt = 0;

  constructor(device: MonitoredDevice) {
    this.device = device;
  }

  /** Enters a state at a time. After a short silence, the same state goes on as if nothing had been. */
  turn(state: HealthState, at: number): void {
    if (this.state === state && this.since !== null) return;
    const wentOn =
      this.state === 'unknown' && this.since !== null && at - this.since < shortSilenceMs && this.known;
    this.state = state;
    this.since = wentOn && wentOn.state === state ? wentOn.since : at;
    if (state !== 'unknown') this.known = { state, since: this.since };
  }

  /** Takes in a reading that arrived at `now`. @returns the key of the entity, or undefined when nothing in it was new. */
  take(reading: Reading, now: number): string | undefined {
    const wasReachable = this.reachable;
    const key = `${reading.kind}/${reading.entity}`;
    let entity = this.#entities.get(key);
    if (!entity) {
      entity = { kind: reading.kind, entity: reading.entity, time: 0, values: {}, readAt: new Map() };
      this.#entities.set(key, entity);
    }
    let fresh = false;
    for (const [name, value] of Object.entries(reading.values)) {
      if ((entity.readAt.get(name) ?? 0) > reading.time) continue;
      entity.values[name] = value;
      entity.readAt.set(name, reading.time);
      fresh = true;
    }
    if (reading.time > entity.time) {
      entity.time = reading.time;
      this.#dropOld(entity);
    }
    if (reading.kind === 'device' && 'reachable' in reading.values) {
      if (reading.values.reachable !== 0 && reading.time >= this.#answeredAt) {
        if (!wasReachable || this.isSilent(now)) this.#answersSince = reading.time;
        this.#answeredAt = reading.time;
      }
      this.lastSeen = Math.max(this.lastSeen ?? 0, reading.time);
      this.#heardAt = Math.max(this.#heardAt, Math.min(reading.time, now));
    }
    return fresh ? key : undefined;
  }

  entity(key: string): EntityState | undefined {
    return this.#entities.get(key);
  }

  /** Every entity that was ever read, in the order of kinds and then of first sight. */
  entities(): EntityState[] {
    return [...this.#entities.values()].sort(
      (a, b) => entityKinds.indexOf(a.kind) - entityKinds.indexOf(b.kind),
    );
  }

  /** Without those that the device has stopped reporting while it still answers. */
  *currentEntities(): Iterable<EntityState> {
    const oldest = (this.lastSeen ?? 0) - this.#keptMs;
    for (const entity of this.#entities.values()) if (entity.time >= oldest) yield entity;
  }

  /** false only when the device is known not to answer. */
  get reachable(): boolean {
    return this.#entities.get('device/')?.values.reachable !== 0;
  }

  /** Whether the values can be vouched for: it answers, and it was heard of in time. */
  get vouchedFor(): boolean {
    return this.reachable && this.state !== 'unknown';
  }

  isSilent(now: number): boolean {
    const intervalMs = (this.device.monitoring?.intervalSeconds ?? 0) * 1000;
    return now - this.#heardAt > Math.max(3 * intervalMs, leastSilenceMs);
  }

  /** What ports that lead to this device have to know of it. */
  get asFarEnd(): FarEnd {
    return { answers: this.answers, answeredAt: this.#answeredAt, answersSince: this.#answersSince };
  }

  #dropOld(entity: Entity): void {
    const oldest = entity.time - this.#keptMs;
    for (const [name, time] of entity.readAt) {
      if (time >= oldest) continue;
      entity.readAt.delete(name);
      delete entity.values[name];
    }
  }

  get #keptMs(): number {
    return Math.max(leastKeptMs, keptIntervals * (this.device.monitoring?.intervalSeconds ?? 0) * 1000);
  }
}
