import type { Reading } from '@rackhaus/config/contract';
import type { Retention, Series, SeriesRequest } from '../store.ts';

/** What the worker is started with. */
export interface WorkerSettings {
  readonly file: string;
  readonly retention: Retention;
}

/** What the store asks of its worker, and what each request is answered with. */
export interface Requests {
  write: { ask: readonly Reading[]; answer: null };
  latest: { ask: null; answer: Reading[] };
  query: { ask: SeriesRequest; answer: Series };
  check: { ask: null; answer: null };
  /** Does all tidying that is due at this time, at once instead of in small steps. */
  tidy: { ask: number; answer: null };
  close: { ask: null; answer: null };
}

export type RequestName = keyof Requests;

export type ToWorker = {
  [K in RequestName]: { readonly id: number; readonly name: K; readonly ask: Requests[K]['ask'] };
}[RequestName];

export type FromWorker =
  | { readonly id: number; readonly answer: Requests[RequestName]['answer'] }
  | { readonly id: number; readonly error: string; readonly unavailable: boolean }
  | { readonly log: string };
