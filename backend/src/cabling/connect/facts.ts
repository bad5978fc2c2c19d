import { DeviceTypeFile, portsOfType } from '@rackhaus/config/device-types';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { FitPort, Shape } from './compatible.ts';
import type { LabelEnd } from './labels.ts';
import { type Spot, speedOfType } from './rules.ts';

/** All that connecting asks of a port. */
export interface PortFacts {
  readonly id: number;
  readonly fit: FitPort;
  readonly deviceId: number | null;
  readonly outletId: number | null;
  readonly lanes: number;
  readonly spot: Spot;
  readonly label: LabelEnd;
  /** Of an interface, by its type; null where that is not known. */
  readonly speedGbps: number | null;
}

interface TypePortFacts {
  readonly shape: Shape;
  readonly speedGbps: number | null;
}

/**
 * Facts of ports by id, in a few queries however many they are. `shapes`: whether connectors and speeds are wanted, for which the types
 * of their devices are read.
 */
export async function portFacts(
  db: Database,
  ids: Iterable<number>,
  options: { readonly shapes: boolean },
): Promise<Map<number, PortFacts>> {
  const rows: Awaited<ReturnType<typeof portRows>> = [];
  for (const part of chunked([...new Set(ids)])) rows.push(...(await portRows(db, part)));
  const types = options.shapes
    ? await typeFacts(db, new Set(rows.flatMap((row) => (row.type_id === null ? [] : [row.type_id]))))
    : new Map<number, ReadonlyMap<string, TypePortFacts>>();
  const indexes = await rackIndexes(db, new Set(rows.map((row) => row.room_id).filter((id) => id !== null)));
  const facts = new Map<number, PortFacts>();
  for (const row of rows) {
    const type = types.get(row.type_id ?? 0)?.get(row.name);
    facts.set(row.id, {
      id: row.id,
      fit: {
        name: `${row.device ?? row.outlet ?? ''} ${row.name}`,
        kind: row.kind,
        twoSided: row.two_sided === 1,
        // Outlets are what is in the wall: RJ45.
        shape: row.outlet_id === null ? (type?.shape ?? null) : 'rj45',
      },
      deviceId: row.device_id,
      outletId: row.outlet_id,
      lanes: row.lanes,
      spot: {
        roomId: row.room_id,
        rackId: row.rack_id,
        rackIndex: indexes.get(row.rack_id ?? 0) ?? null,
        position: row.position,
      },
      label: {
        site: row.site ?? '',
        room: row.room_number ?? row.room ?? '',
        rack: row.rack ?? row.device ?? row.outlet ?? '',
        unit: row.position === null ? '' : String(Math.floor(row.position)),
        port: row.name,
      },
      speedGbps: type?.speedGbps ?? null,
    });
  }
  return facts;
}

function portRows(db: Database, ids: readonly number[]) {
  return db
    .selectFrom('ports')
    .leftJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('outlets', 'outlets.id', 'ports.outlet_id')
    .leftJoin('racks', 'racks.id', 'devices.rack_id')
    .leftJoin('rooms', (join) =>
      join.on((e) => e('rooms.id', '=', e.fn.coalesce('devices.room_id', 'outlets.room_id'))),
    )
    .leftJoin('sites', 'sites.id', 'rooms.site_id')
    .select([
      'ports.id',
      'ports.name',
      'ports.kind',
      'ports.two_sided',
      'ports.lanes',
      'ports.device_id',
      'ports.outlet_id',
      'devices.name as device',
      'devices.type_id',
      'devices.position',
      'devices.rack_id',
      'outlets.name as outlet',
      'racks.name as rack',
      'rooms.id as room_id',
      'rooms.name as room',
      'rooms.number as room_number',
      'sites.name as site',
    ])
    .where('ports.id', 'in', [...ids])
    .execute();
}

async function typeFacts(
  db: Database,
  ids: ReadonlySet<number>,
): Promise<Map<number, ReadonlyMap<string, TypePortFacts>>> {
  const types = new Map<number, ReadonlyMap<string, TypePortFacts>>();
  for (const part of chunked([...ids])) {
    const rows = await db
      .selectFrom('device_types')
      .select(['id', 'definition'])
      .where('id', 'in', part)
      .execute();
    for (const { id, definition } of rows) {
      const file = DeviceTypeFile.parse(JSON.parse(definition));
      const speeds = new Map(file.interfaces.map((port) => [port.name, speedOfType(port.type)]));
      types.set(
        id,
        new Map(
          portsOfType(file).map(({ name, shape }) => [name, { shape, speedGbps: speeds.get(name) ?? null }]),
        ),
      );
    }
  }
  return types;
}

/** Where racks stand in the row of their room, as people have ordered them. */
async function rackIndexes(db: Database, roomIds: ReadonlySet<number>): Promise<Map<number, number>> {
  const indexes = new Map<number, number>();
  for (const part of chunked([...roomIds])) {
    const rows = await db
      .selectFrom('racks')
      .select(['id', 'room_id'])
      .where('room_id', 'in', part)
      .orderBy('rank')
      .orderBy('id')
      .execute();
    for (const racks of Map.groupBy(rows, (row) => row.room_id).values())
      for (const [index, { id }] of racks.entries()) indexes.set(id, index);
  }
  return indexes;
}
