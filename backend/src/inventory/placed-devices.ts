import type { DeviceRole, PlacedDevice, PortView } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';

/** A device with what its drawing and its place need. */
export interface PlacedRow {
  readonly device: PlacedDevice;
  readonly roomId: number | null;
  readonly typeId: number;
  readonly uHeight: number;
  readonly fullDepth: boolean;
  readonly serial: string | null;
}

type Where = { readonly room: number } | { readonly rack: number } | { readonly device: number };

/** Devices of a room, a rack, or one, with their ports in the order of the type; from the top of the rack downwards. */
export async function placedDevices(db: Database, where: Where): Promise<PlacedRow[]> {
  const [column, id] =
    'room' in where
      ? (['devices.room_id', where.room] as const)
      : 'rack' in where
        ? (['devices.rack_id', where.rack] as const)
        : (['devices.id', where.device] as const);
  const rows = await db
    .selectFrom('devices')
    .innerJoin('device_types', 'device_types.id', 'devices.type_id')
    .leftJoin('device_monitoring', 'device_monitoring.device_id', 'devices.id')
    .select([
      'devices.id',
      'devices.name',
      'devices.type_id',
      'devices.role',
      'devices.room_id',
      'devices.rack_id',
      'devices.position',
      'devices.face',
      'devices.side',
      'devices.serial',
      'device_types.u_height',
      'device_types.full_depth',
      'device_monitoring.address',
    ])
    .select((query) =>
      query
        .exists(
          query
            .selectFrom('feed_sources')
            .select('feed_sources.id')
            .whereRef('feed_sources.device_id', '=', 'devices.id'),
        )
        .as('fed'),
    )
    .select((query) =>
      query
        .exists(
          query
            .selectFrom('checks')
            .select('checks.id')
            .where('checks.active', '=', 1)
            .whereRef('checks.device_id', '=', 'devices.id'),
        )
        .as('checked'),
    )
    .where(column, '=', id)
    .orderBy('devices.position', 'desc')
    .orderBy('devices.name')
    .execute();
  const ports = await portViews(db, column, id);
  return rows.map((row) => ({
    device: {
      id: row.id,
      name: row.name,
      typeId: row.type_id,
      role: row.role satisfies DeviceRole,
      monitored: row.address !== null || Boolean(row.fed) || Boolean(row.checked),
      rackId: row.rack_id,
      position: row.position,
      face: row.face,
      side: row.side,
      ports: ports.get(row.id) ?? [],
    },
    roomId: row.room_id,
    typeId: row.type_id,
    uHeight: row.u_height,
    fullDepth: row.full_depth === 1,
    serial: row.serial,
  }));
}

async function portViews(
  db: Database,
  column: 'devices.room_id' | 'devices.rack_id' | 'devices.id',
  id: number,
): Promise<Map<number, PortView[]>> {
  const rows = await db
    .selectFrom('ports')
    .innerJoin('devices', 'devices.id', 'ports.device_id')
    .leftJoin('link_ends', (join) =>
      // The cord in front: what is installed behind a jack does not occupy it.
      join.onRef('link_ends.port_id', '=', 'ports.id').on('link_ends.port_side', '=', 'front'),
    )
    .select(['ports.id', 'devices.id as device_id', 'ports.name', 'ports.kind', 'link_ends.link_id'])
    .where(column, '=', id)
    .orderBy('ports.device_id')
    .orderBy('ports.rank')
    .execute();
  const ports = new Map<number, PortView[]>();
  for (const row of rows) {
    const own = ports.get(row.device_id) ?? [];
    own.push({ id: row.id, name: row.name, kind: row.kind, occupied: row.link_id !== null });
    ports.set(row.device_id, own);
  }
  return ports;
}
