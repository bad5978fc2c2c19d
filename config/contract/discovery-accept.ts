import { z } from 'zod';
import { discoveryLimits } from './discovery.ts';
import { DeviceRole } from './inventory.ts';
import { Moment } from './moment.ts';

const isUnique = (values: readonly unknown[]) => new Set(values).size === values.length;

const Ids = z
  .array(z.int().positive())
  .min(1)
  .max(discoveryLimits.accepted)
  .refine(isUnique, 'names one twice');

/** One found device, and what differs from what is proposed of it. */
export const AcceptedOne = z.strictObject({
  id: z.int().positive(),
  name: z.string().trim().min(1).max(200).optional(),
  role: DeviceRole.optional(),
  /** A device type; null: one is made of what the device says. Left out: as proposed. */
  typeId: z.int().positive().nullable().optional(),
  /** Left out: in no place yet. */
  roomId: z.int().positive().nullable().optional(),
  rackId: z.int().positive().nullable().optional(),
  position: z.number().min(1).max(60).multipleOf(0.5).nullable().optional(),
  face: z.enum(['front', 'rear']).optional(),
});
export type AcceptedOne = z.infer<typeof AcceptedOne>;

/**
 * POST /api/discovery/found/accept: makes devices of what was found, polled from then on, in one change. `devices`: these, all of them
 * or none. `all`: every new one that can be taken over as proposed; the others are left.
 */
export const AcceptFound = z.union([
  z.strictObject({ devices: z.array(AcceptedOne).min(1).max(discoveryLimits.accepted) }),
  z.strictObject({
    all: z.strictObject({
      scan: z.int().positive().optional(),
      search: z.string().trim().max(100).default(''),
      /** Types are made where none fits; otherwise those devices are left. */
      makeTypes: z.boolean().default(true),
      /** `proposed`: into the room where it seems to hang, where that is known. */
      place: z.enum(['proposed', 'none']).default('none'),
    }),
  }),
]);
export type AcceptFound = z.output<typeof AcceptFound>;

/**
 * Why one was left: it answers ping alone and says nothing of itself; no device type fits; its name is taken; it is a device already; its
 * address may be polled only in the rooms of a site.
 */
export const leftReasons = ['silent', 'no-type', 'name-taken', 'known', 'not-allowed'] as const;

/** GET /api/discovery/plan: what would become of all new ones, asked before they are taken over with the same choices. */
export const AcceptPlanQuery = z.strictObject({
  scan: z.coerce.number().int().positive().optional(),
  search: z.string().trim().max(100).default(''),
  makeTypes: z.enum(['true', 'false']).default('true'),
  place: z.enum(['proposed', 'none']).default('none'),
});
export const AcceptPlan = z.strictObject({
  /** How many devices would be made. */
  devices: z.int(),
  /** How many device types would be made for them. */
  types: z.int(),
  /** How many would be left, by why; no reason stands twice. */
  left: z.array(z.strictObject({ reason: z.enum(leftReasons), count: z.int() })),
});
export type AcceptPlan = z.infer<typeof AcceptPlan>;

export const AcceptedFound = z.strictObject({
  /** To be undone; null: nothing was made. */
  changeId: z.int().nullable(),
  devices: z.array(z.strictObject({ id: z.int(), deviceId: z.int(), name: z.string() })),
  left: z.array(z.strictObject({ id: z.int(), address: z.string(), reason: z.enum(leftReasons) })),
  /** Device types that were made. */
  types: z.array(z.strictObject({ id: z.int(), name: z.string() })),
});
export type AcceptedFound = z.infer<typeof AcceptedFound>;

/** POST /api/discovery/found/ignore */
export const IgnoreFound = z.strictObject({
  ids: Ids,
  reason: z.string().trim().min(1, 'must not be empty').max(500),
  until: Moment.nullable().default(null),
});
/** POST /api/discovery/found/reopen; POST /api/discovery/found/forget: takes them off the list until they are found again. */
export const FoundIds = z.strictObject({ ids: Ids });
