import { chooseGrid, fiveMinutes, type Grid, oneHour } from './steps.ts';
import type { Series, SeriesColumn, SeriesRequest } from './store.ts';

/** Sums over the readings between `time` and the next row: a raw reading has n = 1. Arrays by metric; n = 0: no value. */
export interface AggregateRow {
  readonly time: number;
  readonly n: readonly number[];
  readonly sum: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
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
  load: (grid: Grid, resolution: Resolution) => Promise<readonly AggregateRow[]> | readonly AggregateRow[],
): Promise<Series> {
  let grid = chooseGrid(request.from, request.to, request.points);
  let resolution = resolutionFor(grid.step);
  let rows = await load(grid, resolution);
  let usual = usualDistance(rows);
  if (usual > grid.step * 1.25) {
    grid = chooseGrid(request.from, request.to, request.points, usual / 1.25);
    resolution = resolutionFor(grid.step);
    rows = await load(grid, resolution);
    usual = usualDistance(rows);
  }
  return {
    start: grid.start,
    step: grid.step,
    columns: request.metrics.map((metric, index) =>
      column(metric, index, rows, grid, resolution === 'raw' ? bridges(rows, usual) : new Set()),
    ),
  };
}

/** Median distance of rows; 0 when there are fewer than three. */
function usualDistance(rows: readonly AggregateRow[]): number {
  if (rows.length < 3) return 0;
  const distances = new Float64Array(rows.length - 1);
  for (let i = 1; i < rows.length; i++) distances[i - 1] = (rows[i]?.time ?? 0) - (rows[i - 1]?.time ?? 0);
  distances.sort();
  return distances[distances.length >> 1] ?? 0;
}

/** Rows that follow the row before them so soon that nothing is missing between them. */
function bridges(rows: readonly AggregateRow[], usual: number): Set<AggregateRow> {
  const distance = (i: number) => (rows[i]?.time ?? 0) - (rows[i - 1]?.time ?? 0);
  const found = new Set<AggregateRow>();
  for (const [i, row] of rows.entries()) {
    if (i === 0) continue;
    const around = [i - 2, i - 1, i + 1, i + 2].filter((k) => k > 0 && k < rows.length).map(distance);
    around.sort((a, b) => a - b);
    const here = around.length < 2 ? 0 : (around[around.length >> 1] ?? 0);
    if (distance(i) <= 1.5 * Math.max(usual, here)) found.add(row);
  }
  return found;
}

function column(
  metric: string,
  index: number,
  rows: readonly AggregateRow[],
  grid: Grid,
  bridged: ReadonlySet<AggregateRow>,
): SeriesColumn {
  const count = new Float64Array(grid.length);
  const sum = new Float64Array(grid.length);
  const min: (number | null)[] = new Array(grid.length).fill(null);
  const max: (number | null)[] = new Array(grid.length).fill(null);
  const mean: (number | null)[] = new Array(grid.length).fill(null);

  let previous: { time: number; bucket: number; value: number } | undefined;
  for (const row of rows) {
    const n = row.n[index] ?? 0;
    if (n === 0) continue;
    const bucket = Math.floor((row.time - grid.start) / grid.step);
    if (bucket < 0 || bucket >= grid.length) continue;
    const low = row.min[index] ?? 0;
    const high = row.max[index] ?? 0;
    count[bucket] = (count[bucket] ?? 0) + n;
    sum[bucket] = (sum[bucket] ?? 0) + (row.sum[index] ?? 0);
    min[bucket] = Math.min(min[bucket] ?? low, low);
    max[bucket] = Math.max(max[bucket] ?? high, high);
    if (previous && bridged.has(row)) {
      for (let empty = previous.bucket + 1; empty < bucket; empty++)
        mean[empty] = min[empty] = max[empty] = previous.value;
    }
    previous = { time: row.time, bucket, value: row.sum[index] ?? 0 };
  }
  for (let i = 0; i < grid.length; i++) {
    const n = count[i] ?? 0;
    if (n > 0) mean[i] = (sum[i] ?? 0) / n;
  }
  return { metric, mean, min, max };
}
