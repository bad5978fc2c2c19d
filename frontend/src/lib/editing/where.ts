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

/** A room and its shelf as they will be when moves under way have succeeded. */
export function withMoves(
  room: RoomView,
  shelf: readonly ShelfDevice[],
  moves: ReadonlyMap<number, Where>,
  added: readonly PlacedDevice[],
): { room: RoomView; shelf: readonly ShelfDevice[] } {
  if (moves.size === 0 && added.length === 0) return { room, shelf };
  const known = [...room.racks.flatMap((rack) => rack.devices), ...room.unracked];
  const lying = shelf.filter(({ device }) => !known.some(({ id }) => id === device.id));
  const all = [...known, ...lying.map(({ device }): PlacedDevice => ({ ...device, ports: [] }))];
  const whereOf = new Map(lying.map(({ device, roomId }) => [device.id, roomId]));
  const moved = all.map((device) => {
    const to = moves.get(device.id);
    if (to) whereOf.set(device.id, to.roomId);
    const { rackId, position, face, side } = to ?? device;
    return { ...device, rackId, position, face, side };
  });
  const roomOf = (device: PlacedDevice) => (whereOf.has(device.id) ? whereOf.get(device.id) : room.id);
  const here = [...moved.filter((device) => roomOf(device) === room.id), ...added];
  const status = new Map(shelf.map((each) => [each.device.id, each.status]));
  return {
    room: {
      ...room,
      racks: room.racks.map((rack) => ({
        ...rack,
        devices: here.filter((device) => device.rackId === rack.id),
      })),
      unracked: here.filter((device) => device.rackId === null),
    },
    shelf: moved
      .filter((device) => device.rackId === null && (roomOf(device) ?? room.id) === room.id)
      .map(({ ports: _, ...device }) => ({
        device,
        status: status.get(device.id) ?? 'active',
        roomId: whereOf.has(device.id) ? (whereOf.get(device.id) ?? null) : room.id,
      })),
  };
}
