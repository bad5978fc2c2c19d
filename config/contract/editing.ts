import { z } from 'zod';
import { DeviceTypeView, PlacedDevice } from './inventory.ts';
import { lifecycles } from './records/index.ts';

/** What a rack bears: its limits and what of them is used, as far as the types of its devices say. */
export const RackLoad = z.strictObject({
  id: z.int(),
  version: z.int(),
  maxWeightKg: z.number().nullable(),
  maxPowerW: z.number().nullable(),
});
export type RackLoad = z.infer<typeof RackLoad>;

/** A device that has no place in a rack yet: in no room, or in this one. */
export const ShelfDevice = z.strictObject({
  device: PlacedDevice.omit({ ports: true }),
  status: z.enum(lifecycles),
  /** null: in no room. */
  roomId: z.int().nullable(),
});
export type ShelfDevice = z.infer<typeof ShelfDevice>;

/** What a type weighs and draws; null where its data sheet does not say. What only passes power on (UPS, PDU) draws nothing. */
export const TypeLoad = z.strictObject({
  id: z.int(),
  weightKg: z.number().nullable(),
  powerW: z.number().nullable(),
});
export type TypeLoad = z.infer<typeof TypeLoad>;

/** GET /api/rooms/:id/editing: what one needs beyond the drawing of a room to move things in it. */
export const RoomEditing = z.strictObject({
  racks: z.array(RackLoad),
  /** The version of every device in the room and on the shelf, by its id: what If-Match names. */
  versions: z.record(z.string(), z.int()),
  /** At most `shelfLimit`, those of this room first. */
  shelf: z.array(ShelfDevice),
  /** How many there are. */
  shelfTotal: z.int(),
  loads: z.array(TypeLoad),
  /** Types of what is on the shelf. */
  types: z.array(DeviceTypeView),
});
export type RoomEditing = z.infer<typeof RoomEditing>;
