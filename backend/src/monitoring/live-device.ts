import { type Condition, entityKinds, type HealthState, type Reading } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { DeviceRules, type EntityState, type FarEnd } from '../rules/device-rules.ts';
import type { RuleBook } from '../rules/rule-book.ts';

const leastSilenceMs = 10_000;
const shortSilenceMs = 5 * 60_000;
/** A value that came with a slower round of polling stays for this many intervals after its entity was last read. */
const keptIntervals = 10;
const leastKeptMs = 15 * 60_000;
/** A value from further in the future than this came from a clock that has been set right since. */
const futureMs = 60_000;

interface Entity {
  readonly kind: EntityState['kind'];
  readonly entity: string;
  time: number;
  values: Record<string, number>;
  /** When each value was read: not every round of polling reads all of them. */
  readonly readAt: Map<string, number>;
  /** Time of the oldest value. */
  oldest: number;
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
  /** Those of them that its readings say. */
  said: readonly Condition[] = [];
  readonly rules: DeviceRules;
  /** Whether it could be reached when it was last looked at. */
  answers = false;
  /** Time of the newest reading that says whether it answers. */
  lastSeen: number | null = null;
  readonly #entities = new Map<string, Entity>();
  #answeredAt = 0;
  #answersSince = 0;
  /** On the clock that nobody sets: when it was last heard of, by the age that its newest reading had on arrival. */
  #heardAt: number | null = null;

  constructor(device: MonitoredDevice, book: RuleBook) {
    this.device = device;
    this.rules = new DeviceRules(book, device);
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

  /**
   * Takes in a reading that arrived at `now`, at `elapsed` by the clock that nobody sets.
   * @returns the key of the entity, or undefined when nothing in it was new.
   */
  take(reading: Reading, now: number, elapsed = now): string | undefined {
    const { kind, time, values } = reading;
    const key = `${kind}/${reading.entity}`;
    const latest = now + futureMs;
    let entity = this.#entities.get(key);
    if (!entity) {
      entity = { kind, entity: reading.entity, time: 0, values: {}, readAt: new Map(), oldest: time };
      this.#entities.set(key, entity);
    }
    const wasReachable = this.reachable;
    let fresh = false;
    for (const name in values) {
      const value = values[name];
      const before = entity.readAt.get(name) ?? 0;
      if (value === undefined || (before > time && before <= latest)) continue;
      entity.values[name] = value;
      entity.readAt.set(name, time);
      fresh = true;
    }
    if (time > entity.time || entity.time > latest) {
      entity.time = time;
      if (entity.oldest < time - this.#keptMs) this.#dropOld(entity);
    }
    if (kind === 'device' && values.reachable !== undefined)
      this.#hear(reading, { wasReachable, now, elapsed, latest });
    return fresh ? key : undefined;
  }

  #hear(
    { time, values }: Reading,
    was: { wasReachable: boolean; now: number; elapsed: number; latest: number },
  ): void {
    const { elapsed, now, latest } = was;
    if (values.reachable !== 0 && (time >= this.#answeredAt || this.#answeredAt > latest)) {
      if (!was.wasReachable || this.isSilent(elapsed)) this.#answersSince = time;
      this.#answeredAt = time;
    }
    this.lastSeen = this.lastSeen !== null && this.lastSeen <= latest ? Math.max(this.lastSeen, time) : time;
    this.#heardAt = Math.max(this.#heardAt ?? Number.NEGATIVE_INFINITY, elapsed - Math.max(0, now - time));
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
    const { oldest } = this;
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

  isSilent(elapsed: number): boolean {
    return this.#heardAt === null || elapsed - this.#heardAt > this.gapMs;
  }

  /** The longest time without a word that is not silence. */
  get gapMs(): number {
    const intervalMs = (this.device.monitoring?.intervalSeconds ?? 0) * 1000;
    return Math.max(3 * intervalMs, leastSilenceMs);
  }

  /** Of what was read before this, nothing is said: the device has stopped reporting it. */
  get oldest(): number {
    return (this.lastSeen ?? 0) - this.#keptMs;
  }

  /** What ports that lead to this device have to know of it. */
  get asFarEnd(): FarEnd {
    return { answers: this.answers, answeredAt: this.#answeredAt, answersSince: this.#answersSince };
  }

  #dropOld(entity: Entity): void {
    const oldest = entity.time - this.#keptMs;
    entity.oldest = entity.time;
    for (const [name, time] of entity.readAt) {
      if (time >= oldest) {
        entity.oldest = Math.min(entity.oldest, time);
        continue;
      }
      entity.readAt.delete(name);
      delete entity.values[name];
    }
  }

  get #keptMs(): number {
    return Math.max(leastKeptMs, keptIntervals * (this.device.monitoring?.intervalSeconds ?? 0) * 1000);
  }
}
