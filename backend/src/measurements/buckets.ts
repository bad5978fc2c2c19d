import { chooseGrid, fiveMinutes, type Grid, oneHour } from './steps.ts';
import type { Series, SeriesRequest } from './store.ts';

/** Sums over the readings between `time` and the next row: a raw reading has n = 1. Arrays by metric; n = 0: no value. */
export interface AggregateRow {
  readonly time: number;
  readonly n: readonly number[];
  readonly sum: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** The same rows as columns: row i of metric m is `times[i]`, `n[m][i]` … All arrays are of one length. n may be NaN for 0. */
export interface AggregateColumns {
  readonly times: Float64Array;
  readonly n: readonly Float64Array[];
  readonly sum: readonly Float64Array[];
  readonly min: readonly Float64Array[];
  readonly max: readonly Float64Array[];
}

/** The rows of columns, one by one. */
export function rowsOfColumns({ times, n, sum, min, max }: AggregateColumns): AggregateRow[] {
  const at = (columns: readonly Float64Array[], i: number) => columns.map((column) => column[i] || 0);
  return Array.from(times, (time, i) => ({
    time,
    n: at(n, i),
    sum: at(sum, i),
    min: at(min, i),
    max: at(max, i),
  }));
}

/** No rows of so many metrics. */
export function noRows(metrics: number): AggregateColumns {
  return columnsOfRows(metrics, []);
}

/** The columns of rows. */
export function columnsOfRows(metrics: number, rows: readonly AggregateRow[]): AggregateColumns {
  const columns = (pick: (row: AggregateRow) => readonly number[]) =>
    Array.from({ length: metrics }, (_, m) => Float64Array.from(rows, (row) => pick(row)[m] ?? 0));
  return {
    times: Float64Array.from(rows, (row) => row.time),
    n: columns((row) => row.n),
    sum: columns((row) => row.sum),
    min: columns((row) => row.min),
    max: columns((row) => row.max),
  };
}

/** An answer as columns of numbers, NaN where there is a gap: cheap to hand from thread to thread. */
export interface SeriesColumns {
  readonly start: number;
  readonly step: number;
  readonly columns: readonly {
    readonly metric: string;
    readonly mean: Float64Array;
    readonly min: Float64Array;
    readonly max: Float64Array;
  }[];
}

/** The answer as it is given out: gaps are null. */
export function seriesOf({ start, step, columns }: SeriesColumns): Series {
  return {
    start,
    step,
    columns: columns.map(({ metric, mean, min, max }) => ({
      metric,
      mean: withNulls(mean),
      min: withNulls(min),
      max: withNulls(max),
    })),
  };
}

function withNulls(values: Float64Array): (number | null)[] {
  const result: (number | null)[] = new Array(values.length);
  let gaps = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    result[i] = value;
    if (Number.isNaN(value)) gaps++;
  }
  // As long as it has only numbers, an array takes half the time and memory.
  for (let i = 0; gaps > 0 && i < values.length; i++) {
    if (!Number.isNaN(values[i] ?? Number.NaN)) continue;
    result[i] = null;
    gaps--;
  }
  return result;
}

/** What the rows of a source stand for: each a reading, or the readings of 5 minutes or of an hour. */
export type Resolution = 'raw' | 'five-minutes' | 'hour';

/** The coarsest source that still gives exact buckets of this width. */
export function resolutionFor(step: number): Resolution {
  if (step % oneHour === 0) return 'hour';
  return step % fiveMinutes === 0 ? 'five-minutes' : 'raw';
}

/**
 * Answers a request from a source of rows in ascending time.
 *
 * The step is the finest nice one that fits into `points`, and at least about as wide as the entity is usually read (four fifths of the median
 * distance of its rows), because finer buckets would show every second one as a gap. Where a reading is a moment late and
 * so skips a bucket, or the entity was read more seldom for a while, empty buckets show the reading before them: readings
 * that are at most 1.5 times as far apart as those around them leave no gap. All else that is empty stays a gap.
 */
export async function answer(
  request: SeriesRequest,
  load: (grid: Grid, resolution: Resolution) => Promise<readonly AggregateRow[]>,
): Promise<Series> {
  const loadColumns = async (grid: Grid) =>
    columnsOfRows(request.metrics.length, await load(grid, resolutionFor(grid.step)));
  const grid = chooseGrid(request.from, request.to, request.points);
  const rows = await loadColumns(grid);
  const coarser = coarserGrid(request, grid, rows);
  return seriesOf(
    coarser ? inBuckets(request, coarser, await loadColumns(coarser)) : inBuckets(request, grid, rows),
  );
}

/** The same from a source that answers at once, as columns. */
export function answerColumns(
  request: SeriesRequest,
  load: (grid: Grid, resolution: Resolution) => AggregateColumns,
): SeriesColumns {
  const grid = chooseGrid(request.from, request.to, request.points);
  const rows = load(grid, resolutionFor(grid.step));
  const coarser = coarserGrid(request, grid, rows);
  return coarser
    ? inBuckets(request, coarser, load(coarser, resolutionFor(coarser.step)))
    : inBuckets(request, grid, rows);
}

/** The grid to take instead when the entity is read more seldom than this one has buckets. */
function coarserGrid(
  { from, to, points }: SeriesRequest,
  grid: Grid,
  { times }: AggregateColumns,
): Grid | undefined {
  const usual = usualDistance(times);
  return usual > grid.step * 1.25 ? chooseGrid(from, to, points, usual / 1.25) : undefined;
}

function inBuckets({ metrics }: SeriesRequest, grid: Grid, rows: AggregateColumns): SeriesColumns {
  const { start, step, length } = grid;
  const { times } = rows;
  const bridged = resolutionFor(step) === 'raw' ? bridges(times, usualDistance(times)) : undefined;
  /** By row: its bucket; -1 when it lies outside. */
  const buckets = new Int32Array(times.length);
  for (let i = 0; i < times.length; i++) {
    const bucket = Math.floor(((times[i] ?? 0) - start) / step);
    buckets[i] = bucket >= 0 && bucket < length ? bucket : -1;
  }
  const count = new Float64Array(length);
  return {
    start,
    step,
    columns: metrics.map((metric, index) => ({
      metric,
      ...column(index, rows, { buckets, count, bridged }),
    })),
  };
}

/** Median distance of rows; 0 when there are fewer than three. */
function usualDistance(times: Float64Array): number {
  if (times.length < 3) return 0;
  const distances = new Float64Array(times.length - 1);
  for (let i = 1; i < times.length; i++) distances[i - 1] = (times[i] ?? 0) - (times[i - 1] ?? 0);
  distances.sort();
  return distances[distances.length >> 1] ?? 0;
}

/** By row, 1 when it follows the row before it so soon that nothing is missing between them. */
function bridges(times: Float64Array, usual: number): Uint8Array {
  const distance = (i: number) => (times[i] ?? 0) - (times[i - 1] ?? 0);
  const found = new Uint8Array(times.length);
  for (let i = 1; i < times.length; i++) {
    if (distance(i) <= 1.5 * usual) {
      found[i] = 1;
      continue;
    }
    const around = [i - 2, i - 1, i + 1, i + 2].filter((k) => k > 0 && k < times.length).map(distance);
    around.sort((a, b) => a - b);
    const here = around.length < 2 ? 0 : (around[around.length >> 1] ?? 0);
    if (distance(i) <= 1.5 * here) found[i] = 1;
  }
  return found;
}

function column(
  index: number,
  rows: AggregateColumns,
  /** `count` has as many places as there are buckets, and is used again. */
  { buckets, count, bridged }: { buckets: Int32Array; count: Float64Array; bridged: Uint8Array | undefined },
): { mean: Float64Array; min: Float64Array; max: Float64Array } {
  const empty = new Float64Array(0);
  const ns = rows.n[index] ?? empty;
  const sums = rows.sum[index] ?? empty;
  const lows = rows.min[index] ?? empty;
  const highs = rows.max[index] ?? empty;
  const mean = new Float64Array(count.length).fill(Number.NaN);
  const min = new Float64Array(count.length).fill(Number.NaN);
  const max = new Float64Array(count.length).fill(Number.NaN);
  count.fill(0);
  let before = -1;
  let valueBefore = 0;
  for (let i = 0; i < buckets.length; i++) {
    const n = ns[i] ?? 0;
    const bucket = buckets[i] ?? -1;
    if (!(n > 0) || bucket < 0) continue;
    const sum = sums[i] ?? 0;
    const low = lows[i] ?? 0;
    const high = highs[i] ?? 0;
    if (count[bucket] === 0) {
      count[bucket] = n;
      mean[bucket] = sum;
      min[bucket] = low;
      max[bucket] = high;
    } else {
      count[bucket] = (count[bucket] ?? 0) + n;
      mean[bucket] = (mean[bucket] ?? 0) + sum;
      if (low < (min[bucket] ?? low)) min[bucket] = low;
      if (high > (max[bucket] ?? high)) max[bucket] = high;
    }
    if (bridged === undefined) continue;
    if (before >= 0 && bridged[i] === 1)
      for (let gap = before + 1; gap < bucket; gap++) {
        mean[gap] = min[gap] = max[gap] = valueBefore;
        // Its mean is no sum to be divided.
        count[gap] = -1;
      }
    before = bucket;
    valueBefore = sum;
  }
  for (let i = 0; i < count.length; i++) {
    const n = count[i] ?? 0;
    if (n > 1) mean[i] = (mean[i] ?? 0) / n;
  }
  return { mean, min, max };
}
