import type { PortSpot } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { Place } from './world.ts';

/** Where one stands for a place in a rack or a room; a place that is nowhere has a spot without anything. */
export async function placeSpots(
  db: Database,
  places: readonly Place[],
): Promise<(place: Place) => PortSpot> {
  const racks = new Map<number, { id: number; name: string; roomId: number }>();
  for (const part of chunked([...new Set(places.flatMap(({ rackId }) => rackId ?? []))]))
    for (const row of await db
      .selectFrom('racks')
      .select(['id', 'name', 'room_id'])
      .where('id', 'in', part)
      .execute())
      racks.set(row.id, { id: row.id, name: row.name, roomId: row.room_id });
  const roomIds = [
    ...places.flatMap(({ roomId }) => roomId ?? []),
    ...[...racks.values()].map(({ roomId }) => roomId),
  ];
  const rooms = await loadRooms(db, roomIds);
  return ({ roomId, rackId, position, face }) => {
    const rack = racks.get(rackId ?? 0);
    const room = rooms.get(rack?.roomId ?? roomId ?? 0) ?? nowhere;
    if (rack === undefined) return { ...room, rack: null, position: null, face: null };
    return { ...room, rack: { id: rack.id, name: rack.name }, position, face };
  };
}

type Around = Pick<PortSpot, 'site' | 'building' | 'floor' | 'room'>;
const nowhere: Around = { site: null, building: null, floor: null, room: null };
export const noSpot: PortSpot = { ...nowhere, rack: null, position: null, face: null };

async function loadRooms(db: Database, ids: readonly number[]): Promise<Map<number, Around>> {
  const rooms = new Map<number, Around>();
  for (const part of chunked([...new Set(ids)]))
    for (const row of await db
      .selectFrom('rooms')
      .innerJoin('floors', 'floors.id', 'rooms.floor_id')
      .innerJoin('buildings', 'buildings.id', 'floors.building_id')
      .innerJoin('sites', 'sites.id', 'buildings.site_id')
      .select([
        'rooms.id as room_id',
        'rooms.name as room',
        'floors.id as floor_id',
        'floors.name as floor',
        'buildings.id as building_id',
        'buildings.name as building',
        'sites.id as site_id',
        'sites.name as site',
      ])
      .where('rooms.id', 'in', part)
      .execute())
      rooms.set(row.room_id, {
        site: { id: row.site_id, name: row.site },
        building: { id: row.building_id, name: row.building },
        floor: { id: row.floor_id, name: row.floor },
        room: { id: row.room_id, name: row.room },
      });
  return rooms;
}
