import type { CableCard, PortCard, PortSpot } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { chunked } from '../history/rows.ts';
import type { Row } from '../history/spec.ts';

/** Ports as traces, worklists and findings name them, by id. */
export async function portCards(db: Database, ids: Iterable<number>): Promise<Map<number, PortCard>> {
  const cards = new Map<number, PortCard>();
  for (const part of chunked([...new Set(ids)])) {
    const rows = await portRows(db, part);
    for (const row of rows)
      cards.set(row.id, {
        id: row.id,
        name: row.name,
        kind: row.kind,
        label: row.label,
        owner:
          row.device_id === null
            ? { kind: 'outlet', id: row.outlet_id ?? 0, name: row.outlet ?? '', role: null }
            : { kind: 'device', id: row.device_id, name: row.device ?? '', role: row.role },
        twoSided: row.two_sided === 1,
        vlan: row.vid === null ? null : { vid: row.vid, name: row.vlan ?? '' },
        monitored: row.monitored !== null,
        spot: spotOf(row),
      });
  }
  return cards;
}

function portRows(db: Database, ids: readonly number[]) {
  return db
    .selectFrom('ports')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('device_monitoring', 'device_monitoring.device_id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .leftJoin('vlans', 'vlans.id', 'ports.untagged_vlan_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .leftJoin('rooms', (join) =>
      join.on((e) => e('rooms.id', '=', e.fn.coalesce('devices.room_id', 'outlets.room_id'))),
    )
    .leftJoin('floors', 'floors.id', 'rooms.floor_id')
    .leftJoin('buildings', 'buildings.id', 'floors.building_id')
    .leftJoin('sites', 'sites.id', 'buildings.site_id')
    .select([
      'ports.id',
      'ports.name',
      'ports.kind',
      'ports.label',
      'ports.two_sided',
      'ports.device_id',
      'ports.outlet_id',
      'devices.name as device',
      'devices.role',
      'devices.position',
      'devices.face',
      'device_monitoring.id as monitored',
      'outlets.name as outlet',
      'vlans.vid',
      'vlans.name as vlan',
      ...places,
    ])
    .where('ports.id', 'in', [...ids])
    .execute();
}

const places = [
  'racks.id as rack_id',
  'racks.name as rack',
  'rooms.id as room_id',
  'rooms.name as room',
  'floors.id as floor_id',
  'floors.name as floor',
  'buildings.id as building_id',
  'buildings.name as building',
  'sites.id as site_id',
  'sites.name as site',
] as const;

interface PlaceRow {
  readonly rack_id: number | null;
  readonly rack: string | null;
  readonly room_id: number | null;
  readonly room: string | null;
  readonly floor_id: number | null;
  readonly floor: string | null;
  readonly building_id: number | null;
  readonly building: string | null;
  readonly site_id: number | null;
  readonly site: string | null;
  readonly position: number | null;
  readonly face: 'front' | 'rear' | null;
}

function spotOf(row: PlaceRow): PortSpot {
  return {
    site: named(row.site_id, row.site),
    building: named(row.building_id, row.building),
    floor: named(row.floor_id, row.floor),
    room: named(row.room_id, row.room),
    rack: named(row.rack_id, row.rack),
    position: row.position,
    face: row.rack_id === null ? null : row.face,
  };
}

function named(id: number | null, name: string | null) {
  return id === null ? null : { id, name: name ?? '' };
}

/** Where devices are, by id. */
export async function deviceSpots(db: Database, ids: Iterable<number>): Promise<Map<number, PortSpot>> {
  const spots = new Map<number, PortSpot>();
  for (const part of chunked([...new Set(ids)])) {
    const rows = await db
      .selectFrom('devices')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .leftJoin('floors', 'floors.id', 'rooms.floor_id')
      .leftJoin('buildings', 'buildings.id', 'floors.building_id')
      .leftJoin('sites', 'sites.id', 'buildings.site_id')
      .select(['devices.id', 'devices.position', 'devices.face', ...places])
      .where('devices.id', 'in', part)
      .execute();
    for (const row of rows) spots.set(row.id, spotOf(row));
  }
  return spots;
}

/** Cables as traces, worklists and findings name them, by id. */
export async function cableCards(db: Database, ids: Iterable<number>): Promise<Map<number, CableCard>> {
  const cards = new Map<number, CableCard>();
  for (const part of chunked([...new Set(ids)])) {
    const rows = await db
      .selectFrom('links')
      .select([
        'id',
        'kind',
        'status',
        'label',
        'label_a',
        'label_b',
        'medium',
        'color',
        'length_m',
        'to_check',
        'provider',
        'circuit',
      ])
      .where('id', 'in', part)
      .execute();
    for (const row of rows)
      cards.set(row.id, {
        id: row.id,
        kind: row.kind,
        status: row.status,
        label: row.label,
        labelA: row.label_a,
        labelB: row.label_b,
        medium: row.medium,
        color: row.color,
        lengthM: row.length_m,
        toCheck: row.to_check === 1,
        provider: row.provider,
        circuit: row.circuit,
        planned: false,
      });
  }
  return cards;
}

/** The columns of a row of the past as a cable's card names them; of any type, so the card has to be parsed. */
export function cableFields(id: number, row: Row) {
  return {
    id,
    kind: row.kind,
    status: row.status,
    label: row.label,
    labelA: row.label_a,
    labelB: row.label_b,
    medium: row.medium,
    color: row.color,
    lengthM: row.length_m,
    toCheck: row.to_check === 1,
    provider: row.provider,
    circuit: row.circuit,
    planned: false,
  };
}
