import { z } from 'zod';
import { severities } from '../health.ts';
import { deviceRoles } from '../inventory.ts';
import * as f from './fields.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 07:30');
const weekdays = z.array(z.int().min(1).max(7)).min(1).max(7);
/** Hours of a week: days from 1 (Monday) to 7. `until` at or before `from` is on the next day. */
export const Hours = z.strictObject({ days: weekdays, from: timeOfDay, until: timeOfDay });
export type Hours = z.infer<typeof Hours>;

/** What something holds for, from the widest to the narrowest; the narrower goes before. */
export const limitScopes = ['all', 'site', 'role', 'device', 'entity'] as const;

/** Another limit, duration or severity of a rule, or the rule switched off, for part of what it looks at. */
export const RuleLimitFields = z.strictObject({
  ruleId: f.name({ fixed: true, max: 100 }),
  scope: f.choice(limitScopes, 'all', { fixed: true, list: true }),
  siteId: f.optionalRef('site', { fixed: true, list: true }),
  role: f.optionalChoice(deviceRoles, { fixed: true, list: true }),
  deviceId: f.optionalRef('device', { fixed: true, list: true }),
  /** Of `entity`: name of the port, sensor, storage … of that device. */
  entity: f.text(200, { fixed: true, list: true }),
  enabled: f.flag(true, { list: true }),
  /** In the metric's base unit; null: as the rule says. */
  limit: f.optionalNumber({ min: -1e15, max: 1e15, list: true }),
  /** Where it ends; null: as far from the limit as in the rule. */
  clear: f.optionalNumber({ min: -1e15, max: 1e15 }),
  forSeconds: f.optionalInteger({ min: 0, max: 604_800, unit: 's', list: true }),
  severity: f.optionalChoice(severities, { list: true }),
  reason: f.text(500),
});

export const maintenanceScopes = ['all', 'site', 'room', 'rack', 'device', 'port', 'service'] as const;
/** When a window comes again: weekly on days, or monthly on the nth weekday; the fifth is the last of the month. Its length and time of day are those of the first. */
export const Recurrence = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('week'), weeks: z.int().min(1).max(52), days: weekdays }),
  z.strictObject({ every: z.literal('month'), nth: z.int().min(1).max(5), day: z.int().min(1).max(7) }),
]);
export type Recurrence = z.infer<typeof Recurrence>;

/** A time in which alerting is held for something; monitoring goes on. */
export const MaintenanceFields = z.strictObject({
  name: f.name(),
  scope: f.choice(maintenanceScopes, 'device', { list: true }),
  siteId: f.optionalRef('site', { list: true }),
  roomId: f.optionalRef('room', { list: true }),
  rackId: f.optionalRef('rack', { list: true }),
  deviceId: f.optionalRef('device', { list: true }),
  portId: f.optionalRef('port', { list: true }),
  serviceId: f.optionalRef('service', { list: true }),
  from: f.time({ list: true }),
  until: f.time({ list: true }),
  /** null: once. Times of day are those of Europe/Berlin. */
  recurrence: f.json(Recurrence.nullable(), null),
  /** Made from this order's planned time; follows it. */
  orderId: f.optionalRef('order', { fixed: true }),
  reason: f.text(500),
});

/** Who takes turns. `people` are ids of users. */
export const RotaLayer = z.strictObject({
  name: z.string().trim().min(1).max(100),
  people: z.array(z.int().positive()).max(50),
  /** First day of the first turn. */
  from: z.iso.date(),
  /** Last day; it ends at the hand-over of the day after. null: goes on. */
  until: z.iso.date().nullable(),
  /** How long a turn is, and when it changes hands. */
  turn: z.strictObject({
    every: z.enum(['day', 'week']),
    count: z.int().min(1).max(52),
    /** Of weekly turns: the day of the hand-over, 1 is Monday. */
    weekday: z.int().min(1).max(7),
    at: timeOfDay,
  }),
  /** null: around the clock. */
  hours: z.array(Hours).max(14).nullable(),
  /** `all`: on holidays as on other days. `only`: on holidays alone, all day. `not`: never on holidays. */
  holidays: z.enum(['all', 'only', 'not']),
});
export type RotaLayer = z.infer<typeof RotaLayer>;
/** Layers from the first to the last: a later one goes before where it has hours. */
export const RotaPlan = z.strictObject({
  timeZone: z.string().min(1).max(60),
  /** State of Germany whose holidays count, as in ISO 3166-2; null: none. */
  holidays: z
    .string()
    .regex(/^DE-[A-Z]{2}$/)
    .nullable(),
  layers: z.array(RotaLayer).max(10),
});
export type RotaPlan = z.infer<typeof RotaPlan>;

export const RotaFields = z.strictObject({
  name: f.name(),
  plan: f.json(RotaPlan, { timeZone: 'Europe/Berlin', holidays: 'DE-NW', layers: [] }),
  notes: f.longText(),
});
/** Somebody else, for a time. */
export const RotaChangeFields = z.strictObject({
  rotaId: f.ref('rota', { fixed: true, list: true }),
  from: f.time({ list: true }),
  until: f.time({ list: true }),
  /** Id of the user who takes over. */
  userId: f.integer({ min: 1, max: Number.MAX_SAFE_INTEGER, list: true }),
  /** Only where this user would be on call: a swap of shifts. null: whoever would be. */
  insteadOfId: f.optionalInteger({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  reason: f.text(500),
});

/** Who is told in a step. */
export const EscalationTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rota'), rotaId: z.int().positive() }),
  z.strictObject({ kind: z.literal('person'), userId: z.int().positive() }),
  /** A channel that belongs to nobody: the room's siren, a team's chat. */
  z.strictObject({ kind: z.literal('channel'), channelId: z.int().positive() }),
]);
export type EscalationTarget = z.infer<typeof EscalationTarget>;
export const EscalationPlan = z.strictObject({
  /** Which incidents; null: all of them. The first plan in the order of ranks that fits is taken. */
  severities: z.array(z.enum(severities)).min(1).nullable(),
  siteIds: z.array(z.int().positive()).min(1).nullable(),
  hours: z.array(Hours).min(1).max(14).nullable(),
  steps: z
    .array(
      z.strictObject({
        to: z.array(EscalationTarget).min(1).max(20),
        /** Before the next step, unless somebody has acknowledged. */
        waitMinutes: z.int().min(1).max(1440),
      }),
    )
    .max(10),
  /** How often the whole is repeated. */
  repeat: z.int().min(0).max(20),
});
export type EscalationPlan = z.infer<typeof EscalationPlan>;
export const EscalationFields = z.strictObject({
  name: f.name(),
  rank: f.integer({ min: 0, max: 1_000_000, initial: 0 }),
  plan: f.json(EscalationPlan, { severities: null, siteIds: null, hours: null, steps: [], repeat: 2 }),
  notes: f.longText(),
});
