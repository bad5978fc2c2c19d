import type { EntityKey } from '../reading-batch.ts';
import { type Dictionary, unscale } from './dictionary.ts';
import type { OpenRows } from './open-rows.ts';
import type { Writer } from './writer.ts';

/** The columns of a batch. Entities from 0 have the main thread's number; -1, -2 … are the first, second … of `others`. */
export interface LatestReadings {
  readonly count: number;
  readonly entity: Int32Array<ArrayBuffer>;
  readonly time: Float64Array<ArrayBuffer>;
  readonly first: Uint32Array<ArrayBuffer>;
  readonly metric: Uint16Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
  readonly others: readonly EntityKey[];
}

/** The newest reading of each entity. */
export class Latest {
  readonly #dictionary: Dictionary;
  readonly #rows: OpenRows;
  readonly #writer: Writer;
  readonly #metrics: readonly string[];
  readonly #findNewest: (entity: number, time: number) => void;
  /** By field: the main thread's number of the metric, -1 when it has none, and what turns whole numbers into values. */
  readonly #fields: { readonly metric: number; readonly decimals: number }[] = [];
  /** Entities whose newest reading has been looked up. */
  readonly #looked = new Set<number>();

  constructor(options: {
    dictionary: Dictionary;
    rows: OpenRows;
    writer: Writer;
    metrics: readonly string[];
    findNewest: (entity: number, time: number) => void;
  }) {
    this.#dictionary = options.dictionary;
    this.#rows = options.rows;
    this.#writer = options.writer;
    this.#metrics = options.metrics;
    this.#findNewest = options.findNewest;
  }

  /** The newest reading of every entity that has one since `oldest`. */
  readings(oldest: number): LatestReadings {
    let count = 0;
    let values = 0;
    let entity = new Int32Array(1024);
    let time = new Float64Array(1024);
    let first = new Uint32Array(1025);
    let metric = new Uint16Array(16_384);
    let value = new Float64Array(16_384);
    const others: EntityKey[] = [];
    const use = (field: number, whole: number) => {
      const known = this.#fields[field] ?? this.#lookUp(field);
      if (known.metric < 0) return;
      metric[values] = known.metric;
      value[values] = unscale(whole, known.decimals);
      values++;
    };
    for (const key of this.#dictionary.entities) {
      if (this.#rows.newestTime(key.id) === 0 && !this.#looked.has(key.id)) {
        this.#looked.add(key.id);
        this.#findNewest(key.id, 0);
      }
      if (count === entity.length) {
        entity = larger(entity, new Int32Array(count * 2));
        time = larger(time, new Float64Array(count * 2));
        first = larger(first, new Uint32Array(count * 2 + 1));
      }
      if (values + 256 > metric.length) {
        metric = larger(metric, new Uint16Array(metric.length * 2));
        value = larger(value, new Float64Array(value.length * 2));
      }
      if (this.#rows.newestTime(key.id) < oldest) continue;
      first[count] = values;
      const at = this.#rows.readNewest(key.id, use);
      if (values === first[count]) continue;
      time[count] = at;
      const number = this.#writer.numberOf(key.id);
      const { deviceId, kind, entity: name } = key;
      entity[count] = number ?? -others.push({ deviceId, kind, entity: name });
      count++;
    }
    first[count] = values;
    return {
      count,
      entity: entity.slice(0, count),
      time: time.slice(0, count),
      first: first.slice(0, count + 1),
      metric: metric.slice(0, values),
      value: value.slice(0, values),
      others,
    };
  }

  #lookUp(field: number): { readonly metric: number; readonly decimals: number } {
    const known = this.#dictionary.fieldById(field);
    const found = {
      metric: known ? this.#metrics.indexOf(known.metric) : -1,
      decimals: known?.decimals ?? 0,
    };
    // Numbers of fields that a rollback took back are given anew.
    if (known) this.#fields[field] = found;
    return found;
  }
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
