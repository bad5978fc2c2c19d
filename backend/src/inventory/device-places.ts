import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import { placeText } from './placement.ts';

/** Names of devices, and where they are in words for people, by id. */
export async function devicePlaces(
  db: Database,
  deviceIds: readonly number[],
): Promise<Map<number, { readonly name: string; readonly place: string; readonly roomId: number | null }>> {
  const places = new Map<number, { name: string; place: string; roomId: number | null }>();
  for (const ids of chunked(deviceIds))
    for (const { id, name, u_height: uHeight, roomId, ...at } of await db
      .selectFrom('devices')
      .leftJoin('device_types', 'device_types.id', 'devices.type_id')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .select([
        'devices.id',
        'devices.name',
        'devices.position',
        'devices.room_id as roomId',
        'device_types.u_height',
        'rooms.name as room',
        'racks.name as rack',
      ])
      .where('devices.id', 'in', ids)
      .execute())
      places.set(id, { name, place: placeText({ ...at, uHeight: uHeight ?? 0 }), roomId });
  return places;
}
