import type { PortKind, TraceHop } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { placeText } from './placement.ts';

/** A port, whose it is, and where that is. */
export interface PortPlace {
  readonly id: number;
  readonly name: string;
  readonly kind: PortKind;
  readonly owner: TraceHop['owner'];
  readonly place: string;
}

const chunkSize = 1000;

/** Ports by their ids. */
export async function portPlaces(db: Database, ids: readonly number[]): Promise<Map<number, PortPlace>> {
  const places = new Map<number, PortPlace>();
  for (let start = 0; start < ids.length; start += chunkSize) {
    const rows = await db
      .selectFrom('ports')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('device_types', 'device_types.id', 'devices.type_id')
      .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
      .leftJoin('rooms', (join) =>
        join.on((e) => e('rooms.id', '=', e.fn.coalesce('devices.room_id', 'outlets.room_id'))),
      )
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .select([
        'ports.id',
        'ports.name',
        'ports.kind',
        'ports.device_id',
        'ports.outlet_id',
        'devices.name as device',
        'devices.position',
        'device_types.u_height',
        'outlets.name as outlet',
        'rooms.name as room',
        'racks.name as rack',
      ])
      .where('ports.id', 'in', ids.slice(start, start + chunkSize))
      .execute();
    for (const row of rows)
      places.set(row.id, {
        id: row.id,
        name: row.name,
        kind: row.kind,
        owner:
          row.device_id === null
            ? { kind: 'outlet', id: row.outlet_id ?? 0, name: row.outlet ?? '' }
            : { kind: 'device', id: row.device_id, name: row.device ?? '' },
        place: placeText({
          room: row.room,
          rack: row.rack,
          position: row.position,
          uHeight: row.u_height ?? 0,
        }),
      });
  }
  return places;
}
