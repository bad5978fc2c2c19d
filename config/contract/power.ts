import { z } from 'zod';

/** Of one device with inlets, or one that has its power by its network cable. */
export const PowerDevice = z.strictObject({
  id: z.int(),
  name: z.string(),
  place: z.string(),
  /** Each inlet, with the sources above it: where the chain of cords ends. */
  inlets: z.array(
    z.strictObject({
      portId: z.int(),
      name: z.string(),
      /** From the inlet upwards: PDU, UPS, feed. */
      chain: z.array(
        z.strictObject({ deviceId: z.int(), name: z.string(), role: z.string(), outlet: z.string() }),
      ),
      /** `documented`: the chain ends at something without an inlet or at mains. `open`: nothing is plugged in, by the documentation. */
      end: z.enum(['documented', 'open']),
    }),
  ),
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
  feeds: z.int(),
  /** Power drawn now in watts and as a share of what is documented or reported as the most; null: not known. */
  watts: z.number().nullable(),
  load: z.number().nullable(),
  limitWatts: z.number().nullable(),
  /** Current of each phase or bank in amperes, with its limit where it is known. */
  phases: z.array(
    z.strictObject({ name: z.string(), amperes: z.number().nullable(), limitAmperes: z.number().nullable() }),
  ),
  /** Watts that it would carry, were the other source of its redundant devices gone; null: not known. */
  failoverWatts: z.number().nullable(),
  runtimeSeconds: z.number().nullable(),
  remark: z.enum(['well', 'over-limit', 'over-limit-on-failover', 'unknown']),
});
export type PowerSource = z.infer<typeof PowerSource>;

/** GET /api/power?site=1 */
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
