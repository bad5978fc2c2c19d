import { rackSlots, slotKey } from '@rackhaus/config/contract';
import { type ItemRow, type Place, rackSlotKey, type World } from './world.ts';

/** A device that an order moves, swaps or takes away: where it stands then, and of what type it is. */
export interface DeviceMove {
  readonly itemId: number;
  readonly deviceId: number;
  /** null: it stands nowhere. */
  readonly to: Place | null;
  readonly typeId: number;
}

/** One for each device of the items: what the last item about it leads to. */
export function deviceMoves(world: World, items: readonly ItemRow[]): DeviceMove[] {
  const moves = new Map<number, DeviceMove>();
  for (const { id, change } of items) {
    if (change.action === 'add-link' || 'linkId' in change) continue;
    const device = world.devices.get(change.deviceId);
    if (device === undefined) continue;
    const known = moves.get(device.id) ?? {
      itemId: id,
      deviceId: device.id,
      to: device,
      typeId: device.typeId,
    };
    moves.set(device.id, {
      ...known,
      itemId: id,
      ...(change.action === 'move-device' ? { to: change.to } : {}),
      ...(change.action === 'remove-device' ? { to: null } : {}),
      ...(change.action === 'swap-device' ? { typeId: change.typeId } : {}),
    });
  }
  return [...moves.values()];
}

/** The slots that a device has when its items are done. */
export function slotsAfter(world: World, { to, typeId }: Pick<DeviceMove, 'to' | 'typeId'>): string[] {
  const type = world.types.get(typeId);
  const rackId = to?.rackId ?? null;
  if (to === null || type === undefined || rackId === null) return [];
  const { position, face, side } = to;
  return rackSlots({ ...type, position, face, side }).map((slot) => rackSlotKey(rackId, slotKey(slot)));
}
