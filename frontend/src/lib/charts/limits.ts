import type { SeriesLimit } from '@rackhaus/config/contract';
import type { LoadedSeries } from './series.ts';

/** One limit of all lines of a chart. */
export interface LimitLine {
  readonly level: SeriesLimit['level'];
  readonly side: SeriesLimit['side'];
  readonly value: number;
  /** Who holds values against it. */
  readonly by: readonly SeriesLimit['by'][];
  /** The lines that it is for; empty: all. */
  readonly of: readonly string[];
}

/** A kind of limit that is another for many lines of a chart: from the lowest to the highest. */
export interface LimitSpan {
  readonly level: SeriesLimit['level'];
  readonly side: SeriesLimit['side'];
  readonly from: number;
  readonly to: number;
}

export interface ChartLimits {
  /** In the picture. */
  readonly drawn: readonly LimitLine[];
  /** Too far away: the curve would be flat. */
  readonly outside: readonly LimitLine[];
  readonly spans: readonly LimitSpan[];
  /** Ends of what the axis has to hold. */
  readonly low: number;
  readonly high: number;
}

/** A curve that hardly moves may be drawn this much smaller, as a part of its size, for the sake of a limit. */
const reachOfSize = 0.25;
/** More limits of one kind cannot be told apart. */
const mostOfAKind = 2;

/**
 * Which limits are drawn, and how far the axis goes for them: no farther than the curve itself takes up, and for a flat curve a
 * quarter of its size, so that a limit far away does not squash it. Where many entities have each its own, only the span is told.
 */
export function chartLimits(
  series: readonly LoadedSeries[],
  extent: { readonly low: number; readonly high: number },
): ChartLimits {
  const plain = series.some(({ mirrored }) => mirrored) ? [] : series;
  const lines: LimitLine[] = [];
  const spans: LimitSpan[] = [];
  for (const level of ['warning', 'critical'] as const)
    for (const side of ['high', 'low'] as const) {
      const found = plain.map(({ limits }) =>
        limits.filter((each) => each.level === level && each.side === side),
      );
      const values = [...new Set(found.flat().map(({ value }) => value))].sort((a, b) => a - b);
      const [first, last] = [values[0], values.at(-1)];
      if (first === undefined || last === undefined) continue;
      if (values.length > mostOfAKind) {
        spans.push({ level, side, from: first, to: last });
        continue;
      }
      for (const value of values) {
        const having = plain.filter((_, at) => found[at]?.some((each) => each.value === value));
        const by = found.flat().flatMap((each) => (each.value === value ? [each.by] : []));
        const of = having.length === plain.length ? [] : having.map(({ label }) => label);
        lines.push({ level, side, value, by: [...new Set(by)].sort(), of });
      }
    }
  const size = Math.max(Math.abs(extent.low), Math.abs(extent.high));
  const reach = Math.max(extent.high - extent.low, reachOfSize * size);
  const isNear = ({ value }: LimitLine) => value >= extent.low - reach && value <= extent.high + reach;
  const drawn = lines.filter(isNear);
  return {
    drawn,
    outside: lines.filter((line) => !isNear(line)),
    spans,
    low: Math.min(extent.low, ...drawn.map(({ value }) => value)),
    high: Math.max(extent.high, ...drawn.map(({ value }) => value)),
  };
}
