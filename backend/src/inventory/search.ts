import type { SearchReply } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { placeText } from './placement.ts';
import { portPaths } from './port-paths.ts';
import { portPlaces } from './port-places.ts';
import { searchKey } from './search-key.ts';
import { containing, type Found, limit } from './search-match.ts';
import { searchPorts } from './search-ports.ts';

/**
 * Devices, racks, rooms, outlets, links by label, and ports by `<device> <port>`, `<device>:<port>` or their name, best
 * first: equal, then beginning with it, then containing it.
 */
export async function search(db: Database, query: string): Promise<SearchReply> {
  const wanted = searchKey(query);
  if (wanted === '') return { results: [] };
  const found = await db.transaction().execute(async (tx) => {
    const owners = [...(await devices(tx, wanted)), ...(await outlets(tx, wanted))];
    // "core-1" is a device, not port 1 of "core".
    const isName = owners.some((owner) => owner.key.startsWith(wanted));
    return [
      ...owners,
      ...(await rooms(tx, wanted)),
      ...(await racks(tx, wanted)),
      ...(await links(tx, wanted)),
      ...(await searchPorts(tx, wanted, { dashSeparates: !isName })),
    ];
  });
  const kinds: readonly Found['kind'][] = ['device', 'room', 'rack', 'outlet', 'port', 'link'];
  const rank = (result: Found) => (result.key === wanted ? 0 : result.key.startsWith(wanted) ? 1 : 2);
  return {
    results: found
      .toSorted(
        (a, b) =>
          rank(a) - rank(b) ||
          kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
          a.name.localeCompare(b.name, 'de', { numeric: true }),
      )
      .slice(0, limit)
      .map(({ key: _, ...result }) => result),
  };
}

async function devices(db: Database, wanted: string): Promise<Found[]> {
  const { where, order } = containing('devices.search_key', wanted);
  const rows = await db
    .selectFrom('devices')
    .innerJoin('device_types', 'device_types.id', 'devices.type_id')
    .leftJoin('rooms', 'rooms.id', 'devices.room_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .select([
      'devices.id',
      'devices.name',
      'devices.search_key',
      'devices.position',
      'device_types.u_height',
      'device_types.model',
      'rooms.name as room',
      'racks.name as rack',
    ])
    .where(where)
    .orderBy(order)
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    kind: 'device',
    id: row.id,
    name: row.name,
    detail: [row.model, placeText({ ...row, uHeight: row.u_height })]
      .filter((part) => part !== '')
      .join(' · '),
    path: `/devices/${row.id}`,
    key: row.search_key,
  }));
}

async function outlets(db: Database, wanted: string): Promise<Found[]> {
  const { where, order } = containing('outlets.search_key', wanted);
  const rows = await db
    .selectFrom('outlets')
    .innerJoin('rooms', 'rooms.id', 'outlets.room_id')
    .innerJoin('ports', 'ports.outlet_id', 'outlets.id')
    .select((e) => [
      'outlets.id',
      'outlets.name',
      'outlets.search_key',
      'rooms.id as room_id',
      'rooms.name as room',
      e.fn.min('ports.id').as('port_id'),
    ])
    .where(where)
    .groupBy(['outlets.id', 'outlets.name', 'outlets.search_key', 'rooms.id', 'rooms.name'])
    .orderBy(order)
    .limit(limit)
    .execute();
  const paths = await portPaths(
    db,
    rows.map((row) => row.port_id),
  );
  return rows.map((row) => ({
    kind: 'outlet',
    id: row.id,
    name: row.name,
    detail: row.room,
    path: paths.get(row.port_id) ?? `/rooms/${row.room_id}`,
    key: row.search_key,
  }));
}

async function rooms(db: Database, wanted: string): Promise<Found[]> {
  const { where, order } = containing('rooms.search_key', wanted);
  const rows = await db
    .selectFrom('rooms')
    .innerJoin('floors', 'floors.id', 'rooms.floor_id')
    .innerJoin('sites', 'sites.id', 'rooms.site_id')
    .select(['rooms.id', 'rooms.name', 'rooms.search_key', 'floors.name as floor', 'sites.name as site'])
    .where(where)
    .orderBy(order)
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    kind: 'room',
    id: row.id,
    name: row.name,
    detail: `${row.site}, ${row.floor}`,
    path: `/rooms/${row.id}`,
    key: row.search_key,
  }));
}

async function racks(db: Database, wanted: string): Promise<Found[]> {
  const { where, order } = containing('racks.search_key', wanted);
  const rows = await db
    .selectFrom('racks')
    .innerJoin('rooms', 'rooms.id', 'racks.room_id')
    .select(['racks.id', 'racks.name', 'racks.search_key', 'racks.purpose', 'rooms.name as room'])
    .where(where)
    .orderBy(order)
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    kind: 'rack',
    id: row.id,
    name: row.name,
    detail: row.purpose === '' ? row.room : `${row.purpose} · ${row.room}`,
    path: `/racks/${row.id}`,
    key: row.search_key,
  }));
}

async function links(db: Database, wanted: string): Promise<Found[]> {
  const { where, order } = containing('links.search_key', wanted);
  const rows = await db
    .selectFrom('links')
    .select(['links.id', 'links.label', 'links.search_key'])
    .where(where)
    .orderBy(order)
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const ends = await db
    .selectFrom('link_ends')
    .select(['link_id', 'port_id'])
    .where(
      'link_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('side')
    .execute();
  const portIds = ends.map((end) => end.port_id);
  const places = await portPlaces(db, portIds);
  const paths = await portPaths(db, portIds);
  return rows.map((row) => {
    const own = ends.filter((end) => end.link_id === row.id).map((end) => places.get(end.port_id));
    return {
      kind: 'link',
      id: row.id,
      name: row.label,
      detail: own.map((port) => (port === undefined ? '' : `${port.owner.name} ${port.name}`)).join(' – '),
      path: paths.get(own[0]?.id ?? 0) ?? '/rooms',
      key: row.search_key,
    };
  });
}
