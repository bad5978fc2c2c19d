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

/**
 * What tells an outlet apart from another that may have its name some day: names are numbers where several units hang behind one address,
 * and are given anew when one of them leaves.
 */
export const OutletIdentity = z.strictObject({
  /** Its table in the profile and its row in it. */
  row: z.string().max(300),
  /** How many rows the table had. */
  among: z.int().nonnegative(),
  /** What the device calls it; null: nothing. */
  label: z.string().max(200).nullable(),
  /** Which of several units it belongs to, by what stays with that unit, such as its serial number; null: the device does not say. */
  unit: z.string().max(200).nullable(),
});
export type OutletIdentity = z.infer<typeof OutletIdentity>;

export const ObservedEntity = z.strictObject({
  kind: z.enum(entityKinds),
  entity: z.string(),
  /** The device's own words for it. */
  label: z.string(),
  /** By name of the metric within its kind (`state`): the device's word for what it is now. Left out: it has none. */
  words: z.record(z.string(), z.string().max(200)).optional(),
  /** By name of the metric within its kind (`temperature`): the limits that the device itself has set. */
  limits: z.record(z.string(), DeviceLimits).optional(),
  /** Of an outlet that can be switched. */
  outlet: OutletIdentity.optional(),
});
export type ObservedEntity = z.infer<typeof ObservedEntity>;
