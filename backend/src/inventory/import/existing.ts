import type { DeviceRole } from '@rackhaus/config/contract';
import type { Selectable } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { InventoryTables } from '../tables.ts';

/** How many values one `in (…)` may have: SQLite and PostgreSQL both take far more. */

export interface ExistingPort {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly kind: InventoryTables['ports']['kind'];
  readonly rank: number;
  readonly twoSided: boolean;
  readonly lanes: number;
  readonly rearPortId: number | null;
  readonly rearLane: number | null;
}

export interface ExistingLink {
  readonly id: number;
  readonly kind: InventoryTables['links']['kind'];
  readonly label: string;
  readonly color: string | null;
  readonly lengthM: number | null;
  /** Keys of both ends, see {@link endKey}. */
  readonly a: string;
  readonly b: string;
}

/** What the database holds, by the names that a file uses, as far as an import needs it. */
export interface Existing {
  readonly sites: ReadonlyMap<string, { id: number; name: string; rank: number }>;
  /** By `<site id>/<name>`. */
  readonly buildings: ReadonlyMap<string, { id: number; site_id: number; name: string; rank: number }>;
  readonly floors: ReadonlyMap<string, { id: number; building_id: number; name: string; rank: number }>;
  readonly rooms: ReadonlyMap<
    string,
    { id: number; floor_id: number; site_id: number; name: string; search_key: string; rank: number }
  >;
  readonly racks: ReadonlyMap<
    string,
    {
      id: number;
      room_id: number;
      name: string;
      search_key: string;
      purpose: string;
      height_u: number;
      rank: number;
    }
  >;
  readonly types: ReadonlyMap<string, { id: number; definition: string }>;
  readonly devices: ReadonlyMap<string, ExistingDevice>;
  readonly outlets: ReadonlyMap<string, { id: number; name: string; room_id: number; jacks: number }>;
  readonly credentials: ReadonlyMap<string, { id: number; sealed: string }>;
  readonly monitoring: ReadonlyMap<number, Selectable<InventoryTables['device_monitoring']>>;
  readonly services: ReadonlyMap<string, Selectable<InventoryTables['services']>>;
  /** Which service needs which, by their names. */
  readonly needs: readonly { readonly service: string; readonly needs: string }[];
  /** Names of contracts, and numbers of VLANs that are for all sites. */
  readonly contracts: readonly string[];
  readonly vids: readonly number[];
  /** Owner's name to its ports by name. */
  readonly ports: ReadonlyMap<string, ReadonlyMap<string, ExistingPort>>;
  /** Key of an end to the link that is plugged in there. */
  readonly links: ReadonlyMap<string, ExistingLink>;
}

export interface ExistingDevice {
  readonly id: number;
  readonly name: string;
  readonly type_id: number;
  readonly slug: string;
  readonly role: DeviceRole;
  readonly room_id: number | null;
  readonly rack_id: number | null;
  readonly position: number | null;
  readonly face: 'front' | 'rear';
  readonly side: 'full' | 'left' | 'right';
  readonly serial: string | null;
  readonly u_height: number;
  readonly full_depth: number;
}

/** A side of a port, by names. */
export function endKey(owner: string, port: string, side: 'front' | 'rear'): string {
  return `${owner}:${port}|${side}`;
}

/** Reads what an import compares with. `owners`: devices and outlets whose ports and links matter. */
export async function readExisting(tx: Database, owners: ReadonlySet<string>): Promise<Existing> {
  const devices = await tx
    .selectFrom('devices')
    .innerJoin('device_types', 'device_types.id', 'devices.type_id')
    .selectAll('devices')
    .select(['device_types.slug', 'device_types.u_height', 'device_types.full_depth'])
    .execute();
  const outlets = await tx.selectFrom('outlets').select(['id', 'name', 'room_id', 'jacks']).execute();
  const ports = await readPorts(
    tx,
    devices.filter((d) => owners.has(d.name)),
    outlets.filter((o) => owners.has(o.name)),
  );
  const byId = new Map(ports.map((port) => [port.id, port]));
  const [sites, buildings, floors, rooms, racks, types, credentials, monitoring] = [
    await tx.selectFrom('sites').selectAll().execute(),
    await tx.selectFrom('buildings').selectAll().execute(),
    await tx.selectFrom('floors').selectAll().execute(),
    await tx.selectFrom('rooms').selectAll().execute(),
    await tx.selectFrom('racks').selectAll().execute(),
    await tx.selectFrom('device_types').select(['id', 'slug', 'definition']).execute(),
    await tx.selectFrom('credentials').selectAll().execute(),
    await tx.selectFrom('device_monitoring').selectAll().execute(),
  ];
  const services = await tx.selectFrom('services').selectAll().execute();
  const serviceNames = new Map(services.map((row) => [row.id, row.name]));
  const needs = await tx.selectFrom('service_needs').select(['service_id', 'needs_id']).execute();
  return {
    services: new Map(services.map((row) => [row.name, row])),
    needs: needs.map((row) => ({
      service: serviceNames.get(row.service_id) ?? '',
      needs: serviceNames.get(row.needs_id) ?? '',
    })),
    sites: new Map(sites.map((row) => [row.name, row])),
    buildings: new Map(buildings.map((row) => [`${row.site_id}/${row.name}`, row])),
    floors: new Map(floors.map((row) => [`${row.building_id}/${row.name}`, row])),
    rooms: new Map(rooms.map((row) => [`${row.site_id}/${row.name}`, row])),
    racks: new Map(racks.map((row) => [`${row.room_id}/${row.name}`, row])),
    types: new Map(types.map((row) => [row.slug, row])),
    devices: new Map(devices.map((row) => [row.name, row])),
    outlets: new Map(outlets.map((row) => [row.name, row])),
    credentials: new Map(credentials.map((row) => [row.name, row])),
    monitoring: new Map(monitoring.map((row) => [row.device_id, row])),
    contracts: (await tx.selectFrom('contracts').select('name').execute()).map((row) => row.name),
    vids: (await tx.selectFrom('vlans').select('vid').where('site_id', 'is', null).execute()).map(
      (row) => row.vid,
    ),
    ports: groupByOwner(ports),
    links: await readLinks(tx, byId),
  };
}

async function readPorts(
  tx: Database,
  devices: readonly { id: number; name: string }[],
  outlets: readonly { id: number; name: string }[],
): Promise<ExistingPort[]> {
  const found: ExistingPort[] = [];
  for (const [column, owners] of [
    ['device_id', devices],
    ['outlet_id', outlets],
  ] as const) {
    const names = new Map(owners.map((owner) => [owner.id, owner.name]));
    for (const ids of chunked([...names.keys()])) {
      const rows = await tx.selectFrom('ports').selectAll().where(column, 'in', ids).execute();
      for (const row of rows)
        found.push({
          id: row.id,
          owner: names.get(row[column] ?? 0) ?? '',
          name: row.name,
          kind: row.kind,
          rank: row.rank,
          twoSided: row.two_sided === 1,
          lanes: row.lanes,
          rearPortId: row.rear_port_id,
          rearLane: row.rear_lane,
        });
    }
  }
  return found;
}

/** Links of these ports. The other end may belong to somebody that the file does not name. */
async function readLinks(
  tx: Database,
  ports: ReadonlyMap<number, ExistingPort>,
): Promise<Map<string, ExistingLink>> {
  const links = new Map<string, ExistingLink>();
  for (const ids of chunked([...ports.keys()])) {
    const rows = await tx
      .selectFrom('link_ends as here')
      .innerJoin('links', 'links.id', 'here.link_id')
      .innerJoin('link_ends as there', (join) =>
        join.onRef('there.link_id', '=', 'here.link_id').onRef('there.side', '<>', 'here.side'),
      )
      .innerJoin('ports', 'ports.id', 'there.port_id')
      .leftJoin('devices', 'devices.id', 'ports.device_id')
      .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
      .select([
        'links.id',
        'links.kind',
        'links.label',
        'links.color',
        'links.length_m',
        'here.port_id',
        'here.port_side',
        'there.port_side as far_side',
        'ports.name as far_port',
        'devices.name as far_device',
        'outlets.name as far_outlet',
      ])
      .where('here.port_id', 'in', ids)
      .execute();
    for (const row of rows) {
      const port = ports.get(row.port_id);
      if (port === undefined) continue;
      const a = endKey(port.owner, port.name, row.port_side);
      const b = endKey(row.far_device ?? row.far_outlet ?? '', row.far_port, row.far_side);
      links.set(a, {
        id: row.id,
        kind: row.kind,
        label: row.label,
        color: row.color,
        lengthM: row.length_m,
        a,
        b,
      });
    }
  }
  return links;
}

function groupByOwner(ports: readonly ExistingPort[]): Map<string, Map<string, ExistingPort>> {
  const owners = new Map<string, Map<string, ExistingPort>>();
  for (const port of ports) {
    const own = owners.get(port.owner) ?? new Map<string, ExistingPort>();
    own.set(port.name, port);
    owners.set(port.owner, own);
  }
  return owners;
}
