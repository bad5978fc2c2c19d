import type { AggregateColumns, Resolution } from '../buckets.ts';
import type { BatchBuilder } from '../reading-batch.ts';
import { fiveMinutes, oneHour } from '../steps.ts';
import { bucketsOf, countsOf } from './thin.ts';

export const bucketMs = { 'five-minutes': fiveMinutes, hour: oneHour } as const;

/** Readings of which a bucket may have been made. */
export interface Bucket {
  /** How many values it counts, and how many are to be made of it. */
  readonly n: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Adds readings of which roll-ups may have been made, evenly over each bucket, with the same minimum, maximum and mean; as few
 * as keep the means of coarser buckets right ({@link countsOf}). `numbers` and `decimals` are of the metrics, by their places.
 */
export function addReadings(
  builder: BatchBuilder,
  given: {
    entity: number;
    rows: AggregateColumns;
    resolution: Exclude<Resolution, 'raw'>;
    numbers: readonly (number | undefined)[];
    decimals: readonly number[];
  },
): void {
  const { entity, rows, resolution, numbers, decimals } = given;
  const width = bucketMs[resolution];
  const metrics = numbers.flatMap((number, m) => {
    if (number === undefined) return [];
    const buckets = bucketsOf(rows, m);
    return [{ number, decimals: decimals[m] ?? 0, buckets, counts: countsOf(buckets) }];
  });
  for (const [i, time] of rows.times.entries()) {
    let most = 0;
    for (const { counts } of metrics) most = Math.max(most, counts[i] ?? 0);
    const made = metrics.map(({ buckets, counts, decimals: places }) => {
      const count = counts[i] ?? 0;
      if (count === 0) return [];
      const [n, sum, min, max] = [
        buckets.n[i] ?? 0,
        buckets.sum[i] ?? 0,
        buckets.min[i] ?? 0,
        buckets.max[i] ?? 0,
      ];
      return valuesOf({ n, count, sum, min, max }, places);
    });
    for (let k = 0; k < most; k++) {
      builder.begin(entity, time + Math.floor((k * width) / most));
      for (const [m, { number }] of metrics.entries()) {
        const values = made[m] ?? [];
        // Those with fewer lie as far apart as they can.
        const at = Math.ceil((k * values.length) / most);
        if (Math.floor((at * most) / Math.max(1, values.length)) === k && at < values.length)
          builder.value(number, values[at] ?? 0);
      }
    }
  }
}

/** `count` values with the minimum, maximum and mean of a bucket, the values between as equal as `decimals` let them be. */
export function valuesOf({ n, count, sum, min, max }: Bucket, decimals: number): number[] {
  if (count <= 0) return [];
  const total = n === count ? sum : (sum / n) * count;
  if (min === max) return new Array<number>(count).fill(min);
  if (count === 1) return [total];
  if (count === 2) return [min, max];
  return [min, ...between({ count: count - 2, sum: total - min - max, min, max, decimals }), max];
}

/** Values from `min` to `max` with this sum, as equal as their decimals let them be. */
function between(rest: { count: number; sum: number; min: number; max: number; decimals: number }): number[] {
  const { count, sum, min, max, decimals } = rest;
  const whole = Math.round(scaled(sum, decimals));
  const isWhole = [sum, min, max].every((value) => {
    const number = scaled(value, decimals);
    return Math.abs(number - Math.round(number)) <= 1e-9 * Math.max(1, Math.abs(number));
  });
  const within = (value: number) => Math.min(max, Math.max(min, value));
  if (!isWhole || !Number.isSafeInteger(whole)) return new Array<number>(count).fill(within(sum / count));
  const low = Math.floor(whole / count);
  const higher = whole - low * count;
  return Array.from({ length: count }, (_, i) => within(unscaled(i < higher ? low + 1 : low, decimals)));
}

// By powers that are whole numbers, because multiplying with 0.001 is not exact.
function scaled(value: number, decimals: number): number {
  return decimals < 0 ? value / 10 ** -decimals : value * 10 ** decimals;
}

function unscaled(whole: number, decimals: number): number {
  return decimals < 0 ? whole * 10 ** -decimals : whole / 10 ** decimals;
}
