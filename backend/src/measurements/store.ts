import type { EntityKind, Reading } from '@rackhaus/config/contract';

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

/**
 * Where readings are kept. Two real implementations stand behind it, and `conformance.test.ts` holds both to the same
 * answers: buckets aligned to multiples of the step since 1970, gaps kept, late and repeated readings harmless.
 */
export interface MeasurementStore {
  /**
   * Stores readings, in any order. A reading of the same entity and time joins the earlier one, value by value: a repeat
   * changes nothing. When the promise resolves, the readings survive the death of this process.
   * @throws StoreUnavailable when nothing is known to be stored; try again later.
   */
  write(readings: readonly Reading[]): Promise<void>;
  /** The newest reading of every entity that has one younger than the raw retention. */
  latest(): Promise<Reading[]>;
  /** @throws StoreUnavailable */
  query(request: SeriesRequest): Promise<Series>;
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
