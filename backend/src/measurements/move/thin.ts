import type { AggregateColumns } from '../buckets.ts';
import { oneHour } from '../steps.ts';

/** One metric's columns of roll-ups. */
export interface Buckets {
  readonly times: Float64Array;
  /** 0 or NaN: nothing. */
  readonly n: Float64Array;
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** A chart line is about 0.5 % of its height wide. */
export const meanTolerance = 0.005;
/** Widths of the coarser buckets in which means stay right; charts of two years have buckets of two days. */
export const groupWidths = [oneHour / 2, oneHour, 6 * oneHour, 24 * oneHour, 48 * oneHour] as const;

/**
 * How many readings to make of each bucket: the fewest that can have its mean, minimum and maximum, and so many more that in
 * every coarser bucket, where means weigh by count, the mean is off by at most {@link meanTolerance} of how far the means of
 * its buckets lie apart. Never more than the bucket counts.
 */
export function countsOf(buckets: Buckets): Uint32Array {
  const { times, n } = buckets;
  const counts = new Uint32Array(times.length);
  const means = new Float64Array(times.length);
  for (let i = 0; i < counts.length; i++) {
    counts[i] = fewest(buckets, i);
    means[i] = (buckets.sum[i] ?? 0) / (n[i] || 1);
  }
  // More readings for one width may take those of another off; ends at the latest when all counts are those of the buckets.
  for (let changed = true; changed; ) {
    changed = false;
    for (const width of groupWidths)
      for (let from = 0; from < counts.length; ) {
        const end = (Math.floor((times[from] ?? 0) / width) + 1) * width;
        let to = from + 1;
        while (to < counts.length && (times[to] ?? 0) < end) to++;
        if (to - from > 1 && balance({ n, means, counts, from, to })) changed = true;
        from = to;
      }
  }
  return counts;
}

/** The fewest readings that can have the mean, minimum and maximum of a bucket. */
function fewest({ n, sum, min, max }: Buckets, i: number): number {
  const most = n[i] || 0;
  const [low, high] = [min[i] ?? 0, max[i] ?? 0];
  if (most <= 2 || low === high) return Math.min(most, low === high ? 1 : 2);
  const mean = (sum[i] ?? 0) / most;
  if (Math.abs(mean - (low + high) / 2) <= 1e-12 * Math.max(Math.abs(low), Math.abs(high))) return 2;
  // All but one at the minimum give the lowest mean that there can be, all but one at the maximum the highest.
  const needed = (high - low) / Math.max(Number.MIN_VALUE, Math.min(mean - low, high - mean));
  return Math.min(most, Math.max(3, Math.ceil(needed - 1e-9)));
}

interface Group {
  readonly n: Float64Array;
  readonly means: Float64Array;
  readonly counts: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** Raises the counts of a group in proportion until its mean is right. @returns whether any had to be raised */
function balance({ n, means, counts, from, to }: Group): boolean {
  let [all, total, low, high, most] = [0, 0, Infinity, -Infinity, 0];
  for (let i = from; i < to; i++) {
    const weight = n[i] || 0;
    if (weight === 0) continue;
    const mean = means[i] ?? 0;
    all += weight;
    total += weight * mean;
    if (mean < low) low = mean;
    if (mean > high) high = mean;
    if (weight > most) most = weight;
  }
  if (!(high > low)) return false;
  const right = total / all;
  const tolerance = meanTolerance * (high - low) * (1 + 1e-9) + 1e-12 * Math.abs(right);
  for (let share = 0; ; share = share === 0 ? 1 / most : share * 1.25) {
    let [count, sum] = [0, 0];
    for (let i = from; i < to; i++) {
      const k = raised(counts[i] ?? 0, n[i] || 0, share);
      count += k;
      sum += k * (means[i] ?? 0);
    }
    if (share < 1 && Math.abs(sum / count - right) > tolerance) continue;
    let changed = false;
    for (let i = from; i < to; i++) {
      const k = raised(counts[i] ?? 0, n[i] || 0, share);
      if (k !== counts[i]) changed = true;
      counts[i] = k;
    }
    return changed;
  }
}

function raised(count: number, n: number, share: number): number {
  const wanted = share >= 1 ? n : Math.round(share * n);
  return Math.max(wanted, count);
}

/** The columns of one metric. */
export function bucketsOf({ times, n, sum, min, max }: AggregateColumns, metric: number): Buckets {
  const none = new Float64Array(times.length);
  return {
    times,
    n: n[metric] ?? none,
    sum: sum[metric] ?? none,
    min: min[metric] ?? none,
    max: max[metric] ?? none,
  };
}
