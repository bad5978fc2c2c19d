import { type Condition, type EntityKind, entityKinds, type HealthState } from '@rackhaus/config/contract';
import type { MonitoredDevice } from '../inventory/monitored.ts';
import { metricNumber, type ReadingBatch } from '../measurements/index.ts';
import { DeviceRules, type EntityState, type FarEnd } from '../rules/device-rules.ts';
import type { RuleBook } from '../rules/rule-book.ts';
import { LiveEntity } from './live-entity.ts';

const leastSilenceMs = 10_000;
const shortSilenceMs = 5 * 60_000;
/** A value that came with a slower round of polling stays for this many intervals after its entity was last read. */
const keptIntervals = 10;
const leastKeptMs = 15 * 60_000;
/** A value from further in the future than this came from a clock that has been set right since. */
const futureMs = 60_000;

const reachableMetric = metricNumber('device.reachable');
/** device.reachable: it is there, and silent when it is polled. */
const pingOnly = 2;

/** What a reading says of whether the device answers; undefined: nothing. */
function reachableIn(batch: ReadingBatch, at: number): boolean | undefined {
  for (let k = batch.first[at] ?? 0; k < (batch.first[at + 1] ?? 0); k++)
    if (batch.metric[k] === reachableMetric) return batch.value[k] !== 0;
  return undefined;
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
  readonly #entities = new Map<string, LiveEntity>();
  /** What it says of itself: the entity `device/`. */
  #self: LiveEntity | undefined;
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

  /** The entity of this name, made when it was never read. `time`: of the reading. */
  entityOf(kind: EntityKind, name: string, time: number): LiveEntity {
    const key = `${kind}/${name}`;
    let entity = this.#entities.get(key);
    if (!entity) {
      entity = new LiveEntity(kind, name, time);
      this.#entities.set(key, entity);
      if (key === 'device/') this.#self = entity;
    }
    return entity;
  }

  /**
   * Takes in reading `at` of a batch, which is of this entity and arrived at `now`, at `elapsed` by the clock that nobody sets.
   * @returns whether anything in it was new
   */
  take(entity: LiveEntity, batch: ReadingBatch, at: number, now: number, elapsed = now): boolean {
    const latest = now + futureMs;
    const time = batch.time[at] ?? 0;
    const wasReachable = this.reachable;
    const fresh = entity.take(batch, at, latest);
    if (time > entity.time || entity.time > latest) {
      entity.time = time;
      if (entity.oldest < time - this.#keptMs) entity.dropBefore(time - this.#keptMs);
    }
    if (entity === this.#self) {
      const answers = reachableIn(batch, at);
      if (answers !== undefined) this.#hear(answers, time, { wasReachable, now, elapsed, latest });
    }
    return fresh;
  }

  #hear(
    answers: boolean,
    time: number,
    was: { wasReachable: boolean; now: number; elapsed: number; latest: number },
  ): void {
    const { elapsed, now, latest } = was;
    if (answers && (time >= this.#answeredAt || this.#answeredAt > latest)) {
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
    return this.#self?.values.reachable !== 0;
  }

  /** false also when it answers ping alone. */
  get answersPolls(): boolean {
    return this.reachable && this.#self?.values.reachable !== pingOnly;
  }

  /** Whether the values can be vouched for: it answers, and it was heard of in time. */
  get vouchedFor(): boolean {
    return this.answersPolls && this.state !== 'unknown';
  }

  isSilent(elapsed: number): boolean {
    return this.#heardAt === null || elapsed - this.#heardAt > this.gapMs;
  }

  /** The longest time without a word that is not silence. */
  get gapMs(): number {
    return Math.max(3 * this.#intervalMs, leastSilenceMs);
  }

  /** Of what was read before this, nothing is said: the device has stopped reporting it. */
  get oldest(): number {
    return (this.lastSeen ?? 0) - this.#keptMs;
  }

  /** What ports that lead to this device have to know of it. */
  get asFarEnd(): FarEnd {
    return { answers: this.answers, answeredAt: this.#answeredAt, answersSince: this.#answersSince };
  }

  get #keptMs(): number {
    return Math.max(leastKeptMs, keptIntervals * this.#intervalMs);
  }

  get #intervalMs(): number {
    const { monitoring, fed } = this.device;
    return (monitoring?.intervalSeconds ?? fed?.intervalSeconds ?? 0) * 1000;
  }
}
