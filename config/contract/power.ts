import { z } from 'zod';

/** An inlet, with the sources above it: where the chain of cords ends. */
export const PowerInlet = z.strictObject({
  portId: z.int(),
  name: z.string(),
  /** From the inlet upwards: PDU, UPS, feed. `outlet` is where the cord from below is plugged in. */
  chain: z.array(
    z.strictObject({
      deviceId: z.int(),
      name: z.string(),
      role: z.string(),
      outlet: z.string(),
      cable: z.strictObject({ id: z.int(), label: z.string() }).nullable(),
    }),
  ),
  /**
   * `documented`: the chain ends at a UPS, which hangs on the mains, or at something without an inlet. `open`: nothing is
   * plugged in there, by the documentation. `beyond`: the next cord leads into a site that whoever asks is not for.
   */
  end: z.enum(['documented', 'open', 'beyond']),
});
export type PowerInlet = z.infer<typeof PowerInlet>;

const Room = z.strictObject({ id: z.int(), name: z.string() }).nullable();

/** A device with inlets that supplies nothing itself. */
export const PowerDevice = z.strictObject({
  id: z.int(),
  name: z.string(),
  role: z.string(),
  place: z.string(),
  room: Room,
  inlets: z.array(PowerInlet),
  /** `redundant`: no single source takes it down. `same-source`: two supplies, one source. `one-supply`: has one only. `unknown`: cords are missing. */
  verdict: z.enum(['redundant', 'same-source', 'one-supply', 'unknown']),
  /** Of `same-source` and `one-supply`: what takes it down alone. */
  single: z.array(z.strictObject({ id: z.int(), name: z.string() })),
});
export type PowerDevice = z.infer<typeof PowerDevice>;

/** A UPS, a PDU, or another thing with power outlets. */
export const PowerSource = z.strictObject({
  id: z.int(),
  name: z.string(),
  role: z.string(),
  place: z.string(),
  room: Room,
  /** Whether it is asked for its readings. */
  monitored: z.boolean(),
  /** What feeds it; none: it begins here. */
  inlets: z.array(PowerInlet),
  /** How many outlets it has. */
  outlets: z.int(),
  /** How many cords are plugged in. */
  feeds: z.int(),
  /** Power drawn now in watts and as a share of what is documented or reported as the most; null: not known. */
  watts: z.number().nullable(),
  load: z.number().nullable(),
  limitWatts: z.number().nullable(),
  /** `type`: as the maker says. `reported`: from the load that the device tells. `sum`, of watts: added up from what hangs on it. */
  limitFrom: z.enum(['type', 'reported']).nullable(),
  wattsFrom: z.enum(['reading', 'sum']).nullable(),
  /** Current of each phase or bank in amperes, with its limit where it is known. */
  phases: z.array(
    z.strictObject({ name: z.string(), amperes: z.number().nullable(), limitAmperes: z.number().nullable() }),
  ),
  /** Watts that it would carry, were the other source of its redundant devices gone; null: not known. */
  failoverWatts: z.number().nullable(),
  /** How many devices hang on it and on another source. */
  redundantFeeds: z.int(),
  /** As a UPS reckons at its present load. */
  runtimeSeconds: z.number().nullable(),
  /** At most this long with what it carries on failover: batteries give less than in proportion. */
  failoverRuntimeSeconds: z.number().nullable(),
  onBattery: z.boolean(),
  /** When cords that it feeds, or that are below, were last changed, by the history. */
  cordsChanged: z.strictObject({ changeId: z.int(), at: z.number(), by: z.string() }).nullable(),
  remark: z.enum(['well', 'over-limit', 'over-limit-on-failover', 'unknown']),
});
export type PowerSource = z.infer<typeof PowerSource>;

/** GET /api/power?site=1 or ?room=1: devices there, and the sources there and above them. */
export const PowerView = z.strictObject({
  devices: z.array(PowerDevice),
  sources: z.array(PowerSource),
});
export type PowerView = z.infer<typeof PowerView>;

/** GET /api/impact?device=1&cable=5&port=7 (repeatable): what fails when these are gone. */
export const ImpactReply = z.strictObject({
  devices: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      place: z.string(),
      loses: z.enum(['network', 'power', 'redundancy']),
    }),
  ),
  services: z.array(
    z.strictObject({ id: z.int(), name: z.string(), loses: z.enum(['network', 'power', 'redundancy']) }),
  ),
});
export type ImpactReply = z.infer<typeof ImpactReply>;
