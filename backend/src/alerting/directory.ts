import type { Database } from '../database/tables.ts';
import { placeText } from '../inventory/placement.ts';
import type { DevicePlace } from './world.ts';

/** Where every device is. */
export async function loadPlaces(db: Database): Promise<Map<number, DevicePlace>> {
  const rows = await db
    .selectFrom('devices')
    .leftJoin('device_types', 'device_types.id', 'devices.type_id')
    .leftJoin('rooms', 'rooms.id', 'devices.room_id')
    .leftJoin('sites', 'sites.id', 'rooms.site_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .select([
      'devices.id',
      'devices.name',
      'devices.position',
      'devices.room_id as roomId',
      'device_types.u_height as uHeight',
      'rooms.name as room',
      'rooms.site_id as siteId',
      'sites.name as siteName',
      'racks.name as rack',
    ])
    .execute();
  return new Map(
    rows.map(({ id, name, position, uHeight, room, rack, roomId, siteId, siteName }) => [
      id,
      {
        name,
        place: placeText({ room, rack, position, uHeight: uHeight ?? 0 }),
        roomId,
        roomName: room,
        siteId,
        siteName,
      },
    ]),
  );
}
