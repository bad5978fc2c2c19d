import type { AggregateColumns } from '../buckets.ts';
import type { EntityKey } from '../reading-batch.ts';
import { fiveMinutes, oneHour } from '../steps.ts';
import type { KeptColumns, Rollups } from '../store.ts';

/** What a store that keeps roll-ups is given: rows of 5 minutes, and of every hour that has such or is left as an hour only. */
export function rollupsOf(entity: EntityKey, kept: KeptColumns): Rollups[] {
  const { metrics, fiveMinutes: fine, hours } = kept;
  const all: Rollups[] = [
    { entity, metrics, resolution: 'five-minutes', rows: fine },
    { entity, metrics, resolution: 'hour', rows: hoursOf(kept) },
    { entity, metrics, resolution: 'hour', rows: hours },
  ];
  return all.filter(({ rows }) => rows.times.length > 0);
}

/** Rows of the hours that have 5 minutes, with the readings that lie in them too. */
function hoursOf({ metrics, raw, fiveMinutes: fine }: KeptColumns): AggregateColumns {
  const starts: number[] = [];
  for (const time of fine.times) {
    const start = Math.floor(time / oneHour) * oneHour;
    if (starts[starts.length - 1] !== start) starts.push(start);
  }
  const times = Float64Array.from(starts);
  const zeros = () => metrics.map(() => new Float64Array(times.length));
  const rows = { times, n: zeros(), sum: zeros(), min: zeros(), max: zeros() };
  for (const m of metrics.keys()) {
    const into = pick(rows, m);
    const from = pick(fine, m);
    addTo(into, times, fine.times, (i) => [
      from.n[i] || 0,
      from.sum[i] ?? 0,
      from.min[i] ?? 0,
      from.max[i] ?? 0,
    ]);
    const values = raw.values[m];
    addTo(into, times, raw.times, (i) => {
      const value = values?.[i] ?? Number.NaN;
      return Number.isNaN(value) ? [0, 0, 0, 0] : [1, value, value, value];
    });
  }
  return rows;
}

type Of<T> = { readonly n: T; readonly sum: T; readonly min: T; readonly max: T };

function pick({ n, sum, min, max }: AggregateColumns, m: number): Of<Float64Array> {
  const none = new Float64Array(0);
  return { n: n[m] ?? none, sum: sum[m] ?? none, min: min[m] ?? none, max: max[m] ?? none };
}

/** Adds rows at ascending times to the hours that they lie in, where there is one. */
function addTo(
  { n, sum, min, max }: Of<Float64Array>,
  hours: Float64Array,
  times: Float64Array,
  row: (i: number) => readonly [n: number, sum: number, min: number, max: number],
): void {
  let h = 0;
  for (const [i, time] of times.entries()) {
    while (h < hours.length && (hours[h] ?? 0) + oneHour <= time) h++;
    if (h === hours.length) return;
    if (time < (hours[h] ?? 0)) continue;
    const [count, total, low, high] = row(i);
    if (count === 0) continue;
    const first = n[h] === 0;
    n[h] = (n[h] ?? 0) + count;
    sum[h] = (sum[h] ?? 0) + total;
    if (first || low < (min[h] ?? 0)) min[h] = low;
    if (first || high > (max[h] ?? 0)) max[h] = high;
  }
}

/** The same without the buckets, metric by metric, of which a target has something. */
export function withoutTaken(kept: KeptColumns, there: KeptColumns): KeptColumns {
  const taken = takenBuckets(there);
  const free = (rows: AggregateColumns, count: number): AggregateColumns => ({
    ...rows,
    n: rows.n.map((column, m) => {
      const buckets = taken.get(kept.metrics[m] ?? '');
      if (!buckets) return column;
      return column.map((n, i) => {
        const first = Math.floor((rows.times[i] ?? 0) / fiveMinutes);
        for (let k = 0; k < count; k++) if (buckets.has(first + k)) return 0;
        return n;
      });
    }),
  });
  return { ...kept, fiveMinutes: free(kept.fiveMinutes, 1), hours: free(kept.hours, oneHour / fiveMinutes) };
}

/** Buckets of 5 minutes, by metric, of which something is there. */
function takenBuckets({ metrics, raw, fiveMinutes: fine, hours }: KeptColumns): Map<string, Set<number>> {
  const all = new Map<string, Set<number>>();
  for (const [m, name] of metrics.entries()) {
    const buckets = new Set<number>();
    const add = (times: Float64Array, has: (i: number) => boolean, count: number) => {
      for (const [i, time] of times.entries())
        if (has(i)) for (let k = 0; k < count; k++) buckets.add(Math.floor(time / fiveMinutes) + k);
    };
    add(raw.times, (i) => !Number.isNaN(raw.values[m]?.[i] ?? Number.NaN), 1);
    add(fine.times, (i) => (fine.n[m]?.[i] ?? 0) > 0, 1);
    add(hours.times, (i) => (hours.n[m]?.[i] ?? 0) > 0, oneHour / fiveMinutes);
    if (buckets.size > 0) all.set(name, buckets);
  }
  return all;
}
