import { z } from 'zod';
import type { HealthState } from './health.ts';
import { DeviceRole } from './inventory.ts';

const named = { id: z.int(), name: z.string() };

/** A plan in the list of plans. */
const PlanInList = z.strictObject({
  ...named,
  documentId: z.int(),
  width: z.number(),
  height: z.number(),
  /** How many rooms are drawn on it, and how many racks, outlets and devices stand on it. */
  rooms: z.int(),
  points: z.int(),
});

/** GET /api/plans: every floor with its plans, by site and building. */
export const PlanList = z.strictObject({
  sites: z.array(
    z.strictObject({
      ...named,
      buildings: z.array(
        z.strictObject({
          ...named,
          floors: z.array(
            z.strictObject({
              ...named,
              /** Rooms that the inventory has on this floor, drawn or not. */
              roomIds: z.array(z.int()),
              plans: z.array(PlanInList),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type PlanList = z.infer<typeof PlanList>;

/** What can stand on a plan. */
export const markKinds = ['room', 'rack', 'outlet', 'device'] as const;
export const MarkKind = z.enum(markKinds);
export type MarkKind = z.infer<typeof MarkKind>;

/** A point of a plan in the units of its picture, from the left top corner. */
export const PlanPoint = z.tuple([z.number(), z.number()]);
export type PlanPoint = z.infer<typeof PlanPoint>;

/** Where something is on a plan: a room's corners in order, or one point and a turn in degrees clockwise. */
export const PlanMark = z.strictObject({
  id: z.int(),
  version: z.int(),
  kind: MarkKind,
  /** Of the room, rack, outlet or device. */
  subjectId: z.int(),
  points: z.array(PlanPoint),
  turn: z.number(),
});
export type PlanMark = z.infer<typeof PlanMark>;

const OutletPort = z.strictObject({
  ...named,
  /** Where the run from this jack ends: a switch port; null when it ends nowhere, or not at one device. */
  end: z
    .strictObject({ portId: z.int(), portName: z.string(), deviceId: z.int(), deviceName: z.string() })
    .nullable(),
});

/** GET /api/plans/:id: a plan, what is on it, and what of its floor could be. */
export const PlanView = z.strictObject({
  ...named,
  version: z.int(),
  floor: z.strictObject(named),
  building: z.strictObject(named),
  site: z.strictObject(named),
  documentId: z.int(),
  width: z.number(),
  height: z.number(),
  unitsPerMetre: z.number().nullable(),
  /** The plans of the same floor in their order, this one too. */
  plans: z.array(z.strictObject(named)),
  marks: z.array(PlanMark),
  /** Of the floor, and whatever else is marked. */
  rooms: z.array(z.strictObject({ ...named, number: z.string().nullable() })),
  racks: z.array(
    z.strictObject({ ...named, roomId: z.int(), purpose: z.string(), depthMm: z.number().nullable() }),
  ),
  outlets: z.array(z.strictObject({ ...named, roomId: z.int(), ports: z.array(OutletPort) })),
  devices: z.array(
    z.strictObject({
      ...named,
      role: DeviceRole,
      roomId: z.int().nullable(),
      rackId: z.int().nullable(),
      monitored: z.boolean(),
    }),
  ),
});
export type PlanView = z.infer<typeof PlanView>;

/** From most to least urgent. What is not known asks for more than what is well, and for less than what is wrong. */
const urgency = ['critical', 'warning', 'unknown', 'ok', 'unmonitored'] as const satisfies HealthState[];

/** The state that several things have together. `unmonitored` when there are none. */
export function worstState(states: Iterable<HealthState>): HealthState {
  let worst: number = urgency.length - 1;
  for (const state of states) worst = Math.min(worst, urgency.indexOf(state));
  return urgency[worst] ?? 'unmonitored';
}
