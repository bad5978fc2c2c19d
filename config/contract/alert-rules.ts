import { z } from 'zod';
import { BilingualText, Severity } from './health.ts';
import { DeviceRole } from './inventory.ts';
import { limitScopes } from './records/index.ts';

/** A rule as a person sees and tunes it. */
export const RuleView = z.strictObject({
  id: z.string(),
  /** Its file: environment, hardware, network, power, reachability, services, rackhaus. */
  group: z.string(),
  /** null: whatever the device has limits of its own for. */
  metric: z.string().nullable(),
  kind: z.string().nullable(),
  /** Its limits are those that devices have set themselves: there is no number to be set. */
  byDevice: z.boolean(),
  severity: Severity,
  roles: z.array(DeviceRole).nullable(),
  title: BilingualText,
  advice: BilingualText,
  /** What it looks for in words without a device's name: "über 27 °C, 10 min lang". Empty where the title says all. */
  when: z.strictObject({ de: z.string(), en: z.string() }),
  /** The number that can be set, with the unit of the metric; null: a state, or nothing that has one. */
  limit: z
    .strictObject({
      value: z.number(),
      clear: z.number(),
      direction: z.enum(['above', 'below']),
      unit: z.string(),
      decimals: z.int(),
    })
    .nullable(),
  forSeconds: z.int(),
  enabled: z.boolean(),
  /** Conditions of it now. */
  active: z.int(),
  /** Incidents of it in the last 30 days. */
  recent: z.int(),
  /** Records of the kind rule-limit. */
  limits: z.array(
    z.strictObject({
      id: z.int(),
      version: z.int(),
      scope: z.enum(limitScopes),
      siteId: z.int().nullable(),
      role: DeviceRole.nullable(),
      deviceId: z.int().nullable(),
      entity: z.string().nullable(),
      /** Name of the site, role or device for people. */
      name: z.string(),
      enabled: z.boolean(),
      limit: z.number().nullable(),
      clear: z.number().nullable(),
      forSeconds: z.int().nullable(),
      severity: Severity.nullable(),
      reason: z.string().nullable(),
    }),
  ),
});
export type RuleView = z.infer<typeof RuleView>;
/** GET /api/alert-rules */
export const RuleList = z.strictObject({ rules: z.array(RuleView) });
export type RuleList = z.infer<typeof RuleList>;

/** POST /api/alert-rules/:id/preview: what a limit would have done in the last days, from the store. */
export const RulePreviewRequest = z.strictObject({
  days: z.int().min(1).max(30).default(30),
  scope: z.enum(limitScopes).default('all'),
  siteId: z.int().nullable().default(null),
  role: DeviceRole.nullable().default(null),
  deviceId: z.int().nullable().default(null),
  entity: z.string().nullable().default(null),
  limit: z.number().nullable().default(null),
  clear: z.number().nullable().default(null),
  forSeconds: z.int().min(0).max(604_800).nullable().default(null),
});
export type RulePreviewRequest = z.infer<typeof RulePreviewRequest>;
export const RulePreview = z.strictObject({
  from: z.number(),
  until: z.number(),
  /** How often it would have fired. */
  times: z.int(),
  /** The same with the limits that hold now. */
  timesNow: z.int(),
  /** Entities looked at, and those left out because there were too many. */
  entities: z.int(),
  leftOut: z.int(),
  /** Newest first, at most 200. */
  firings: z.array(
    z.strictObject({
      deviceId: z.int(),
      deviceName: z.string(),
      entity: z.string(),
      from: z.number(),
      /** null: goes on. */
      until: z.number().nullable(),
      /** The most extreme value. */
      worst: z.number(),
      /** Which metric it is of, where the rule looks at several. */
      metric: z.string().optional(),
    }),
  ),
});
export type RulePreview = z.infer<typeof RulePreview>;
