import { z } from 'zod';
import { DiscoveryRun } from './discovery-runs.ts';
import { Condition, HealthState } from './health.ts';
import { IncidentSummary } from './incidents.ts';
import { entityKinds } from './metrics.ts';

/**
 * What a screen can watch. Only what a watched view shows is sent.
 * `overview`: the status line, rooms' states, agents. `room:ID`, `rack:ID`: devices' health and headline values, port states.
 * `device:ID`: all readings of one device. `port:ID`: readings of one port.
 * `floor:ID`: health and headline values of the devices on a floor. `services`: the same of devices that services run on.
 * `discovery`: how far the looking through networks is. `messages`: that devices have sent messages.
 */
export const ViewName = z
  .string()
  .regex(
    /^(overview|services|discovery|messages|(room|rack|device|port|floor):[1-9][0-9]{0,15})$/,
    'is not a view',
  );
export type ViewName = z.infer<typeof ViewName>;

export const portStates = ['up', 'down', 'disabled', 'fault', 'unknown'] as const;

/** What a room or rack shows of a device besides its health. Absent: not known. */
export const Headline = z.strictObject({
  temperature: z.number().optional(),
  humidity: z.number().optional(),
  power: z.number().optional(),
  charge: z.number().optional(),
  runtime: z.number().optional(),
  load: z.number().optional(),
  onBattery: z.boolean().optional(),
});
export type Headline = z.infer<typeof Headline>;

export const LiveItem = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('overview'),
    total: z.int(),
    well: z.int(),
    warning: z.int(),
    critical: z.int(),
    unknown: z.int(),
    /** Worst first, then newest first. At most 100; `conditionCount` says how many there are. */
    conditions: z.array(Condition),
    conditionCount: z.int(),
    /** Room id to the worst state in it. */
    rooms: z.record(z.string(), HealthState),
  }),
  z.strictObject({
    type: z.literal('device'),
    id: z.int(),
    state: HealthState,
    /** When the state began; null when that is not known. */
    since: z.number().nullable(),
    conditions: z.array(Condition),
    headline: Headline,
    /** Time of the last reading. */
    lastSeen: z.number().nullable(),
  }),
  z.strictObject({
    type: z.literal('port'),
    id: z.int(),
    deviceId: z.int(),
    state: z.enum(portStates),
    /** bit/s; null when not known. */
    speed: z.number().nullable(),
    /** Share of the speed in the busier direction, 0..1, in steps of 0.05; null when not known. */
    use: z.number().nullable(),
  }),
  z.strictObject({
    type: z.literal('reading'),
    deviceId: z.int(),
    kind: z.enum(entityKinds),
    entity: z.string(),
    time: z.number(),
    values: z.record(z.string(), z.number()),
  }),
  z.strictObject({
    type: z.literal('agent'),
    id: z.int(),
    name: z.string(),
    state: HealthState,
    since: z.number().nullable(),
    lastSeen: z.number().nullable(),
    queue: z.number().nullable(),
    /** What it last said of itself: metrics of kind `agent`, by their names without the kind. */
    own: z.record(z.string(), z.number()).optional(),
    /** The agent that stands in for it; null: none. */
    standIn: z.int().nullable().optional(),
    /** What it has sent of devices that are not its own since the server was started: left out. */
    foreign: z.int().optional(),
    /** The agents that it stands in for. */
    standsInFor: z.array(z.int()).optional(),
  }),
  /** In the overview: how many differences of documentation and observation wait, and a number that grows with every change of them. */
  z.strictObject({ type: z.literal('drift'), open: z.int(), revision: z.int() }),
  /** In the overview: incidents that are not over, worst first, then newest first, at most 50; `revision` grows with every change of any. */
  z.strictObject({
    type: z.literal('incidents'),
    open: z.int(),
    /** Of them, nobody has taken. */
    waiting: z.int(),
    incidents: z.array(IncidentSummary),
    revision: z.int(),
  }),
  /** In `discovery`: the newest run of each scan that goes on or was last, how many devices are new; `revision` grows when the list of found devices changes. */
  z.strictObject({
    type: z.literal('discovery'),
    runs: z.array(DiscoveryRun),
    fresh: z.int(),
    revision: z.int(),
  }),
  /** In `messages`: grows when messages of devices have come. */
  z.strictObject({ type: z.literal('messages'), revision: z.int() }),
  /** The documentation of what this view shows has changed: fetch it again. */
  z.strictObject({ type: z.literal('inventory'), view: z.string(), revision: z.int() }),
]);
export type LiveItem = z.infer<typeof LiveItem>;

/** What identifies an item within its view: a newer one replaces the older. */
export function liveItemKey(item: LiveItem): string {
  switch (item.type) {
    case 'overview':
    case 'drift':
    case 'incidents':
    case 'discovery':
    case 'messages':
      return item.type;
    case 'device':
    case 'port':
    case 'agent':
      return `${item.type}/${item.id}`;
    case 'reading':
      return `reading/${item.deviceId}/${item.kind}/${item.entity}`;
    case 'inventory':
      return `inventory/${item.view}`;
  }
}

/** A place in the numbered stream of changes. `epoch` changes when the backend restarts: then everything is sent again. */
export const StreamPosition = z.strictObject({ epoch: z.string(), number: z.int() });
export type StreamPosition = z.infer<typeof StreamPosition>;

export const WatchRequest = z.strictObject({ view: ViewName, since: StreamPosition.nullable() });
export type WatchRequest = z.infer<typeof WatchRequest>;

export const ViewUpdate = z.strictObject({
  view: ViewName,
  position: StreamPosition,
  /** true: this is everything; forget what was known of the view. */
  full: z.boolean(),
  /** Milliseconds since 1970 by the backend's clock. */
  serverTime: z.number(),
  items: z.array(LiveItem),
});
export type ViewUpdate = z.infer<typeof ViewUpdate>;

export const WatchReply = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), update: ViewUpdate }),
  z.strictObject({ ok: z.literal(false), message: z.string() }),
]);
export type WatchReply = z.infer<typeof WatchReply>;

/** socket.io's event maps, the same for server and browser. Payloads are parsed with the schemas above on both sides. */
export interface ServerToClientEvents {
  update: (update: ViewUpdate) => void;
  /** Every 5 s at most, so that a screen knows its picture is current even when nothing changes. */
  beat: (beat: { serverTime: number }) => void;
}
export interface ClientToServerEvents {
  watch: (request: WatchRequest, reply: (reply: WatchReply) => void) => void;
  unwatch: (view: ViewName) => void;
}
