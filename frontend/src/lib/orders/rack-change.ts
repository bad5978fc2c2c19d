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

/** The rooms as they are before or after an order, however much of it has been done: devices moved and gone, ports taken and free. */
export function roomsAt(
  time: 'before' | 'after',
  rooms: readonly RoomView[],
  items: readonly OrderItem[],
): RoomView[] {
  const { leaves, comes } = portChanges(items);
  const [taken, free] = time === 'before' ? [leaves, comes] : [comes, leaves];
  const types = new Map(rooms.flatMap((room) => room.types).map((type) => [type.id, type]));
  const fates = new Map<number, (device: PlacedDevice) => PlacedDevice | null>();
  for (const item of items) {
    const fate = time === 'before' ? placeBefore(item) : placeAfter(item, types);
    if (item.device && fate) {
      const earlier = fates.get(item.device.id);
      fates.set(item.device.id, (device) => fate(earlier?.(device) ?? device));
    }
  }
  const devices = rooms
    .flatMap(({ racks, unracked }) => [...racks.flatMap((rack) => rack.devices), ...unracked])
    .flatMap((device): PlacedDevice[] => {
      const placed = fates.has(device.id) ? fates.get(device.id)?.(device) : device;
      if (!placed) return [];
      const ports = placed.ports.map((port) =>
        taken.has(port.id) || free.has(port.id) ? { ...port, occupied: taken.has(port.id) } : port,
      );
      return [{ ...placed, ports }];
    });
  return rooms.map((room) => ({
    ...room,
    types: [...types.values()],
    racks: room.racks.map((rack) => ({
      ...rack,
      devices: devices.filter(({ rackId }) => rackId === rack.id),
    })),
  }));
}

type Fate = (device: PlacedDevice) => PlacedDevice | null;

function placeBefore({ change, device }: OrderItem): Fate | null {
  const from = device?.from;
  if (change.action !== 'move-device' || !from) return null;
  return (one) => ({
    ...one,
    rackId: from.rack?.id ?? null,
    position: from.position,
    face: from.face ?? one.face,
  });
}

function placeAfter({ change }: OrderItem, types: ReadonlyMap<number, unknown>): Fate | null {
  switch (change.action) {
    case 'remove-device':
      return () => null;
    case 'move-device': {
      const { rackId, position, face, side } = change.to;
      return (one) => ({ ...one, rackId, position, face, side });
    }
    case 'swap-device':
      // A type that stands nowhere in these rooms yet is not drawn: the device keeps its old face.
      return (one) => (types.has(change.typeId) ? { ...one, typeId: change.typeId } : one);
    default:
      return null;
  }
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
