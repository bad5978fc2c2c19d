import type { DeviceTypeView, PlacedDevice, RackView, RoomView } from '@rackhaus/config/contract';

/**
 * The room as it was fetched, with every part that is as before being the same object as before: what has not changed is not drawn
 * again. `before` may be another room, or none.
 */
export function shareRoom(before: RoomView | null, now: RoomView): RoomView {
  if (before === null || before.id !== now.id) return now;
  const devices = new Map(
    [...before.racks.flatMap((rack) => rack.devices), ...before.unracked].map((device) => [
      device.id,
      device,
    ]),
  );
  const racks = new Map(before.racks.map((rack) => [rack.id, rack]));
  const types = new Map(before.types.map((type) => [type.id, type]));
  const shared = (list: readonly PlacedDevice[]) =>
    list.map((device) => {
      const had = devices.get(device.id);
      return had && sameDevice(had, device) ? had : device;
    });
  return {
    ...now,
    racks: now.racks.map((rack) =>
      sharedRack(racks.get(rack.id), { ...rack, devices: shared(rack.devices) }),
    ),
    unracked: shared(now.unracked),
    types: now.types.map((type) => sharedType(types.get(type.id), type)),
  };
}

/** Types by their id, the last of those with the same id; the same map as before as long as they are the same types. */
export function shareTypes(
  before: ReadonlyMap<number, DeviceTypeView>,
  now: readonly DeviceTypeView[],
): ReadonlyMap<number, DeviceTypeView> {
  const all = new Map(now.map((type) => [type.id, sharedType(before.get(type.id), type)]));
  const same = all.size === before.size && [...all].every(([id, type]) => before.get(id) === type);
  return same ? before : all;
}

function sharedType(had: DeviceTypeView | undefined, now: DeviceTypeView): DeviceTypeView {
  return had === now || (had && JSON.stringify(had) === JSON.stringify(now)) ? had : now;
}

function sharedRack(had: RackView | undefined, now: RackView): RackView {
  if (!had || had.devices.length !== now.devices.length) return now;
  const { devices: _, ...before } = had;
  const { devices: __, ...after } = now;
  const same = now.devices.every((device, index) => device === had.devices[index]);
  return same && JSON.stringify(before) === JSON.stringify(after) ? had : now;
}

function sameDevice({ ports, ...a }: PlacedDevice, { ports: others, ...b }: PlacedDevice): boolean {
  if (ports.length !== others.length) return false;
  const samePorts = ports.every((port, index) => {
    const other = others[index];
    return (
      port.id === other?.id &&
      port.name === other.name &&
      port.kind === other.kind &&
      port.occupied === other.occupied
    );
  });
  return samePorts && JSON.stringify(a) === JSON.stringify(b);
}
