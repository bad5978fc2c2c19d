import { type IncidentDetail, isMetricId, type MetricId, metric } from '@rackhaus/config/contract';
import type { ChartWindow } from '../charts/ranges.ts';

type Wanted = IncidentDetail['series'][number];

/** One chart before it has words: one metric of one device. */
export interface PlannedReading {
  readonly deviceId: number;
  readonly metric: MetricId;
  readonly entities: readonly string[];
}

/** More lines than these cannot be told apart, and more charts than these are not looked at. */
const mostLines = 6;
const mostCharts = 6;

/** The charts of an incident: states have none, and what this page does not know of is left out. */
export function planReadings(series: readonly Wanted[]): PlannedReading[] {
  const known = series.flatMap((one) =>
    isMetricId(one.metric) && !metric(one.metric).states ? [{ ...one, metric: one.metric }] : [],
  );
  const groups = Map.groupBy(known, (one) => `${one.deviceId}/${one.metric}`);
  return [...groups.values()].slice(0, mostCharts).flatMap((group) => {
    const [first] = group;
    return first
      ? [
          {
            deviceId: first.deviceId,
            metric: first.metric,
            entities: [...new Set(group.map(({ entity }) => entity))].slice(0, mostLines),
          },
        ]
      : [];
  });
}

const hourMs = 3_600_000;

/** From well before the fault until now, or until a while after it was over; never so long that the beginning cannot be seen. */
export function readingsWindow(since: number, resolvedAt: number | null, now: number): ChartWindow {
  const lasted = (resolvedAt ?? now) - since;
  const around = Math.min(Math.max(lasted / 2, hourMs / 2), 6 * hourMs);
  const from = since - around;
  const longest = 24 * hourMs;
  if (resolvedAt !== null) return { from, to: Math.min(resolvedAt + around, since + longest), mark: since };
  return { from, to: lasted > longest ? since + longest : null, mark: since };
}
