/** The periods that a chart can show, shortest first. */
export const chartRanges = ['1h', '24h', '7d', '30d', '1y'] as const;
export type ChartRange = (typeof chartRanges)[number];

const hourMs = 3_600_000;

/** Length of a period in milliseconds. */
export const rangeMs: Readonly<Record<ChartRange, number>> = {
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
  '1y': 365 * 24 * hourMs,
};

/** How long to wait before looking for newer values: one bucket, but neither restless nor stale. */
export function refreshMs(stepMs: number): number {
  return Math.min(Math.max(stepMs, 5_000), 15 * 60_000);
}

/** How many buckets to ask for, so that one is about two and a half CSS pixels wide. */
export function pointsFor(widthPx: number): number {
  return Math.min(Math.max(Math.round(widthPx / 2.5), 60), 600);
}

/** A stretch of time that is looked at: until now where `to` is null, and something that happened in it. */
export interface ChartWindow {
  readonly from: number;
  readonly to: number | null;
  /** Drawn as a line. */
  readonly mark: number;
}
