import { z } from 'zod';
import { Severity } from './health.ts';
import { entityKinds, units } from './metrics.ts';
import { MomentInQuery } from './moment.ts';

/** GET /api/series */
export const SeriesQuery = z.strictObject({
  device: z.coerce.number().int().min(0),
  kind: z.enum(entityKinds),
  entity: z.string().max(500),
  /** Comma-separated metric names of that kind, e.g. `rx,tx`. */
  metrics: z.string().min(1).max(1000),
  /** Milliseconds since 1970. */
  from: MomentInQuery,
  to: MomentInQuery,
  /** How many points at most; the reply's buckets are as wide as that needs. */
  points: z.coerce.number().int().min(10).max(2000).default(300),
});
export type SeriesQuery = z.infer<typeof SeriesQuery>;

/** What a value is held against: by the device itself, or by a rule of ours. Beyond it is a warning, or critical. */
export const SeriesLimit = z.strictObject({
  metric: z.string(),
  level: Severity,
  side: z.enum(['low', 'high']),
  value: z.number(),
  by: z.enum(['device', 'rule']),
});
export type SeriesLimit = z.infer<typeof SeriesLimit>;

/**
 * Columns of equal length. Bucket i begins at `start + i * step`. null in `mean`, `min` and `max`: no reading in that
 * bucket, a gap. `min` and `max` keep the spikes that a mean hides.
 */
export const SeriesReply = z.strictObject({
  start: z.number(),
  step: z.number(),
  series: z.array(
    z.strictObject({
      metric: z.string(),
      unit: z.enum(units),
      mean: z.array(z.number().nullable()),
      min: z.array(z.number().nullable()),
      max: z.array(z.number().nullable()),
    }),
  ),
  /** The limits that hold now; none of what is not monitored. */
  limits: z.array(SeriesLimit).default([]),
});
export type SeriesReply = z.infer<typeof SeriesReply>;
