import type {
  DeviceTypeView,
  PlacedDevice,
  RoomEditing,
  RoomView,
  ShelfDevice,
} from '@rackhaus/config/contract';
import type { TypesById } from '../rack/geometry.ts';
import type { Place } from './fit.ts';

/** Where a device is: in a rack, in a room, or (all null) on the shelf. */
export interface Where extends Pick<PlacedDevice, 'rackId' | 'position' | 'face' | 'side'> {
  readonly roomId: number | null;
}

/** A device that can be moved, wherever it is. */
export interface Movable {
  readonly id: number;
  readonly name: string;
  readonly role: PlacedDevice['role'];
  readonly type: DeviceTypeView;
  readonly where: Where;
  /** undefined: it does not exist yet. */
  readonly version: number | undefined;
}

/** The place in a rack; null for what is in none. */
export function placeOf({ rackId, position, face, side }: Where): Place | null {
  return rackId === null ? null : { rackId, position, face, side };
}

export function sameWhere(a: Where, b: Where): boolean {
  return (
    a.roomId === b.roomId &&
    a.rackId === b.rackId &&
    a.position === b.position &&
    (a.rackId === null || (a.face === b.face && a.side === b.side))
  );
}

/** Everything of a room that can be moved, by its id: what stands there, and what is on the shelf. */
export function movables(room: RoomView, editing: RoomEditing, types: TypesById): Map<number, Movable> {
  const found = new Map<number, Movable>();
  const add = (device: Omit<PlacedDevice, 'ports'>, roomId: number | null) => {
    const type = types.get(device.typeId);
    if (!type) return;
    const { id, name, role, rackId, position, face, side } = device;
    const where = { roomId, rackId, position, face, side };
    found.set(id, { id, name, role, type, where, version: editing.versions[id] });
  };
  for (const rack of room.racks) for (const device of rack.devices) add(device, room.id);
  for (const device of room.unracked) add(device, room.id);
  for (const { device, roomId } of editing.shelf) add(device, roomId);
  return found;
}

/**
 * A room and its shelf as they will be when moves under way have succeeded. What no move touches stays the same object, so that only the
 * racks that change are drawn again.
 * @param carried the devices under way as they were: room and shelf are fetched one after the other, and in between neither may know one
 */
export function withMoves(
  room: RoomView,
  shelf: readonly ShelfDevice[],
  moves: ReadonlyMap<number, Where>,
  added: readonly PlacedDevice[],
  carried: readonly PlacedDevice[] = [],
): { room: RoomView; shelf: readonly ShelfDevice[] } {
  if (moves.size === 0 && added.length === 0) return { room, shelf };
  const status = new Map(shelf.map((each) => [each.device.id, each.status]));
  const known = [...room.racks.flatMap((rack) => rack.devices), ...room.unracked];
  const here = new Set(known.map(({ id }) => id));
  const lying = shelf
    .filter(({ device }) => !here.has(device.id))
    .map(({ device }): PlacedDevice => ({ ...device, ports: [] }));
  const found = new Set([...here, ...lying.map(({ id }) => id)]);
  const between = carried.filter(({ id }) => !found.has(id));
  const moved = [...known, ...lying, ...between].flatMap((device) => {
    const to = moves.get(device.id);
    if (!to) return [];
    const { roomId, rackId, position, face, side } = to;
    return [{ roomId, device: { ...device, rackId, position, face, side } }];
  });
  const coming = [
    ...moved.flatMap(({ roomId, device }) => (roomId === room.id ? [device] : [])),
    ...added.filter(({ id }) => moves.get(id)?.roomId === room.id),
  ];
  const at = (rackId: number | null, devices: PlacedDevice[]): PlacedDevice[] => {
    const arriving = coming.filter((device) => device.rackId === rackId);
    const leaving = devices.some(({ id }) => moves.has(id));
    if (arriving.length === 0 && !leaving) return devices;
    return [...devices.filter(({ id }) => !moves.has(id)), ...arriving];
  };
  const racks = room.racks.map((rack) => {
    const devices = at(rack.id, rack.devices);
    return devices === rack.devices ? rack : { ...rack, devices };
  });
  const laid = [...moved, ...added.map((device) => ({ roomId: moves.get(device.id)?.roomId, device }))]
    .filter(({ roomId, device }) => device.rackId === null && (roomId === null || roomId === room.id))
    .map(({ roomId, device: { ports: _, ...device } }) => ({
      device,
      status: status.get(device.id) ?? 'active',
      roomId: roomId ?? null,
    }));
  return {
    room: { ...room, racks, unracked: at(null, room.unracked) },
    shelf: [...shelf.filter(({ device }) => !moves.has(device.id)), ...laid],
  };
}
