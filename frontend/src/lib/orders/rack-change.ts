import type { OrderItem, PlacedDevice, RoomView } from '@rackhaus/config/contract';

/** What happens at ports: a cable goes from some and comes to others. */
export interface PortChanges {
  readonly leaves: ReadonlySet<number>;
  readonly comes: ReadonlySet<number>;
}

/** Ports at which something changes. An end that stays is in neither. */
export function portChanges(items: readonly OrderItem[]): PortChanges {
  const leaves = new Set<number>();
  const comes = new Set<number>();
  for (const { before, after, device } of items) {
    if (device) continue;
    for (const side of ['a', 'b'] as const) {
      if (before[side] === after[side]) continue;
      if (before[side] !== null) leaves.add(before[side]);
      if (after[side] !== null) comes.add(after[side]);
    }
  }
  return { leaves, comes };
}

/** Racks and rooms in which something changes, in the order of the items. */
export function racksConcerned(
  items: readonly OrderItem[],
  ports: ReadonlyMap<number, { readonly spot: { rack: { id: number } | null; room: { id: number } | null } }>,
): { readonly rackId: number; readonly roomId: number }[] {
  const found = new Map<number, { rackId: number; roomId: number }>();
  const add = (spot: { rack: { id: number } | null; room: { id: number } | null } | null | undefined) => {
    if (spot?.rack && spot.room) found.set(spot.rack.id, { rackId: spot.rack.id, roomId: spot.room.id });
  };
  const { leaves, comes } = portChanges(items);
  for (const id of [...leaves, ...comes]) add(ports.get(id)?.spot);
  for (const { device } of items) {
    add(device?.from);
    add(device?.to);
  }
  return [...found.values()];
}

/** The rooms as they are when the order has been carried out: devices moved and gone, ports taken and free. */
export function roomsAfter(rooms: readonly RoomView[], items: readonly OrderItem[]): RoomView[] {
  const { leaves, comes } = portChanges(items);
  const moves = new Map<number, Partial<PlacedDevice> | null>();
  for (const { change } of items) {
    if (change.action === 'remove-device') moves.set(change.deviceId, null);
    else if (change.action === 'move-device') {
      const { rackId, position, face, side } = change.to;
      moves.set(change.deviceId, { rackId, position, face, side });
    }
  }
  const all = rooms.flatMap(({ racks, unracked }) => [
    ...racks.flatMap(({ devices }) => devices),
    ...unracked,
  ]);
  const types = new Map(rooms.flatMap((room) => room.types).map((type) => [type.id, type]));
  const swapped = new Map(
    items.flatMap(({ change }) =>
      change.action === 'swap-device' && types.has(change.typeId)
        ? [[change.deviceId, change.typeId] as const]
        : [],
    ),
  );
  const arrived = all.flatMap((device): PlacedDevice[] => {
    const move = moves.get(device.id);
    if (move === null) return [];
    const ports = device.ports.map((port) =>
      leaves.has(port.id) || comes.has(port.id) ? { ...port, occupied: comes.has(port.id) } : port,
    );
    return [{ ...device, ...move, ports, typeId: swapped.get(device.id) ?? device.typeId }];
  });
  return rooms.map((room) => ({
    ...room,
    types: [...types.values()],
    racks: room.racks.map((rack) => ({
      ...rack,
      devices: arrived.filter(({ rackId }) => rackId === rack.id),
    })),
  }));
}

/** A room as it is documented, without what devices say of themselves: a port is taken or free. */
export function documented(room: RoomView): RoomView {
  const still = (device: PlacedDevice): PlacedDevice => ({ ...device, monitored: false });
  return {
    ...room,
    racks: room.racks.map((rack) => ({ ...rack, devices: rack.devices.map(still) })),
    unracked: room.unracked.map(still),
  };
}
