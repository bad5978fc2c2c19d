import type { LabelSelection } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { placeText } from '../inventory/placement.ts';
import { inChunks } from './chunks.ts';
import type { Subject } from './subjects.ts';

/** A room and where it is, as placeholders. */
export interface RoomPlace {
  readonly room: string | null;
  readonly number: string | null;
  readonly floor: string | null;
  readonly building: string | null;
  readonly site: string | null;
}

export function placeValues(row: RoomPlace): Record<string, string> {
  return {
    room: row.room ?? '',
    number: row.number ?? '',
    floor: row.floor ?? '',
    building: row.building ?? '',
    site: row.site ?? '',
  };
}

/** Columns of RoomPlace. */
const place = [
  'rooms.name as room',
  'rooms.number',
  'floors.name as floor',
  'buildings.name as building',
  'sites.name as site',
] as const;

export async function racks(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const rows = await inChunks(selection.ids, (ids) => {
    let query = db
      .selectFrom('racks')
      .innerJoin('rooms', 'rooms.id', 'racks.room_id')
      .innerJoin('floors', 'floors.id', 'rooms.floor_id')
      .innerJoin('buildings', 'buildings.id', 'floors.building_id')
      .innerJoin('sites', 'sites.id', 'buildings.site_id')
      .select([
        'racks.id',
        'racks.name',
        'racks.purpose',
        'racks.height_u',
        'racks.asset_tag',
        'racks.serial',
      ])
      .select(place)
      .orderBy('rooms.rank')
      .orderBy('racks.rank')
      .orderBy('racks.name');
    if (ids !== undefined) query = query.where('racks.id', 'in', ids);
    if (selection.rackId !== undefined) query = query.where('racks.id', '=', selection.rackId);
    if (selection.roomId !== undefined) query = query.where('racks.room_id', '=', selection.roomId);
    return query.execute();
  });
  return rows.map((row) => ({
    kind: 'rack',
    id: row.id,
    name: row.name,
    values: {
      name: row.name,
      purpose: row.purpose ?? '',
      height: String(row.height_u),
      tag: row.asset_tag ?? '',
      serial: row.serial ?? '',
      ...placeValues(row),
    },
  }));
}

export async function devices(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const rows = await inChunks(selection.ids, (ids) => {
    let query = db
      .selectFrom('devices')
      .innerJoin('device_types', 'device_types.id', 'devices.type_id')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .leftJoin('floors', 'floors.id', 'rooms.floor_id')
      .leftJoin('buildings', 'buildings.id', 'floors.building_id')
      .leftJoin('sites', 'sites.id', 'buildings.site_id')
      .select(['devices.id', 'devices.name', 'devices.serial', 'devices.asset_tag', 'devices.position'])
      .select(['device_types.manufacturer', 'device_types.model', 'device_types.u_height'])
      .select('racks.name as rack')
      .select(place)
      .orderBy('rooms.rank')
      .orderBy('racks.rank')
      .orderBy('devices.position', 'desc')
      .orderBy('devices.name');
    if (ids !== undefined) query = query.where('devices.id', 'in', ids);
    if (selection.deviceId !== undefined) query = query.where('devices.id', '=', selection.deviceId);
    if (selection.rackId !== undefined) query = query.where('devices.rack_id', '=', selection.rackId);
    if (selection.roomId !== undefined) query = query.where('devices.room_id', '=', selection.roomId);
    if (selection.role !== undefined) query = query.where('devices.role', '=', selection.role);
    return query.execute();
  });
  return rows.map((row) => ({
    kind: 'device',
    id: row.id,
    name: row.name,
    values: {
      name: row.name,
      tag: row.asset_tag ?? '',
      serial: row.serial ?? '',
      manufacturer: row.manufacturer,
      model: row.model,
      type: row.manufacturer === 'Generic' ? row.model : `${row.manufacturer} ${row.model}`,
      ...devicePlace(row),
    },
  }));
}

/** Placeholders of where a device is. */
export function devicePlace(
  row: RoomPlace & { rack: string | null; position: number | null; u_height: number | null },
): Record<string, string> {
  return {
    rack: row.rack ?? '',
    u: row.position === null ? '' : String(row.position),
    place:
      row.rack !== null
        ? placeText({ room: row.rack, rack: null, position: row.position, uHeight: row.u_height ?? 0 })
        : (row.room ?? ''),
    ...placeValues(row),
  };
}

export async function outlets(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const rows = await inChunks(selection.ids, (ids) => {
    let query = db
      .selectFrom('outlets')
      .innerJoin('rooms', 'rooms.id', 'outlets.room_id')
      .innerJoin('floors', 'floors.id', 'rooms.floor_id')
      .innerJoin('buildings', 'buildings.id', 'floors.building_id')
      .innerJoin('sites', 'sites.id', 'buildings.site_id')
      .select(['outlets.id', 'outlets.name', 'outlets.place'])
      .select(place)
      .orderBy('rooms.rank')
      .orderBy('outlets.name');
    if (ids !== undefined) query = query.where('outlets.id', 'in', ids);
    if (selection.roomId !== undefined) query = query.where('outlets.room_id', '=', selection.roomId);
    return query.execute();
  });
  return rows.map((row) => ({
    kind: 'outlet',
    id: row.id,
    name: row.name,
    values: { name: row.name, at: row.place ?? '', ...placeValues(row) },
  }));
}

export async function rooms(db: Database, selection: LabelSelection): Promise<Subject[]> {
  const rows = await inChunks(selection.ids, (ids) => {
    let query = db
      .selectFrom('rooms')
      .innerJoin('floors', 'floors.id', 'rooms.floor_id')
      .innerJoin('buildings', 'buildings.id', 'floors.building_id')
      .innerJoin('sites', 'sites.id', 'buildings.site_id')
      .select('rooms.id')
      .select(place)
      .orderBy('rooms.rank')
      .orderBy('rooms.name');
    if (ids !== undefined) query = query.where('rooms.id', 'in', ids);
    if (selection.roomId !== undefined) query = query.where('rooms.id', '=', selection.roomId);
    return query.execute();
  });
  return rows.map((row) => ({
    kind: 'room',
    id: row.id,
    name: row.room,
    values: { name: row.room, ...placeValues(row) },
  }));
}
