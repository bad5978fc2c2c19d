import { z } from 'zod';
import { HealthState } from './health.ts';

/**
 * `silent`: does not answer, or nothing was heard of it in time. `slow`: the last poll took two seconds or half of the interval.
 * `losses`: requests of the last poll got no answer in time or were sent again.
 */
export const pollingFilters = ['all', 'silent', 'slow', 'losses'] as const;
/** `silent`: those first, then the slowest. */
export const pollingOrders = ['silent', 'slowest', 'name'] as const;

/** GET /api/polling?… */
export const PollingQuery = z.strictObject({
  filter: z.enum(pollingFilters).default('all'),
  order: z.enum(pollingOrders).default('silent'),
  /** Only what this agent polls now, or what belongs to it while another stands in. */
  agent: z.coerce.number().int().positive().optional(),
  /** In name, address or place. */
  search: z.string().trim().max(100).default(''),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
export type PollingQuery = z.infer<typeof PollingQuery>;

/** Devices on a page of the list. */
export const pollingPageSize = 50;

/** How one device was polled last. What is null is not known. */
export const PolledDevice = z.strictObject({
  deviceId: z.int(),
  name: z.string(),
  place: z.string(),
  address: z.string(),
  /** Which agent polls it now. */
  agentId: z.int().nullable(),
  state: HealthState,
  /** Does not answer, or nothing was heard of it in time. */
  silent: z.boolean(),
  /** Since when, where it is silent. */
  silentSince: z.number().nullable(),
  slow: z.boolean(),
  intervalSeconds: z.number(),
  lastPoll: z.number().nullable(),
  /** Seconds that the last poll took. */
  duration: z.number().nullable(),
  requests: z.number().nullable(),
  timeouts: z.number().nullable(),
  retries: z.number().nullable(),
  values: z.number().nullable(),
});
export type PolledDevice = z.infer<typeof PolledDevice>;

const AgentName = z.strictObject({ id: z.int(), name: z.string() });

export const PollingReply = z.strictObject({
  devices: z.array(PolledDevice),
  /** How many fit. */
  total: z.int(),
  /** How many fit each filter besides agent and search. */
  counts: z.record(z.enum(pollingFilters), z.int()),
  agents: z.array(AgentName),
  /** Milliseconds since 1970 by the backend's clock. */
  serverTime: z.number(),
});
export type PollingReply = z.infer<typeof PollingReply>;

/** GET /api/devices/:id/polling: how a device is polled, and by whom. `polled` null: nothing polls it. */
export const DevicePolling = z.strictObject({
  polled: PolledDevice.nullable(),
  /** The agent that it was given to by hand; null: it goes by its site. */
  given: z.int().nullable(),
  /** Whom it has by its site, or as the oldest agent. */
  bySite: z.int().nullable(),
  agents: z.array(AgentName),
  serverTime: z.number(),
  /** Its address, where it lies in no network that may be polled: nobody polls it then. */
  outside: z.string().optional(),
});
export type DevicePolling = z.infer<typeof DevicePolling>;

/** PUT /api/devices/:id/agent; null: by its site. */
export const DeviceAgent = z.strictObject({ agentId: z.int().positive().nullable() });
export type DeviceAgent = z.infer<typeof DeviceAgent>;
