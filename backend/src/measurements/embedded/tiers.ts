import { fiveMinutes, oneHour } from '../steps.ts';
import type { FieldValues, Table } from './table.ts';

/** A window of packed rows: which table, how long a window, how long a bucket (0: the readings themselves). */
export interface Tier {
  readonly table: 'raw' | 'five_minutes' | 'hour';
  readonly windowMs: number;
  readonly bucketMs: number;
}

export const rawTier: Tier = { table: 'raw', windowMs: 2 * oneHour, bucketMs: 0 };
export const rollupTiers: readonly Tier[] = [
  { table: 'five_minutes', windowMs: 24 * oneHour, bucketMs: fiveMinutes },
  { table: 'hour', windowMs: 32 * 24 * oneHour, bucketMs: oneHour },
];

const windowsPerEntity = 2 ** 22;

/** The rowid of an entity's window that holds `time`. */
export function rowidOf(tier: Tier, entity: number, time: number): number {
  return entity * windowsPerEntity + Math.floor(time / tier.windowMs);
}

/** When a window begins. */
export function windowStart(tier: Tier, time: number): number {
  return Math.floor(time / tier.windowMs) * tier.windowMs;
}

/** Column numbers of a roll-up: four for each field. Sums of whole numbers are exact, so a mean does not drift. */
export const rollupColumn = {
  n: (field: number) => field * 4,
  sum: (field: number) => field * 4 + 1,
  min: (field: number) => field * 4 + 2,
  max: (field: number) => field * 4 + 3,
} as const;

/** Rolls readings up: one row per bucket that has any. */
export function rollUp(table: Table, bucketMs: number): { time: number; values: FieldValues }[] {
  const buckets = new Map<number, Map<number, number>>();
  for (const [field, column] of table.columns) {
    const { n, sum, min, max } = rollupColumn;
    for (const [i, time] of table.times.entries()) {
      const value = column[i];
      if (value === undefined || Number.isNaN(value)) continue;
      const start = Math.floor(time / bucketMs) * bucketMs;
      let bucket = buckets.get(start);
      if (!bucket) {
        bucket = new Map();
        buckets.set(start, bucket);
      }
      bucket.set(n(field), (bucket.get(n(field)) ?? 0) + 1);
      bucket.set(sum(field), (bucket.get(sum(field)) ?? 0) + value);
      bucket.set(min(field), Math.min(bucket.get(min(field)) ?? value, value));
      bucket.set(max(field), Math.max(bucket.get(max(field)) ?? value, value));
    }
  }
  return [...buckets].map(([time, values]) => ({ time, values }));
}
