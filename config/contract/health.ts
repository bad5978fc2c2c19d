import { z } from 'zod';

/**
 * How well something is. `unknown`: no reading within its interval, silence is not health.
 * `unmonitored`: nothing polls it (patch panels, shelves), so nothing can be said.
 */
export const healthStates = ['ok', 'warning', 'critical', 'unknown', 'unmonitored'] as const;
export const HealthState = z.enum(healthStates);
export type HealthState = z.infer<typeof HealthState>;

export const severities = ['warning', 'critical'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** A sentence in both languages of the interface; `{device}`, `{entity}`, `{value}` and `{place}` are already filled in. */
export const BilingualText = z.strictObject({ de: z.string().min(1), en: z.string().min(1) });
export type BilingualText = z.infer<typeof BilingualText>;

/** Something that asks for attention: one rule that holds for one entity of one device since a time. */
export const Condition = z.strictObject({
  /** Stable while the condition lasts: `<deviceId>/<ruleId>/<entity>`. */
  id: z.string(),
  rule: z.string(),
  deviceId: z.int(),
  deviceName: z.string(),
  /** Room and rack for people, e.g. "Serverraum neu, Schrank 3, HE 1-3". */
  place: z.string(),
  roomId: z.int().nullable(),
  /** Port or sensor name; empty for the device as a whole. */
  entity: z.string(),
  severity: Severity,
  title: BilingualText,
  advice: BilingualText,
  /** Milliseconds since 1970, UTC: the time of the reading that began it. */
  since: z.number(),
  /** The metric that is meant, where its rule looks at several. */
  metric: z.string().optional(),
});
export type Condition = z.infer<typeof Condition>;
