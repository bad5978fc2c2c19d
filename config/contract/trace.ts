import { z } from 'zod';
import { linkKinds, linkMedia, linkStatuses } from './cable-kinds.ts';
import { DeviceRole, PortKind } from './inventory.ts';

const named = z.strictObject({ id: z.int(), name: z.string() });

/** Where a port is, from the site down; null where that does not apply (an outlet has no rack). */
export const PortSpot = z.strictObject({
  site: named.nullable(),
  building: named.nullable(),
  floor: named.nullable(),
  room: named.nullable(),
  rack: named.nullable(),
  /** Lowest rack unit of the device. */
  position: z.number().nullable(),
  face: z.enum(['front', 'rear']).nullable(),
});
export type PortSpot = z.infer<typeof PortSpot>;

/** A port as a trace, a worklist or a finding names it. */
export const PortCard = z.strictObject({
  id: z.int(),
  name: z.string(),
  kind: PortKind,
  /** What is written beside it. */
  label: z.string().nullable(),
  owner: z.strictObject({
    kind: z.enum(['device', 'outlet']),
    id: z.int(),
    name: z.string(),
    role: DeviceRole.nullable(),
  }),
  /** A jack: a cord in front, an installed cable behind. */
  twoSided: z.boolean(),
  vlan: z.strictObject({ vid: z.int(), name: z.string() }).nullable(),
  monitored: z.boolean(),
  spot: PortSpot,
});
export type PortCard = z.infer<typeof PortCard>;

export const CableCard = z.strictObject({
  id: z.int(),
  kind: z.enum(linkKinds),
  status: z.enum(linkStatuses),
  /** "" when it has none. */
  label: z.string(),
  labelA: z.string().nullable(),
  labelB: z.string().nullable(),
  medium: z.enum(linkMedia).nullable(),
  color: z.string().nullable(),
  lengthM: z.number().nullable(),
  toCheck: z.boolean(),
  provider: z.string().nullable(),
  circuit: z.string().nullable(),
  /** Comes with the order that the trace was asked for; its id is negative then. */
  planned: z.boolean(),
});
export type CableCard = z.infer<typeof CableCard>;

/**
 * How a way ends. `endpoint`: at a port of a device, or at a provider's line. `open`: at a panel, an outlet, or a cable that
 * hangs open. `split`: several ways lead on and nothing says which. `loop`: it leads back to where it was.
 */
export const traceEnds = ['endpoint', 'open', 'split', 'loop'] as const;

/**
 * A whole path as layers from left to right: `nodes` of a layer are passed side by side (lanes of a breakout, both ports of
 * a duplex cord). `edges` lead from a node to one of the next layer, through a cable, or (cableId null) inside a panel.
 * `circuits`: which of the circuits pass there, numbered from 0; those of one number belong together on the whole way.
 */
export const CablePath = z.strictObject({
  nodes: z.array(
    z.strictObject({
      id: z.int(),
      layer: z.int(),
      /** null: the cable ends here, in no port. */
      portId: z.int().nullable(),
      circuits: z.array(z.int()),
      /** Set where a way ends (at the far left and far right, and where one of several ends earlier). */
      end: z.enum(traceEnds).nullable(),
    }),
  ),
  edges: z.array(
    z.strictObject({
      from: z.int(),
      to: z.int(),
      cableId: z.int().nullable(),
      circuits: z.array(z.int()),
    }),
  ),
  /** Every way ends at an endpoint, on both sides. */
  complete: z.boolean(),
  /** false: a planned cable is on the way. */
  active: z.boolean(),
  /** Of all cables on the longest way, in metres; not definitive when the length of one is unknown or to be checked. */
  length: z.strictObject({ metres: z.number(), definitive: z.boolean() }),
});
export type CablePath = z.infer<typeof CablePath>;

/**
 * GET /api/trace?port=1 (repeatable) or ?cable=5, with `after=<order id>` or `at=<ms>`: the paths through these ports, each
 * once, and what is needed to draw them.
 */
export const TraceReply = z.strictObject({
  paths: z.array(CablePath),
  ports: z.array(PortCard),
  cables: z.array(CableCard),
});
export type TraceReply = z.infer<typeof TraceReply>;

/**
 * GET /api/trace/starts?q=K-0231: from where to trace what somebody typed: port, cable label, outlet, device, MAC or IP address,
 * room, person. Best first. `ports` are the ports to ask for; a cable is asked for by its id.
 */
export const TraceStart = z.strictObject({
  kind: z.enum(['port', 'link', 'outlet', 'device', 'room', 'mac', 'address', 'person']),
  /** Of the record; of a MAC address that nobody documented it is 0, and `ports` is where it was seen last. */
  id: z.int(),
  name: z.string(),
  /** Where it is, or why it was found, in short. */
  detail: z.string(),
  ports: z.array(z.int()),
  cableId: z.int().nullable(),
});
export type TraceStart = z.infer<typeof TraceStart>;
export const TraceStarts = z.strictObject({ starts: z.array(TraceStart) });
export type TraceStarts = z.infer<typeof TraceStarts>;
