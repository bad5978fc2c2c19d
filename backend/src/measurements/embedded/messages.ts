import type { SeriesColumns } from '../buckets.ts';
import type { EntityKey } from '../reading-batch.ts';
import type { Kept, KeptColumns, Retention, Rollups, SeriesRequest } from '../store.ts';
import type { LatestReadings } from './latest.ts';
import type { WrittenBatch } from './writer.ts';

/** What the worker is started with. */
export interface WorkerSettings {
  readonly file: string;
  readonly retention: Retention;
  /** Ids of metrics by their numbers in batches. */
  readonly metrics: readonly string[];
}

/** What the store asks of its worker, and what each request is answered with. */
export interface Requests {
  write: { ask: WrittenBatch; answer: null };
  latest: { ask: null; answer: LatestReadings };
  query: { ask: SeriesRequest; answer: SeriesColumns };
  entities: { ask: null; answer: EntityKey[] };
  kept: { ask: { entity: EntityKey; from: number; to: number }; answer: Kept };
  keptColumns: { ask: { entity: EntityKey; from: number; to: number }; answer: KeptColumns };
  putRollups: { ask: readonly Rollups[]; answer: null };
  check: { ask: null; answer: null };
  /** Does all tidying that is due at this time, at once instead of in small steps. */
  tidy: { ask: number; answer: null };
  copy: { ask: string; answer: null };
  close: { ask: null; answer: null };
}

export type RequestName = keyof Requests;

/** What the next numbers of entities stand for, beginning with `first`. */
export interface Definitions {
  readonly first: number;
  readonly keys: readonly EntityKey[];
}

export type ToWorker = {
  [K in RequestName]: {
    readonly id: number;
    readonly name: K;
    readonly ask: Requests[K]['ask'];
    readonly definitions?: Definitions;
  };
}[RequestName];

export type FromWorker =
  /** Requests to write, of which all is stored. */
  | { readonly written: readonly number[] }
  | { readonly id: number; readonly answer: Requests[RequestName]['answer'] }
  | { readonly id: number; readonly error: string; readonly unavailable: boolean }
  | { readonly log: string };
