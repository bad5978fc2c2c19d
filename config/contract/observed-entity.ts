import { z } from 'zod';
import { entityKinds } from './metrics.ts';

/** What a device itself takes for too low or too high, in the metric's unit; null where it does not say. */
export const DeviceLimits = z.strictObject({
  lowCritical: z.number().nullable(),
  lowWarning: z.number().nullable(),
  highWarning: z.number().nullable(),
  highCritical: z.number().nullable(),
});
export type DeviceLimits = z.infer<typeof DeviceLimits>;

export const ObservedEntity = z.strictObject({
  kind: z.enum(entityKinds),
  entity: z.string(),
  /** The device's own words for it. */
  label: z.string(),
  /** By name of the metric within its kind (`state`): the device's word for what it is now. Left out: it has none. */
  words: z.record(z.string(), z.string().max(200)).optional(),
  /** By name of the metric within its kind (`temperature`): the limits that the device itself has set. */
  limits: z.record(z.string(), DeviceLimits).optional(),
});
export type ObservedEntity = z.infer<typeof ObservedEntity>;
