import { z } from 'zod';
import { BilingualText } from './health.ts';
import { Recurrence } from './records/index.ts';

/** GET /api/alert-path: what each way of telling depends on, and which faults would reach nobody. */
export const AlertPath = z.strictObject({
  channels: z.array(
    z.strictObject({
      channelId: z.int(),
      person: z.string().nullable(),
      name: z.string(),
      kind: z.string(),
      /** Documented devices and services each of which alone silences it, nearest to this server first. */
      needs: z.array(z.strictObject({ deviceId: z.int().nullable(), name: z.string(), why: BilingualText })),
      /** What is not known of it: this server's place or the mail server is not documented. */
      unknown: z.array(BilingualText),
      /** Now interrupted by these incidents. */
      interruptedBy: z.array(z.int()),
    }),
  ),
  /** Faults of which nobody on call would hear: by person, or of everybody. */
  silent: z.array(
    z.strictObject({
      deviceId: z.int(),
      name: z.string(),
      place: z.string(),
      /** People who would not hear of it; `all`: nobody would. */
      people: z.array(z.string()),
      all: z.boolean(),
    }),
  ),
  /** On which documented device the server runs; null: not said. */
  serverDeviceId: z.int().nullable(),
  lastTests: z.array(
    z.strictObject({
      userId: z.int(),
      name: z.string(),
      sentAt: z.number().nullable(),
      receiptAt: z.number().nullable(),
    }),
  ),
  heartbeat: z.strictObject({ lastAt: z.number().nullable(), error: z.string().nullable() }).nullable(),
});
export type AlertPath = z.infer<typeof AlertPath>;

/** GET /api/agent-places, PUT: on which documented device each agent runs. `agentId` 0: this server. */
export const AgentPlaces = z.strictObject({
  places: z.array(z.strictObject({ agentId: z.int(), deviceId: z.int().positive().nullable() })),
});

/** GET /api/maintenance: windows with their next times. */
export const MaintenanceList = z.strictObject({
  windows: z.array(
    z.strictObject({
      id: z.int(),
      version: z.int(),
      name: z.string(),
      scope: z.string(),
      /** For people: the device's or room's name. */
      target: z.string(),
      targetId: z.int().nullable(),
      from: z.number(),
      until: z.number(),
      recurrence: Recurrence.nullable(),
      orderId: z.int().nullable(),
      reason: z.string().nullable(),
      active: z.boolean(),
      /** The present or next time; null: over. */
      next: z.strictObject({ from: z.number(), until: z.number() }).nullable(),
      /** Incidents that it holds now. */
      holds: z.array(z.int()),
    }),
  ),
});
export type MaintenanceList = z.infer<typeof MaintenanceList>;

export const drillScenarios = ['device', 'power', 'temperature', 'water'] as const;
/** POST /api/drills: a simulated fault through the whole chain. */
export const NewDrill = z.strictObject({
  name: z.string().trim().min(1).max(200),
  scenario: z.enum(drillScenarios),
  deviceId: z.int().positive(),
});
/** GET /api/drills: the record of each (INF.2.A19, DER.1.A3). */
export const DrillList = z.strictObject({
  drills: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      scenario: z.enum(drillScenarios),
      incidentId: z.int().nullable(),
      device: z.string(),
      startedAt: z.number(),
      startedBy: z.string(),
      endedAt: z.number().nullable(),
      /** Seconds from the start; null: not yet. */
      openedSeconds: z.number().nullable(),
      firstSentSeconds: z.number().nullable(),
      acknowledgedSeconds: z.number().nullable(),
      acknowledgedBy: z.string().nullable(),
      told: z.array(
        z.strictObject({
          person: z.string().nullable(),
          channel: z.string(),
          sentSeconds: z.number().nullable(),
          receiptSeconds: z.number().nullable(),
          error: z.string().nullable(),
        }),
      ),
      /** What the one who ended it wrote. */
      result: z.string().nullable(),
    }),
  ),
});
export type DrillList = z.infer<typeof DrillList>;
/** POST /api/drills/:id/end */
export const DrillEnd = z.strictObject({ result: z.string().trim().max(5000).nullable() });

export const serviceStates = ['ok', 'disturbed', 'down', 'maintenance'] as const;
/** GET /api/status: for colleagues, without anything technical. */
export const StatusPage = z.strictObject({
  updatedAt: z.number(),
  services: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      state: z.enum(serviceStates),
      messages: z.array(
        z.strictObject({
          id: z.int(),
          title: z.string(),
          text: z.string(),
          since: z.number(),
          updatedAt: z.number(),
        }),
      ),
    }),
  ),
  /** Of no certain service. */
  messages: z.array(
    z.strictObject({
      id: z.int(),
      state: z.enum(serviceStates),
      title: z.string(),
      text: z.string(),
      since: z.number(),
      updatedAt: z.number(),
    }),
  ),
  /** Over in the last seven days. */
  past: z.array(
    z.strictObject({
      id: z.int(),
      service: z.string().nullable(),
      title: z.string(),
      text: z.string(),
      since: z.number(),
      endedAt: z.number(),
    }),
  ),
  /** What is to be said: incidents that make a service suffer and of which nothing is said yet. Administrators only; else empty. */
  proposals: z.array(
    z.strictObject({ incidentId: z.int(), serviceId: z.int(), service: z.string(), title: BilingualText }),
  ),
});
export type StatusPage = z.infer<typeof StatusPage>;
/** POST /api/status/messages; PATCH /api/status/messages/:id (any part; `ended` true: it is over). */
export const NewStatusMessage = z.strictObject({
  serviceId: z.int().positive().nullable(),
  incidentId: z.int().positive().nullable().default(null),
  state: z.enum(['disturbed', 'down', 'maintenance']),
  title: z.string().trim().min(1).max(200),
  text: z.string().trim().max(5000),
  since: z.number(),
});
export const StatusMessageChange = z.strictObject({
  state: z.enum(['disturbed', 'down', 'maintenance']).optional(),
  title: z.string().trim().min(1).max(200).optional(),
  text: z.string().trim().max(5000).optional(),
  ended: z.boolean().optional(),
});

/** GET, PUT /api/silence-alarm: which agents raise the alarm themselves when this server is silent, and through which channels. */
export const SilenceSettings = z.strictObject({
  agentIds: z.array(z.int().positive()).max(100),
  afterSeconds: z.int().min(60).max(3600),
  /** ntfy, webhooks, and SMS through a gateway: what an agent can call by itself. */
  channelIds: z.array(z.int().positive()).max(50),
});
export type SilenceSettings = z.infer<typeof SilenceSettings>;
export const SilenceReply = z.strictObject({
  settings: SilenceSettings,
  /** Channels that can be chosen. */
  usable: z.array(
    z.strictObject({ id: z.int(), name: z.string(), person: z.string().nullable(), target: z.string() }),
  ),
});
export type SilenceReply = z.infer<typeof SilenceReply>;
