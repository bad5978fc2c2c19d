import type { EntityKind } from '@rackhaus/config/contract';
import type { AggregateColumns, AggregateRow, Resolution } from './buckets.ts';
import type { EntityKey, EntityNumbers, ReadingBatch } from './reading-batch.ts';

/** What a chart asks for: metrics of one entity over a time, in at most `points` buckets. */
export interface SeriesRequest {
  readonly deviceId: number;
  readonly kind: EntityKind;
  readonly entity: string;
  /** Names without the kind: `rx`, not `port.rx`. */
  readonly metrics: readonly string[];
  /** Milliseconds since 1970; the buckets that these two fall into are both part of the answer. */
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/** Columns of equal length; bucket i covers `[start + i * step, start + (i + 1) * step)`. null: no reading, a gap. */
export interface Series {
  readonly start: number;
  readonly step: number;
  readonly columns: readonly SeriesColumn[];
}

export interface SeriesColumn {
  readonly metric: string;
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

/** What a store has of one entity: rows in ascending time, each of the resolution in which its time is still kept. */
export interface Kept {
  /** Names without the kind; the arrays of a row are in this order. */
  readonly metrics: readonly string[];
  readonly rows: readonly KeptRow[];
}

export type KeptRow = AggregateRow & { readonly resolution: Resolution };

/** The same as {@link Kept} as columns, because what is moved is many values. All in ascending time; arrays by metric. */
export interface KeptColumns {
  readonly metrics: readonly string[];
  /** NaN where a reading has no value of a metric. */
  readonly raw: { readonly times: Float64Array; readonly values: readonly Float64Array[] };
  /** Of buckets without readings. */
  readonly fiveMinutes: AggregateColumns;
  /** Of hours without either. */
  readonly hours: AggregateColumns;
}

/** Roll-ups of one entity: rows in ascending time, each the beginning of its bucket. n of 0 or NaN: nothing. */
export interface Rollups {
  readonly entity: EntityKey;
  readonly resolution: Exclude<Resolution, 'raw'>;
  /** Names without the kind; the columns are in this order. */
  readonly metrics: readonly string[];
  readonly rows: AggregateColumns;
}

/**
 * Where readings are kept. Three real implementations stand behind it, and `conformance.slow.test.ts` holds all to the same
 * answers: buckets aligned to multiples of the step since 1970, gaps kept, late and repeated readings harmless.
 */
export interface MeasurementStore {
  /** The numbers that entities have in the batches of this store. */
  readonly entities: EntityNumbers;
  /**
   * Stores readings, in any order. A reading of the same entity and time joins the earlier one, value by value: a repeat
   * changes nothing. When the promise resolves, the readings survive the death of this process.
   * @throws StoreUnavailable when nothing is known to be stored; try again later.
   */
  write(batch: ReadingBatch): Promise<void>;
  /** The newest reading of every entity that has one younger than the raw retention. */
  latest(): Promise<ReadingBatch>;
  /** @throws StoreUnavailable */
  query(request: SeriesRequest): Promise<Series>;
  /** Everything that has anything kept, in no order. @throws StoreUnavailable */
  listEntities(): Promise<EntityKey[]>;
  /**
   * All that is kept of an entity over [from, to), for moving it elsewhere: readings where they are still there, else
   * roll-ups of 5 minutes, else of an hour. Ask for whole hours. @throws StoreUnavailable
   */
  kept(entity: EntityKey, from: number, to: number): Promise<Kept>;
  /** The same as `kept`, where the store has it as columns. @throws StoreUnavailable */
  keptColumns?(entity: EntityKey, from: number, to: number): Promise<KeptColumns>;
  /**
   * Takes roll-ups from elsewhere into the buckets of which there is nothing yet, metric by metric, where the store keeps
   * roll-ups. A repeat changes nothing. When the promise resolves, they are stored like readings. @throws StoreUnavailable
   */
  putRollups?(rollups: readonly Rollups[]): Promise<void>;
  /** Rolls up at once what is due at `now`, where that is done by us and not by the server. @throws StoreUnavailable */
  settle?(now: number): Promise<void>;
  /** Resolves when the store can be written and read. @throws StoreUnavailable */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** How long what is kept, in milliseconds. */
export interface Retention {
  readonly rawMs: number;
  readonly rollupMs: number;
}

const dayMs = 86_400_000;
/** Raw readings a month, 5-minute and hourly roll-ups two years. */
export const defaultRetention: Retention = { rawMs: 30 * dayMs, rollupMs: 731 * dayMs };

/** The store cannot be reached or is starting anew. What was to be written is not acknowledged: keep it and try again. */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}
