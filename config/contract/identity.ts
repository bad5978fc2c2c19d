import { z } from 'zod';

/** What can differ between what is documented of a device and what it says of itself. */
export const differenceFields = [
  'serial',
  'type',
  /** A port that it calls by another spelling; live values come under its own. */
  'port-name',
  'port-mac',
  'port-added',
  'port-missing',
] as const;

export const IdentityDifference = z.strictObject({
  /** Names it when it is accepted. */
  key: z.string(),
  field: z.enum(differenceFields),
  documented: z.string().nullable(),
  observed: z.string().nullable(),
  portId: z.int().nullable(),
  /** Of `type`: the device type that it would become; accepting is a swap. null: none fits, so it cannot be accepted. */
  typeId: z.int().nullable(),
  /** Whether it can be accepted as it is. A port with a cable is not taken away, for one. */
  acceptable: z.boolean(),
});
export type IdentityDifference = z.infer<typeof IdentityDifference>;

/** GET /api/devices/:id/identity */
export const DeviceIdentity = z.strictObject({
  /** Of the device; send it along when accepting. */
  version: z.int(),
  /** When the device last said it, milliseconds since 1970; null: it has not said anything. */
  observedAt: z.number().nullable(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  firmware: z.string().nullable(),
  differences: z.array(IdentityDifference),
});
export type DeviceIdentity = z.infer<typeof DeviceIdentity>;

/** POST /api/devices/:id/identity: takes over chosen differences in one change, by their keys. */
export const AcceptIdentity = z.strictObject({
  version: z.int().optional(),
  accept: z.array(z.string().max(300)).min(1).max(5000),
});
export type AcceptIdentity = z.infer<typeof AcceptIdentity>;
