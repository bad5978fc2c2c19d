import type { RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { placeText } from '../placement.ts';
import { portPaths } from '../port-paths.ts';
import { portPlaces } from '../port-places.ts';
import type { Found } from './found.ts';
import { showPorts } from './ports.ts';

/** A record that was found: by its name, or by something else that it says (`matched`). */
export interface Hit {
  readonly id: number;
  readonly key: string;
  readonly matched?: string;
}

type Shown = Omit<Found, 'key' | 'kind' | 'matched'>;

/** Says of found records what a list of results shows; kinds that are nowhere shown by themselves give nothing. */
export async function describe(db: Database, kind: RecordKind, hits: readonly Hit[]): Promise<Found[]> {
  if (hits.length === 0) return [];
  const ids = hits.map((hit) => hit.id);
  const byId = new Map(hits.map((hit) => [hit.id, hit]));
  const as =
    (kind: Found['kind']) =>
    (shown: Shown): Found => {
      const hit = byId.get(shown.id);
      const matched = hit?.matched;
      return { kind, ...shown, key: hit?.key ?? '', ...(matched === undefined ? {} : { matched }) };
    };
  switch (kind) {
    case 'device':
      return (await devices(db, ids)).map(as('device'));
    case 'monitoring': {
      const rows = await db
        .selectFrom('device_monitoring')
        .select(['id', 'device_id'])
        .where('id', 'in', ids)
        .execute();
      const of = new Map(rows.map((row) => [row.device_id, byId.get(row.id)]));
      const shown = await devices(db, [...of.keys()]);
      return shown.map((device) => {
        const hit = of.get(device.id);
        return { kind: 'device', ...device, key: hit?.key ?? '', matched: hit?.matched ?? '' };
      });
    }
    case 'outlet':
      return (await outlets(db, ids)).map(as('outlet'));
    case 'room':
      return (await rooms(db, ids)).map(as('room'));
    case 'rack':
      return (await racks(db, ids)).map(as('rack'));
    case 'link':
      return (await links(db, ids)).map(as('link'));
    case 'port': {
      const found = await showPorts(db, ids, (_owner, _port, id) => byId.get(id)?.key ?? '');
      return found.map((port) => ({ ...port, matched: byId.get(port.id)?.matched ?? '' }));
    }
    case 'address':
      return (await addresses(db, ids)).map(as('address'));
    case 'vlan':
    case 'prefix':
    case 'service':
    case 'contract':
    case 'spare-part':
      return (await others(db, kind, ids)).map(as(kind));
    default:
      return [];
  }
}

async function devices(db: Database, ids: readonly number[]): Promise<Shown[]> {
  const rows = await db
    .selectFrom('devices')
    .innerJoin('device_types', 'device_types.id', 'devices.type_id')
    .leftJoin('rooms', 'rooms.id', 'devices.room_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .select([
      'devices.id',
      'devices.name',
      'devices.position',
      'device_types.u_height',
      'device_types.model',
      'rooms.name as room',
      'racks.name as rack',
    ])
    .where('devices.id', 'in', ids)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    detail: [row.model, placeText({ ...row, uHeight: row.u_height })]
      .filter((part) => part !== '')
      .join(' · '),
    path: `/devices/${row.id}`,
  }));
}

async function outlets(db: Database, ids: readonly number[]): Promise<Shown[]> {
  const rows = await db
    .selectFrom('outlets')
    .innerJoin('rooms', 'rooms.id', 'outlets.room_id')
    .innerJoin('ports', 'ports.outlet_id', 'outlets.id')
    .select((e) => [
      'outlets.id',
      'outlets.name',
      'rooms.id as room_id',
      'rooms.name as room',
      e.fn.min('ports.id').as('port_id'),
    ])
    .where('outlets.id', 'in', ids)
    .groupBy(['outlets.id', 'outlets.name', 'rooms.id', 'rooms.name'])
    .execute();
  const paths = await portPaths(
    db,
    rows.map((row) => row.port_id),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    detail: row.room,
    path: paths.get(row.port_id) ?? `/rooms/${row.room_id}`,
  }));
}

async function rooms(db: Database, ids: readonly number[]): Promise<Shown[]> {
  const rows = await db
    .selectFrom('rooms')
    .innerJoin('floors', 'floors.id', 'rooms.floor_id')
    .innerJoin('sites', 'sites.id', 'rooms.site_id')
    .select(['rooms.id', 'rooms.name', 'floors.name as floor', 'sites.name as site'])
    .where('rooms.id', 'in', ids)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    detail: `${row.site}, ${row.floor}`,
    path: `/rooms/${row.id}`,
  }));
}

async function racks(db: Database, ids: readonly number[]): Promise<Shown[]> {
  const rows = await db
    .selectFrom('racks')
    .innerJoin('rooms', 'rooms.id', 'racks.room_id')
    .select(['racks.id', 'racks.name', 'racks.purpose', 'rooms.name as room'])
    .where('racks.id', 'in', ids)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    detail: row.purpose === '' ? row.room : `${row.purpose} · ${row.room}`,
    path: `/racks/${row.id}`,
  }));
}

async function links(db: Database, ids: readonly number[]): Promise<Shown[]> {
  const rows = await db.selectFrom('links').select(['id', 'label']).where('id', 'in', ids).execute();
  const ends = await db
    .selectFrom('link_ends')
    .select(['link_id', 'port_id'])
    .where('link_id', 'in', ids)
    .orderBy('side')
    .execute();
  const portIds = ends.map((end) => end.port_id);
  const places = await portPlaces(db, portIds);
  const paths = await portPaths(db, portIds);
  return rows.map((row) => {
    const own = ends.filter((end) => end.link_id === row.id).map((end) => places.get(end.port_id));
    return {
      id: row.id,
      name: row.label,
      detail: own.map((port) => (port === undefined ? '' : `${port.owner.name} ${port.name}`)).join(' – '),
      path: paths.get(own[0]?.id ?? 0) ?? '/rooms',
    };
  });
}

async function addresses(db: Database, ids: readonly number[]): Promise<Shown[]> {
  const rows = await db
    .selectFrom('addresses')
    .leftJoin('devices', 'devices.id', 'addresses.device_id')
    .leftJoin('ports', 'ports.id', 'addresses.port_id')
    .select([
      'addresses.id',
      'addresses.address',
      'addresses.purpose',
      'addresses.device_id',
      'devices.name as device',
      'ports.name as port',
    ])
    .where('addresses.id', 'in', ids)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.address,
    detail:
      row.device === null
        ? (row.purpose ?? '')
        : [row.device, row.port].filter((part) => part !== null).join(' '),
    path: row.device_id === null ? `/inventory/address?open=${row.id}` : `/devices/${row.device_id}`,
  }));
}

const plain = {
  vlan: { table: 'vlans', name: sql<string>`vid || ' ' || name`, detail: 'purpose' },
  prefix: { table: 'prefixes', name: sql<string>`cidr`, detail: 'purpose' },
  service: { table: 'services', name: sql<string>`name`, detail: 'person_in_charge' },
  contract: { table: 'contracts', name: sql<string>`name`, detail: 'supplier' },
  'spare-part': { table: 'spare_parts', name: sql<string>`name`, detail: 'place' },
} as const;

/** Kinds with a page of their own; the others open in their list. */
const pages: Partial<Readonly<Record<keyof typeof plain, (id: number) => string>>> = {
  service: (id) => `/services/${id}`,
  prefix: (id) => `/network/${id}`,
};

async function others(db: Database, kind: keyof typeof plain, ids: readonly number[]): Promise<Shown[]> {
  const { table, name, detail } = plain[kind];
  const { rows } = await sql<{ id: number; name: string; detail: string | null }>`
    select id, ${name} as name, ${sql.ref(detail)} as detail from ${sql.table(table)}
    where id in (${sql.join([...ids])})`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    detail: row.detail ?? '',
    path: pages[kind]?.(row.id) ?? `/inventory/${kind}?open=${row.id}`,
  }));
}
