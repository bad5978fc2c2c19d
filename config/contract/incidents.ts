import { z } from 'zod';
import { BilingualText, Condition, Severity } from './health.ts';

/**
 * `pending`: seen, being looked at whether something else is the cause; nobody is told yet. `open`: somebody is asked to act.
 * `acknowledged`: somebody has taken it. `resolved`: over.
 */
export const incidentStates = ['pending', 'open', 'acknowledged', 'resolved'] as const;
export const IncidentState = z.enum(incidentStates);
export type IncidentState = z.infer<typeof IncidentState>;

/**
 * What an incident is about. `device`: it has failed. `link`: the cable or link to it has. `power`: what feeds several devices.
 * `mains`: the feed of a site. `room`: its air. `agent`: who polls, or its uplink. `rackhaus`: this server, its plan of who is on
 * call, its ways of telling.
 */
export const IncidentCause = z.strictObject({
  kind: z.enum(['device', 'link', 'power', 'mains', 'room', 'agent', 'rackhaus']),
  name: z.string(),
  deviceId: z.int().nullable(),
  linkId: z.int().nullable(),
  linkLabel: z.string().nullable(),
  /** What else would look the same: a cable pulled out, or no power. */
  also: z.array(BilingualText),
});
export type IncidentCause = z.infer<typeof IncidentCause>;

export const IncidentSummary = z.strictObject({
  id: z.int(),
  state: IncidentState,
  severity: Severity,
  title: BilingualText,
  place: z.string(),
  cause: IncidentCause,
  siteId: z.int().nullable(),
  roomId: z.int().nullable(),
  /** When the fault began, by the readings. */
  since: z.number(),
  openedAt: z.number().nullable(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: z.number().nullable(),
  snoozedUntil: z.number().nullable(),
  /** The maintenance window that holds alerting. */
  heldBy: z.strictObject({ id: z.int(), name: z.string() }).nullable(),
  flapping: z.boolean(),
  /** Whether it goes on cannot be told: there are no readings. */
  unknown: z.boolean(),
  /** In what is told live: nothing of it is seen any more; it is over when that lasts. */
  calm: z.boolean().optional(),
  drill: z.boolean(),
  /** Devices that cannot be reached, or have no power, because of it. */
  affected: z.int(),
  updatedAt: z.number(),
});
export type IncidentSummary = z.infer<typeof IncidentSummary>;

/** `cause`: it says what is wrong. `symptom`: it comes from the same fault. `affected`: nothing can be said of it because of the fault. */
export const IncidentMember = z.strictObject({
  role: z.enum(['cause', 'symptom', 'affected']),
  condition: Condition,
  since: z.number(),
  endedAt: z.number().nullable(),
});
export type IncidentMember = z.infer<typeof IncidentMember>;

export const incidentEventKinds = [
  'began',
  'opened',
  'worse',
  'cause',
  'joined',
  'left',
  'flapping',
  'calm',
  'unknown',
  'known',
  'acknowledged',
  'unacknowledged',
  'snoozed',
  'woken',
  'held',
  'released',
  'note',
  'said',
  'switched',
  'escalated',
  'nobody',
  'resolved',
  'reopened',
] as const;
/** One thing in the story. `text`: a note, or names, counts and reasons for people, as they are. */
export const IncidentEvent = z.strictObject({
  id: z.int(),
  time: z.number(),
  kind: z.enum(incidentEventKinds),
  by: z.string().nullable(),
  text: z.string().nullable(),
  title: BilingualText.nullable(),
  /** Of `said`: the device whose message it is; of `switched`: the device whose outlet it was. */
  device: z.strictObject({ id: z.int(), name: z.string() }).optional(),
  /** Of `switched`, which somebody (`by`) has done right before, for the reason in `text`. `certain` false: nobody knows whether it was done. */
  outlet: z
    .strictObject({ name: z.string(), command: z.enum(['off', 'cycle']), certain: z.boolean() })
    .optional(),
});
export type IncidentEvent = z.infer<typeof IncidentEvent>;

/** Who was told, how, and whether it arrived. */
export const IncidentDelivery = z.strictObject({
  id: z.int(),
  person: z.string().nullable(),
  channel: z.string(),
  channelKind: z.string(),
  /** What was told; see noticeKinds. */
  notice: z.string(),
  /** Step of the escalation, from 1; null: not part of one. */
  step: z.int().nullable(),
  state: z.enum(['waiting', 'sent', 'failed', 'dropped']),
  createdAt: z.number(),
  sentAt: z.number().nullable(),
  receiptAt: z.number().nullable(),
  late: z.boolean(),
  error: z.string().nullable(),
});
export type IncidentDelivery = z.infer<typeof IncidentDelivery>;

const Named = z.strictObject({ id: z.int(), name: z.string() });
/** GET /api/incidents/:id */
export const IncidentDetail = z.strictObject({
  incident: IncidentSummary,
  advice: BilingualText,
  members: z.array(IncidentMember),
  events: z.array(IncidentEvent),
  affected: z.strictObject({
    devices: z.array(
      z.strictObject({
        id: z.int(),
        name: z.string(),
        place: z.string(),
        loses: z.enum(['network', 'power', 'redundancy']),
        /** Seen to be affected; else only by the documentation. */
        seen: z.boolean(),
      }),
    ),
    services: z.array(
      z.strictObject({ id: z.int(), name: z.string(), loses: z.enum(['network', 'power', 'redundancy']) }),
    ),
    rooms: z.array(Named),
    /** Network ports of what is affected that have a cable. */
    ports: z.int(),
  }),
  /** What was documented nearby in the day before: newest first. */
  changes: z.array(
    z.strictObject({ id: z.int(), time: z.number(), who: z.string(), what: z.string(), near: z.string() }),
  ),
  /** Readings worth looking at, for the charts. */
  series: z.array(z.strictObject({ deviceId: z.int(), entity: z.string(), metric: z.string() })),
  told: z.array(IncidentDelivery),
  /** Who will be told next, and when; null: nobody. */
  next: z
    .strictObject({ at: z.number(), step: z.int(), people: z.array(z.string()), escalation: z.string() })
    .nullable(),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

/** GET /api/incidents?state=open&before=…: newest first. `open` (default): pending, open and acknowledged. */
export const IncidentQuery = z.strictObject({
  state: z.enum(['open', 'resolved', 'all']).default('open'),
  severity: z.enum(['warning', 'critical']).optional(),
  siteId: z.coerce.number().int().positive().optional(),
  deviceId: z.coerce.number().int().positive().optional(),
  search: z.string().max(200).optional(),
  /** Of the last one of the page before: its id. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const IncidentList = z.strictObject({ incidents: z.array(IncidentSummary), more: z.boolean() });
export type IncidentList = z.infer<typeof IncidentList>;

// POST /api/incidents/:id/acknowledge, and …/unacknowledge takes it back. No body is read.
/** POST /api/incidents/:id/note */
export const IncidentNote = z.strictObject({ text: z.string().trim().min(1).max(5000) });
/** POST /api/incidents/:id/snooze; until null: wakes it. */
export const IncidentSnooze = z.strictObject({ until: z.number().nullable() });
/** POST /api/incidents/:id/resolve: by hand; it opens again when the fault is still seen. */
export const IncidentResolve = z.strictObject({ text: z.string().trim().max(5000).nullable().default(null) });

/** GET /api/alert-links/:token, without signing in: what the link of a message is about. */
export const AlertLink = z.strictObject({
  incidentId: z.int().nullable(),
  title: BilingualText,
  place: z.string(),
  state: IncidentState.nullable(),
  since: z.number(),
  acknowledgedBy: z.string().nullable(),
  person: z.string().nullable(),
  /** A test: opening the link is the receipt. */
  test: z.boolean(),
});
export type AlertLink = z.infer<typeof AlertLink>;

/** GET /api/alert-review?weeks=12: how alerting went, never who was how fast. */
export const AlertReview = z.strictObject({
  weeks: z.array(
    z.strictObject({
      /** Monday, 2026-11-16. */
      week: z.string(),
      incidents: z.int(),
      critical: z.int(),
      /** Messages sent to people who were on call. */
      messages: z.int(),
      /** Of them, between 22 and 6 o'clock. */
      atNight: z.int(),
      /** Median seconds; null: none. */
      acknowledgeSeconds: z.number().nullable(),
      resolveSeconds: z.number().nullable(),
    }),
  ),
  rules: z.array(
    z.strictObject({
      ruleId: z.string(),
      title: BilingualText,
      incidents: z.int(),
      messages: z.int(),
      /** Over within five minutes. */
      short: z.int(),
      /** Nobody acknowledged them. */
      unanswered: z.int(),
    }),
  ),
  devices: z.array(z.strictObject({ id: z.int(), name: z.string(), incidents: z.int() })),
});
export type AlertReview = z.infer<typeof AlertReview>;
