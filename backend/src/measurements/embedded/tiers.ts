import { fiveMinutes, oneHour } from '../steps.ts';
import { rowAt, type Table } from './table.ts';

/** A window of packed rows: which table, how long a window, how long a bucket (0: the readings themselves). */
export interface Tier {
  readonly table: 'raw' | 'five_minutes' | 'hour';
  readonly windowMs: number;
  readonly bucketMs: number;
}

export const rawTier: Tier = { table: 'raw', windowMs: 2 * oneHour, bucketMs: 0 };
export const fiveMinuteTier: Tier = {
  table: 'five_minutes',
  windowMs: 24 * oneHour,
  bucketMs: fiveMinutes,
};
export const hourTier: Tier = { table: 'hour', windowMs: 32 * 24 * oneHour, bucketMs: oneHour };
export const rollupTiers: readonly Tier[] = [fiveMinuteTier, hourTier];
export const tiers: readonly Tier[] = [rawTier, ...rollupTiers];

const dayMs = 24 * oneHour;
/** Readings are rolled up day by day. */
export const windowsPerDay = dayMs / rawTier.windowMs;

/** The day that a window of readings is in. */
export function dayOf(window: number): number {
  return Math.floor(window / windowsPerDay);
}

const entities = 2 ** 30;

/**
 * The rowid of an entity's window. Windows come first, so that what is written at the same time lies together, and what is
 * too old is one range.
 */
export function rowidOf(window: number, entity: number): number {
  return window * entities + entity;
}

export function windowOfRow(rowid: number): number {
  return Math.floor(rowid / entities);
}

export function entityOfRow(rowid: number): number {
  return rowid % entities;
}

/** The number of the window that holds `time`. */
export function windowOf(tier: Tier, time: number): number {
  return Math.floor(time / tier.windowMs);
}

/** The last millisecond whose window can be numbered, some centuries away. */
export const lastTime = rawTier.windowMs * 2 ** 22 - 1;

/** Column numbers of a roll-up: four for each field. Sums of whole numbers are exact, so a mean does not drift. */
export const rollupColumn = {
  n: (field: number) => field * 4,
  sum: (field: number) => field * 4 + 1,
  min: (field: number) => field * 4 + 2,
  max: (field: number) => field * 4 + 3,
} as const;

/** Rolls readings up: one row per bucket that has any. */
export function rollUp(table: Table, bucketMs: number): Table {
  const bucketOf = new Uint32Array(table.count);
  const starts: number[] = [];
  for (let i = 0; i < table.count; i++) {
    const start = Math.floor((table.times[i] ?? 0) / bucketMs) * bucketMs;
    if (starts[starts.length - 1] !== start) starts.push(start);
    bucketOf[i] = starts.length - 1;
  }
  const fields: number[] = [];
  const columns: Float64Array[] = [];
  for (const [index, field] of table.fields.entries()) {
    const column = table.columns[index];
    if (!column) continue;
    fields.push(
      rollupColumn.n(field),
      rollupColumn.sum(field),
      rollupColumn.min(field),
      rollupColumn.max(field),
    );
    columns.push(...rollUpColumn(column, bucketOf, starts.length));
  }
  return { count: starts.length, times: Float64Array.from(starts), fields, columns };
}

function rollUpColumn(column: Float64Array, bucketOf: Uint32Array, buckets: number): Float64Array[] {
  const nothing = () => new Float64Array(buckets).fill(Number.NaN);
  const [n, sum, min, max] = [nothing(), nothing(), nothing(), nothing()];
  for (let i = 0; i < bucketOf.length; i++) {
    const value = column[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const bucket = bucketOf[i] ?? 0;
    const before = n[bucket] ?? 0;
    if (Number.isNaN(before)) {
      n[bucket] = 1;
      sum[bucket] = min[bucket] = max[bucket] = value;
      continue;
    }
    n[bucket] = before + 1;
    sum[bucket] = (sum[bucket] ?? 0) + value;
    if (value < (min[bucket] ?? 0)) min[bucket] = value;
    if (value > (max[bucket] ?? 0)) max[bucket] = value;
  }
  return [n, sum, min, max];
}

/** The parts of a table, one per window of a tier, in order. */
export function* windowsOf(
  table: Table,
  tier: Tier,
): Generator<{ window: number; from: number; to: number }> {
  let from = 0;
  while (from < table.count) {
    const window = windowOf(tier, table.times[from] ?? 0);
    const to =
      windowOf(tier, table.times[table.count - 1] ?? 0) === window
        ? table.count
        : rowAt(table, (window + 1) * tier.windowMs);
    yield { window, from, to };
    from = to;
  }
}
