import { type AggregateColumns, type AggregateRow, columnsOfRows, type Resolution } from './buckets.ts';
import type { EntityKey } from './reading-batch.ts';
import { fiveMinutes, oneHour } from './steps.ts';
import type { Kept, KeptColumns, KeptRow, MeasurementStore } from './store.ts';

/** Rows of each resolution that a store has of the same metrics and time. */
export interface RowsByResolution {
  readonly raw: readonly AggregateRow[];
  readonly fiveMinutes: readonly AggregateRow[];
  readonly hours: readonly AggregateRow[];
}

/** The finest that there is for each time; metrics without any value are left out. */
export function finestKept(metrics: readonly string[], rows: RowsByResolution): Kept {
  const bucketsRead = new Set(rows.raw.map(({ time }) => Math.floor(time / fiveMinutes)));
  const fine = rows.fiveMinutes.filter(({ time }) => !bucketsRead.has(Math.floor(time / fiveMinutes)));
  const hoursKnown = new Set([...rows.raw, ...fine].map(({ time }) => Math.floor(time / oneHour)));
  const coarse = rows.hours.filter(({ time }) => !hoursKnown.has(Math.floor(time / oneHour)));
  const all = [...marked(rows.raw, 'raw'), ...marked(fine, 'five-minutes'), ...marked(coarse, 'hour')].sort(
    (a, b) => a.time - b.time,
  );
  const present = metrics.map((_, index) => all.some((row) => (row.n[index] ?? 0) > 0));
  const pick = (values: readonly number[]) => values.filter((_, index) => present[index]);
  return {
    metrics: metrics.filter((_, index) => present[index]),
    rows: all.map((row) => ({
      ...row,
      n: pick(row.n),
      sum: pick(row.sum),
      min: pick(row.min),
      max: pick(row.max),
    })),
  };
}

function marked(rows: readonly AggregateRow[], resolution: Resolution): KeptRow[] {
  return rows.map((row) => ({ ...row, resolution }));
}

/** The same of columns. Roll-ups are left out where there is something finer; metrics without any value too. */
export function finestColumns(
  metrics: readonly string[],
  columns: Omit<KeptColumns, 'metrics'>,
): KeptColumns {
  const { raw } = columns;
  const fine = withoutBuckets(columns.fiveMinutes, fiveMinutes, [raw.times]);
  const coarse = withoutBuckets(columns.hours, oneHour, [raw.times, fine.times]);
  const present = metrics.map(
    (_, m) =>
      (raw.values[m]?.some((value) => !Number.isNaN(value)) ?? false) ||
      [fine, coarse].some(({ n }) => n[m]?.some((count) => count > 0) ?? false),
  );
  const pick = <T>(of: readonly T[]) => of.filter((_, m) => present[m]);
  const picked = (rows: AggregateColumns): AggregateColumns => ({
    times: rows.times,
    n: pick(rows.n),
    sum: pick(rows.sum),
    min: pick(rows.min),
    max: pick(rows.max),
  });
  return {
    metrics: pick(metrics),
    raw: { times: raw.times, values: pick(raw.values) },
    fiveMinutes: picked(fine),
    hours: picked(coarse),
  };
}

/** The rows whose bucket holds none of these times; all are ascending. */
function withoutBuckets(
  rows: AggregateColumns,
  width: number,
  known: readonly Float64Array[],
): AggregateColumns {
  const keep = new Uint8Array(rows.times.length).fill(1);
  let left = keep.length;
  for (const times of known) {
    let at = 0;
    for (let i = 0; i < keep.length; i++) {
      const start = rows.times[i] ?? 0;
      while (at < times.length && (times[at] ?? 0) < start) at++;
      if (at === times.length) break;
      if (keep[i] === 1 && (times[at] ?? 0) < start + width) {
        keep[i] = 0;
        left--;
      }
    }
  }
  if (left === keep.length) return rows;
  const filled = (column: Float64Array) => column.filter((_, i) => keep[i] === 1);
  return {
    times: filled(rows.times),
    n: rows.n.map(filled),
    sum: rows.sum.map(filled),
    min: rows.min.map(filled),
    max: rows.max.map(filled),
  };
}

/** What a store has kept, as columns: as it gives them, or made of its rows. @throws StoreUnavailable */
export async function keptColumnsOf(
  store: MeasurementStore,
  entity: EntityKey,
  from: number,
  to: number,
): Promise<KeptColumns> {
  if (store.keptColumns) return await store.keptColumns(entity, from, to);
  const { metrics, rows } = await store.kept(entity, from, to);
  const of = (resolution: Resolution) =>
    columnsOfRows(
      metrics.length,
      rows.filter((row) => row.resolution === resolution),
    );
  const raw = of('raw');
  return {
    metrics,
    raw: {
      times: raw.times,
      values: raw.sum.map((sum, m) => sum.map((value, i) => ((raw.n[m]?.[i] ?? 0) > 0 ? value : Number.NaN))),
    },
    fiveMinutes: of('five-minutes'),
    hours: of('hour'),
  };
}
