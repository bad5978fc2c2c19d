import { z } from 'zod';
import { entityKinds, units } from './metrics.ts';

/** GET /api/series */
export const SeriesQuery = z.strictObject({
  device: z.coerce.number().int().min(0),
  kind: z.enum(entityKinds),
  entity: z.string(),
  /** Comma-separated metric names of that kind, e.g. `rx,tx`. */
  metrics: z.string().min(1),
  /** Milliseconds since 1970. */
  from: z.coerce.number().int(),
  to: z.coerce.number().int(),
  /** How many points at most; the reply's buckets are as wide as that needs. */
  points: z.coerce.number().int().min(10).max(2000).default(300),
});
export type SeriesQuery = z.infer<typeof SeriesQuery>;

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
});
export type SeriesReply = z.infer<typeof SeriesReply>;
