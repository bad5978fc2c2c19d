import type { SearchReply } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { placeText } from './placement.ts';
import { portPaths } from './port-paths.ts';
import { portPlaces } from './port-places.ts';
import { searchKey } from './search-key.ts';

const limit = 20;
/** How many owners of a port are looked at: "acc 1/1/5" may mean the ports of many switches. */
const ownerLimit = 50;

type Result = SearchReply['results'][number];
type Found = Result & { readonly key: string };

/**
 * Devices, racks, rooms, outlets, links by label, and ports by `<device> <port>`, `<device>:<port>` or their name, best
 * first: equal, then beginning with it, then containing it.
 */
export async function search(db: Database, query: string): Promise<SearchReply> {
  const wanted = searchKey(query);
  if (wanted === '') return { results: [] };
  const found = await db
    .transaction()
    .execute(async (tx) => [
      ...(await devices(tx, wanted)),
      ...(await outlets(tx, wanted)),
      ...(await rooms(tx, wanted)),
      ...(await racks(tx, wanted)),
      ...(await links(tx, wanted)),
      ...(await ports(tx, wanted)),
    ]);
  const kinds: readonly Result['kind'][] = ['device', 'room', 'rack', 'outlet', 'port', 'link'];
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

/** `column like '%wanted%'`, with what has a meaning in a pattern taken literally; the best matches first. */
function containing(column: string, wanted: string) {
  const literal = wanted.replace(/[\\%_]/g, (sign) => `\\${sign}`);
  return {
    where: sql<boolean>`${sql.ref(column)} like ${`%${literal}%`} escape '\\'`,
    order: sql`case when ${sql.ref(column)} = ${wanted} then 0 when ${sql.ref(column)} like ${`${literal}%`} escape '\\' then 1 else 2 end, length(${sql.ref(column)}), ${sql.ref(column)}`,
  };
}

async function devices(db: Database, wanted: string): Promise<Found[]> {
  const { where, order } = containing('devices.search_key', wanted);
  const rows = await db
    .selectFrom('devices')
    .innerJoin('device_types', 'device_types.id', 'devices.type_id')
    .innerJoin('rooms', 'rooms.id', 'devices.room_id')
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
    detail: `${row.model} · ${placeText({ ...row, uHeight: row.u_height })}`,
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

async function ports(db: Database, wanted: string): Promise<Found[]> {
  const ids = new Set<number>();
  for (const [owner, port] of splits(wanted))
    for (const id of await portsOfOwners(db, owner, port)) ids.add(id);
  if (ids.size < limit)
    for (const { id } of await db
      .selectFrom('ports')
      .select('id')
      .where('search_key', '>=', wanted)
      // The last character there is: a range of the index instead of a pattern.
      .where('search_key', '<', `${wanted}\u{10ffff}`)
      .orderBy('search_key')
      .limit(limit)
      .execute())
      ids.add(id);
  const shown = [...ids].slice(0, 2 * limit);
  const places = await portPlaces(db, shown);
  const paths = await portPaths(db, shown);
  return [...places.values()].map((port) => ({
    kind: 'port',
    id: port.id,
    name: `${port.owner.name} ${port.name}`,
    detail: port.place,
    path: paths.get(port.id) ?? '/rooms',
    key: portKey(searchKey(port.owner.name), searchKey(port.name), wanted),
  }));
}

/** Where a query may be cut into an owner and a port: "core 1 1/1/5", "a:07", "a-07". */
function splits(wanted: string): [owner: string, port: string][] {
  const cuts: [string, string][] = [];
  for (const match of wanted.matchAll(/[ :-]+/g)) {
    const owner = wanted.slice(0, match.index);
    const port = wanted.slice(match.index + match[0].length);
    if (owner !== '' && port !== '') cuts.push([owner, port]);
  }
  return cuts.toReversed().slice(0, 4);
}

/** What ranks a port: the query itself when it means exactly this port, however it was written. */
function portKey(owner: string, port: string, wanted: string): string {
  const cuts = splits(wanted);
  if (cuts.some(([o, p]) => o === owner && spellings(p).includes(port))) return wanted;
  const begins = cuts.some(
    ([o, p]) => owner.startsWith(o) && spellings(p).some((name) => port.startsWith(name)),
  );
  return begins ? `${wanted} ${owner} ${port}` : `${owner} ${port}`;
}

/** People write 07 where the panel says 7. */
function spellings(port: string): string[] {
  return [...new Set([port, port.replace(/^0+(?=\d)/, '')])];
}

async function portsOfOwners(db: Database, owner: string, port: string): Promise<number[]> {
  const ids: number[] = [];
  const names = spellings(port);
  for (const table of ['devices', 'outlets'] as const) {
    const { where, order } = containing(`${table}.search_key`, owner);
    const owners = await db
      .selectFrom(table)
      .select('id')
      .where(where)
      .orderBy(order)
      .limit(ownerLimit)
      .execute();
    if (owners.length === 0) continue;
    const rows = await db
      .selectFrom('ports')
      .select('id')
      .where(
        table === 'devices' ? 'device_id' : 'outlet_id',
        'in',
        owners.map(({ id }) => id),
      )
      .where((e) =>
        e.or(
          names.map((name) =>
            e.and([e('search_key', '>=', name), e('search_key', '<', `${name}\u{10ffff}`)]),
          ),
        ),
      )
      .orderBy('search_key')
      .limit(limit)
      .execute();
    for (const { id } of rows) ids.push(id);
  }
  return ids;
}
