import { type EntityKind, type SeriesLimit, SeriesReply, type Unit } from '@rackhaus/config/contract';
import type { Api } from '../api/api.ts';

/** One line of a chart before it is loaded. */
export interface SeriesSpec {
  readonly kind: EntityKind;
  readonly entity: string;
  /** Metric name without its kind. */
  readonly metric: string;
  readonly label: string;
  /** Drawn below zero, so that two directions of traffic do not cover each other. Values stay positive in words. */
  readonly mirrored?: boolean;
}

/** What a chart shows. All its series have one unit. */
export interface ChartSpec {
  /** Unique on its screen. */
  readonly id: string;
  readonly title: string;
  /** For file names and for listeners: what the chart is about. */
  readonly subject: string;
  readonly deviceId: number;
  readonly series: readonly SeriesSpec[];
  /** Keep zero in the picture: for amounts, not for temperatures or voltages. */
  readonly fromZero: boolean;
}

/** One loaded line. Bucket i begins at `start + i * step`; null is a gap. */
export interface LoadedSeries {
  readonly label: string;
  readonly mirrored: boolean;
  readonly unit: Unit;
  readonly start: number;
  readonly step: number;
  readonly mean: readonly (number | null)[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** What its values are held against. */
  readonly limits: readonly SeriesLimit[];
}

/** A chart's data for one period. */
export interface LoadedChart {
  readonly from: number;
  readonly to: number;
  readonly series: readonly LoadedSeries[];
}

/** Fetches all lines of a chart: one request for each entity. @throws ApiProblem */
export async function loadChart(
  api: Api,
  spec: ChartSpec,
  period: { readonly from: number; readonly to: number; readonly points: number },
  signal: AbortSignal,
): Promise<LoadedChart> {
  const byEntity = Map.groupBy(spec.series, ({ kind, entity }) => `${kind}/${entity}`);
  const parts = await Promise.all(
    [...byEntity.values()].map(async (wanted) => {
      const [first] = wanted;
      if (!first) return [];
      const query = new URLSearchParams({
        device: String(spec.deviceId),
        kind: first.kind,
        entity: first.entity,
        metrics: wanted.map(({ metric }) => metric).join(','),
        from: String(period.from),
        to: String(period.to),
        points: String(period.points),
      });
      const reply = await api.get(`/api/series?${query}`, SeriesReply, signal);
      return wanted.flatMap((one) => {
        const found = reply.series.find(({ metric }) => metric === one.metric);
        return found
          ? [
              {
                label: one.label,
                mirrored: one.mirrored ?? false,
                unit: found.unit,
                start: reply.start,
                step: reply.step,
                mean: found.mean,
                min: found.min,
                max: found.max,
                limits: reply.limits.filter(({ metric }) => metric === one.metric),
              },
            ]
          : [];
      });
    }),
  );
  return { from: period.from, to: period.to, series: parts.flat() };
}

/** True when there is no single value to draw. */
export function isEmpty(chart: LoadedChart): boolean {
  return chart.series.every(({ mean }) => mean.every((value) => value === null));
}

/** Smallest and largest value that is drawn, mirrored ones below zero. Null for an empty chart. */
export function drawnExtent(series: readonly LoadedSeries[]): { low: number; high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const one of series) {
    const sign = one.mirrored ? -1 : 1;
    for (const column of [one.mean, one.min, one.max]) {
      for (const value of column) {
        if (value === null) continue;
        low = Math.min(low, value * sign);
        high = Math.max(high, value * sign);
      }
    }
  }
  return low <= high ? { low, high } : null;
}

/** A stretch of buckets without a gap: first index and the index after the last. */
export interface Run {
  readonly first: number;
  readonly end: number;
}

/** The stretches of a column that have values; between them are gaps, which are never bridged. */
export function runs(column: readonly (number | null)[]): Run[] {
  const found: Run[] = [];
  let first = -1;
  for (let index = 0; index <= column.length; index += 1) {
    const present = index < column.length && column[index] !== null;
    if (present && first < 0) first = index;
    if (!present && first >= 0) {
      found.push({ first, end: index });
      first = -1;
    }
  }
  return found;
}

/** The bucket that covers a time, or null outside. */
export function bucketAt(series: LoadedSeries, ms: number): number | null {
  const index = Math.floor((ms - series.start) / series.step);
  return index >= 0 && index < series.mean.length ? index : null;
}

/** The values of one line at a time; null in a gap. */
export function valuesAt(
  series: LoadedSeries,
  ms: number,
): { readonly mean: number; readonly min: number; readonly max: number } | null {
  const index = bucketAt(series, ms);
  const mean = index === null ? null : (series.mean[index] ?? null);
  if (index === null || mean === null) return null;
  return { mean, min: series.min[index] ?? mean, max: series.max[index] ?? mean };
}

/** The last bucket with any value: where the readout stands when nobody points at the chart. */
export function lastMoment(chart: LoadedChart): number | null {
  let latest: number | null = null;
  for (const { start, step, mean } of chart.series) {
    const index = mean.findLastIndex((value) => value !== null);
    if (index >= 0) latest = Math.max(latest ?? 0, start + index * step);
  }
  return latest;
}
