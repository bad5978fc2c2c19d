import type { DeviceTypeView, RackView, RoomView } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { type PlacedRow, placedDevices } from './placed-devices.ts';
import { usedUnits } from './placement.ts';
import type { TypeViews } from './type-views.ts';

/**
 * A room with its racks, and every device in it.
 * @throws AppError not-found
 */
export async function roomView(db: Database, types: TypeViews, roomId: number): Promise<RoomView> {
  return db.transaction().execute(async (tx) => {
    const racks = await tx
      .selectFrom('racks')
      .selectAll()
      .where('room_id', '=', roomId)
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const devices = await placedDevices(tx, { room: roomId });
    return view(tx, types, roomId, racks, devices);
  });
}

/**
 * The room of a rack, with that rack only.
 * @throws AppError not-found
 */
export async function rackView(db: Database, types: TypeViews, rackId: number): Promise<RoomView> {
  return db.transaction().execute(async (tx) => {
    const rack = await tx.selectFrom('racks').selectAll().where('id', '=', rackId).executeTakeFirst();
    if (rack === undefined) throw new AppError('not-found', 'There is no such rack.');
    return view(tx, types, rack.room_id, [rack], await placedDevices(tx, { rack: rackId }));
  });
}

async function view(
  db: Database,
  types: TypeViews,
  roomId: number,
  racks: readonly { id: number; name: string; purpose: string; height_u: number }[],
  devices: readonly PlacedRow[],
): Promise<RoomView> {
  return {
    ...(await roomPlace(db, roomId)),
    racks: racks.map((rack) => toRackView(rack, devices)),
    unracked: devices.filter(({ device }) => device.rackId === null).map(({ device }) => device),
    types: await usedTypes(db, types, devices),
  };
}

/** A rack with its devices, of those given. */
export function toRackView(
  rack: { id: number; name: string; purpose: string; height_u: number },
  devices: readonly PlacedRow[],
): RackView {
  const own = devices.filter(({ device }) => device.rackId === rack.id);
  return {
    id: rack.id,
    name: rack.name,
    purpose: rack.purpose,
    heightU: rack.height_u,
    usedU: usedUnits(own.map(({ device, uHeight, fullDepth }) => ({ ...device, uHeight, fullDepth }))),
    devices: own.map(({ device }) => device),
  };
}

/**
 * A room and where it is.
 * @throws AppError not-found
 */
export async function roomPlace(db: Database, roomId: number) {
  const row = await db
    .selectFrom('rooms')
    .innerJoin('floors', 'floors.id', 'rooms.floor_id')
    .innerJoin('buildings', 'buildings.id', 'floors.building_id')
    .innerJoin('sites', 'sites.id', 'buildings.site_id')
    .select([
      'rooms.id',
      'rooms.name',
      'floors.id as floor_id',
      'floors.name as floor',
      'buildings.id as building_id',
      'buildings.name as building',
      'sites.id as site_id',
      'sites.name as site',
    ])
    .where('rooms.id', '=', roomId)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('not-found', 'There is no such room.');
  return {
    id: row.id,
    name: row.name,
    floor: { id: row.floor_id, name: row.floor },
    building: { id: row.building_id, name: row.building },
    site: { id: row.site_id, name: row.site },
  };
}

async function usedTypes(
  db: Database,
  types: TypeViews,
  devices: readonly PlacedRow[],
): Promise<DeviceTypeView[]> {
  const ids = [...new Set(devices.map((device) => device.typeId))];
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('device_types')
    .select(['id', 'definition'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
  return rows.map((row) => types.of(row));
}
