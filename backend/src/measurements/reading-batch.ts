import { type EntityKind, isMetricId, metricIds, type Reading } from '@rackhaus/config/contract';

/** What readings are about: a port of a device, a sensor, the device itself … */
export interface EntityKey {
  readonly deviceId: number;
  readonly kind: EntityKind;
  readonly entity: string;
}

/** The numbers of metrics are their places in the catalogue: for the life of a process only, never to be stored. */
const metricNumbers = new Map<string, number>(metricIds.map((id, number) => [id, number]));

/** The number of a metric by its id; undefined when the catalogue does not have it. */
export function metricNumber(id: string): number | undefined {
  return metricNumbers.get(id);
}

/** Names without their kind (`rx` for `port.rx`), by number. */
const metricNames = metricIds.map((id) => id.slice(id.indexOf('.') + 1));

/** The name of a metric without its kind. */
export function metricName(number: number): string {
  return metricNames[number] ?? '';
}

/** More than the largest chassis has ports, sensors and outlets. */
export const mostEntitiesOfDevice = 50_000;

function textOf(deviceId: number, kind: EntityKind, entity: string): string {
  return `${deviceId}/${kind}/${entity}`;
}

/** Gives every entity a small number for the life of the process; a number is never given twice. */
export class EntityNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #keys: EntityKey[] = [];
  readonly #countOf = new Map<number, number>();

  /** How many there are; numbers go from 0 to one less. */
  get size(): number {
    return this.#keys.length;
  }

  numberOf(deviceId: number, kind: EntityKind, entity: string): number {
    const text = textOf(deviceId, kind, entity);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#keys.length;
    this.#numbers.set(text, number);
    this.#keys.push({ deviceId, kind, entity });
    this.#countOf.set(deviceId, (this.#countOf.get(deviceId) ?? 0) + 1);
    return number;
  }

  /**
   * The same for what others send; null when a device would have more than {@link mostEntitiesOfDevice}. Who invents names must
   * not fill the memory and the store.
   */
  admit(deviceId: number, kind: EntityKind, entity: string): number | null {
    const known = this.#numbers.get(textOf(deviceId, kind, entity));
    if (known !== undefined) return known;
    if ((this.#countOf.get(deviceId) ?? 0) >= mostEntitiesOfDevice) return null;
    return this.numberOf(deviceId, kind, entity);
  }

  /** @throws RangeError for a number that was not given. */
  at(number: number): EntityKey {
    const key = this.#keys[number];
    if (!key) throw new RangeError(`there is no entity ${number}`);
    return key;
  }
}

/**
 * Readings as columns, so that millions a second cost neither objects nor copies. Reading i is of entity `entity[i]` at
 * `time[i]` (ms since 1970) and has the values from `first[i]` to before `first[i + 1]`: `value[k]` of metric `metric[k]`.
 */
export interface ReadingBatch {
  readonly entities: EntityNumbers;
  readonly count: number;
  readonly entity: Int32Array;
  readonly time: Float64Array;
  /** One longer than `count`. */
  readonly first: Uint32Array;
  readonly metric: Uint16Array;
  readonly value: Float64Array;
}

/** Puts batches together, reading by reading, one after the other: its arrays stay as long as the longest so far. */
export class BatchBuilder {
  readonly #entities: EntityNumbers;
  #count = 0;
  #values = 0;
  #entity = new Int32Array(64);
  #time = new Float64Array(64);
  #first = new Uint32Array(65);
  #metric = new Uint16Array(512);
  #value = new Float64Array(512);

  constructor(entities: EntityNumbers) {
    this.#entities = entities;
  }

  get entities(): EntityNumbers {
    return this.#entities;
  }

  /** How many values are in it. */
  get values(): number {
    return this.#values;
  }

  /** Begins a reading; its values follow. One without any is left out. */
  begin(entity: number, time: number): void {
    this.#endReading();
    if (this.#count === this.#entity.length) {
      this.#entity = grown(this.#entity, new Int32Array(this.#count * 2));
      this.#time = grown(this.#time, new Float64Array(this.#count * 2));
      this.#first = grown(this.#first, new Uint32Array(this.#count * 2 + 1));
    }
    this.#entity[this.#count] = entity;
    this.#time[this.#count] = time;
    this.#first[this.#count] = this.#values;
    this.#count++;
  }

  value(metric: number, value: number): void {
    if (this.#values === this.#metric.length) {
      this.#metric = grown(this.#metric, new Uint16Array(this.#values * 2));
      this.#value = grown(this.#value, new Float64Array(this.#values * 2));
    }
    this.#metric[this.#values] = metric;
    this.#value[this.#values] = value;
    this.#values++;
  }

  /** The batch, and begins the next. Its arrays have their own buffers, so that they can be handed on. */
  finish(): ReadingBatch {
    this.#endReading();
    const first = this.#first.slice(0, this.#count + 1);
    first[this.#count] = this.#values;
    const batch = {
      entities: this.#entities,
      count: this.#count,
      entity: this.#entity.slice(0, this.#count),
      time: this.#time.slice(0, this.#count),
      first,
      metric: this.#metric.slice(0, this.#values),
      value: this.#value.slice(0, this.#values),
    };
    this.clear();
    return batch;
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#count = 0;
    this.#values = 0;
  }

  #endReading(): void {
    if (this.#count > 0 && this.#first[this.#count - 1] === this.#values) this.#count--;
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The same as columns. Values that the catalogue does not have are left out, and entities that {@link EntityNumbers.admit} refuses. */
export function batchOf(entities: EntityNumbers, readings: readonly Reading[]): ReadingBatch {
  const builder = new BatchBuilder(entities);
  for (const reading of readings) {
    const entity = entities.admit(reading.deviceId, reading.kind, reading.entity);
    if (entity === null) continue;
    builder.begin(entity, reading.time);
    for (const [name, value] of Object.entries(reading.values)) {
      const id = `${reading.kind}.${name}`;
      const number = isMetricId(id) ? metricNumber(id) : undefined;
      if (number !== undefined) builder.value(number, value);
    }
  }
  return builder.finish();
}

/** The same as objects: for where few are looked at. */
export function readingsOf(batch: ReadingBatch): Reading[] {
  return Array.from({ length: batch.count }, (_, at) => readingAt(batch, at));
}

/** Reading `at` as an object. */
export function readingAt(batch: ReadingBatch, at: number): Reading {
  const values: Record<string, number> = {};
  for (let k = batch.first[at] ?? 0; k < (batch.first[at + 1] ?? 0); k++)
    values[metricName(batch.metric[k] ?? 0)] = batch.value[k] ?? Number.NaN;
  return { ...batch.entities.at(batch.entity[at] ?? 0), time: batch.time[at] ?? 0, values };
}
