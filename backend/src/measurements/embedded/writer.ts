import type { EntityKey, ReadingBatch } from '../reading-batch.ts';
import { type DatabaseSync, inTransaction } from './database.ts';
import type { Dictionary, Field } from './dictionary.ts';
import type { Journal } from './journal.ts';
import type { OpenRows } from './open-rows.ts';
import { lastTime } from './tiers.ts';

/** What a batch says, as it comes over from the main thread. */
export type WrittenBatch = Omit<ReadingBatch, 'entities'>;

/** Larger values are not exact as whole numbers. */
const largest = 2 ** 52;

/** Takes batches into the journal. Entities and metrics have the numbers that the main thread gives them. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #dictionary: Dictionary;
  readonly #journal: Journal;
  readonly #rows: OpenRows;
  /** By the main thread's numbers. */
  readonly #metrics: readonly string[];
  readonly #fields: (Field | undefined)[] = [];
  readonly #factors: Float64Array;
  readonly #kinds: readonly string[];
  readonly #keys: EntityKey[] = [];
  /** Ids of entities; 0: not looked up yet. */
  #ids = new Int32Array(1024);
  /** The other way round. */
  readonly #numbers = new Map<number, number>();
  #lookedUp: number[] = [];
  #newest: number;
  readonly #findNewest: (entity: number, time: number) => void;
  /** By metric: the last reading that had it; readings are counted. */
  readonly #stamps: Float64Array;
  #reading = 0;

  constructor(options: {
    database: DatabaseSync;
    dictionary: Dictionary;
    journal: Journal;
    rows: OpenRows;
    /** Ids of the main thread's metrics, by its numbers. */
    metrics: readonly string[];
    /** The newest time that there is any reading of. */
    newest: number;
    /** Asked when an entity's newest reading may be a packed one. */
    findNewest: (entity: number, time: number) => void;
  }) {
    this.#database = options.database;
    this.#dictionary = options.dictionary;
    this.#journal = options.journal;
    this.#rows = options.rows;
    this.#metrics = options.metrics;
    this.#factors = new Float64Array(options.metrics.length);
    this.#kinds = options.metrics.map((id) => id.slice(0, id.indexOf('.')));
    this.#stamps = new Float64Array(options.metrics.length);
    this.#newest = options.newest;
    this.#findNewest = options.findNewest;
  }

  /** The newest time of which there is any reading; 0: there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** Learns what the next numbers of entities stand for. Those known already are passed over. */
  define(first: number, keys: readonly EntityKey[]): void {
    for (const key of keys.slice(Math.max(0, this.#keys.length - first))) {
      this.#keys.push(key);
      const id = this.#dictionary.entity(key)?.id ?? 0;
      this.#setId(this.#keys.length - 1, id);
      if (id > 0) this.#numbers.set(id, this.#keys.length - 1);
    }
  }

  /** The main thread's number of an entity, if it has told it. */
  numberOf(id: number): number | undefined {
    return this.#numbers.get(id);
  }

  /**
   * Stores batches in one transaction; when this returns, they survive a power cut. Left out is what cannot be kept: values
   * that are no number or too large, times before `oldest` or centuries away, metrics of another kind of thing.
   */
  write(batches: readonly WrittenBatch[], keptMs: number, now: number): void {
    let newest = this.#newest;
    for (const { time, count } of batches)
      for (let i = 0; i < count; i++) newest = Math.max(newest, validTime(time[i] ?? 0));
    // A clock that is ahead of all readings must not make them too old.
    const oldest = Math.max(0, Math.min(now, newest) - keptMs);
    try {
      inTransaction(this.#database, () => {
        for (const batch of batches) this.#add(batch, oldest);
        this.#journal.write(this.#rows.pendingParts());
      });
    } catch (error) {
      this.#rows.discard();
      this.#dictionary.takeBack();
      this.#fields.length = 0;
      for (const number of this.#lookedUp) this.#ids[number] = 0;
      this.#lookedUp = [];
      throw error;
    }
    this.#dictionary.confirm();
    this.#journal.confirm(this.#rows.position);
    this.#rows.link(this.#findNewest);
    for (const number of this.#lookedUp) this.#numbers.set(this.#ids[number] ?? 0, number);
    this.#lookedUp = [];
    this.#newest = newest;
  }

  #add({ count, entity, time, first, metric, value }: WrittenBatch, oldest: number): void {
    const rows = this.#rows;
    const stamps = this.#stamps;
    for (let i = 0; i < count; i++) {
      const at = Math.floor(time[i] ?? Number.NaN);
      if (!(at >= oldest && at <= lastTime)) continue;
      const from = first[i] ?? 0;
      const to = first[i + 1] ?? 0;
      const number = entity[i] ?? -1;
      const key = this.#keys[number];
      if (!key) throw new RangeError(`the store was not told which entity has number ${number}`);
      const id = this.#ids[number] || this.#lookUp(number, key);
      rows.begin(id, at);
      const stamp = ++this.#reading;
      let twice = false;
      for (let k = from; k < to && !twice; k++) {
        twice = stamps[metric[k] ?? 0] === stamp;
        stamps[metric[k] ?? 0] = stamp;
      }
      for (let k = from; k < to; k++) {
        const m = metric[k] ?? 0;
        // Of a metric that comes twice, the last one counts.
        if (twice && metric.lastIndexOf(m, to - 1) !== k) continue;
        if (this.#kinds[m] !== key.kind) continue;
        const field = this.#fields[m] ?? this.#lookUpField(m);
        const whole = Math.round((value[k] ?? Number.NaN) * (this.#factors[m] ?? Number.NaN));
        if (field && whole <= largest && whole >= -largest) rows.value(field.id, whole);
      }
      rows.end();
    }
  }

  #lookUpField(metric: number): Field | undefined {
    const field = this.#dictionary.fieldOf(this.#metrics[metric] ?? '');
    this.#fields[metric] = field;
    this.#factors[metric] = field ? 10 ** field.decimals : Number.NaN;
    return field;
  }

  #lookUp(number: number, key: EntityKey): number {
    const { id } = this.#dictionary.entityOf(key);
    this.#setId(number, id);
    this.#lookedUp.push(number);
    return id;
  }

  #setId(number: number, id: number): void {
    if (number >= this.#ids.length) {
      const larger = new Int32Array(Math.max(number + 1, this.#ids.length * 2));
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[number] = id;
  }
}

function validTime(time: number): number {
  return time <= lastTime ? Math.floor(time) : 0;
}
