import type { DeviceTypeView, RoomEditing, ShelfDevice } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { AppError } from '../../problem.ts';
import { searchKey } from '../search-key.ts';
import type { TypeViews } from '../type-views.ts';

/** So many of the shelf are sent at once; who looks for another one types a part of its name. */
const shelfLimit = 200;

/**
 * What moving things in a room needs beside its drawing: limits of the racks, versions, weights, and what is on the shelf.
 * @param q a part of the name of what is wanted from the shelf; empty: everything
 * @throws AppError not-found
 */
export async function roomEditing(
  db: Database,
  types: TypeViews,
  roomId: number,
  q: string,
): Promise<RoomEditing> {
  return db.transaction().execute(async (tx) => {
    const room = await tx.selectFrom('rooms').select('id').where('id', '=', roomId).executeTakeFirst();
    if (room === undefined) throw new AppError('not-found', 'There is no such room.');
    const racks = await tx
      .selectFrom('racks')
      .select(['id', 'version', 'max_weight_kg', 'max_power_w'])
      .where('room_id', '=', roomId)
      .orderBy('rank')
      .orderBy('name')
      .execute();
    const placed = await tx
      .selectFrom('devices')
      .select(['id', 'version', 'type_id'])
      .where('room_id', '=', roomId)
      .execute();
    const shelf = await onShelf(tx, roomId, q);
    const shelfTypes = new Set(shelf.rows.map((row) => row.type_id));
    const typeRows = await typesOf(tx, [...new Set([...placed.map((row) => row.type_id), ...shelfTypes])]);
    return {
      racks: racks.map((rack) => ({
        id: rack.id,
        version: rack.version,
        maxWeightKg: rack.max_weight_kg,
        maxPowerW: rack.max_power_w,
      })),
      versions: Object.fromEntries([...placed, ...shelf.rows].map(({ id, version }) => [id, version])),
      shelf: shelf.rows.map(shelfDevice),
      shelfTotal: shelf.total,
      loads: typeRows.map((row) => ({ id: row.id, weightKg: row.weight_kg, powerW: row.power_w })),
      types: typeRows.filter((row) => shelfTypes.has(row.id)).map((row): DeviceTypeView => types.of(row)),
    };
  });
}

/** What is in no rack: in no room, or in this one. */
async function onShelf(db: Database, roomId: number, q: string) {
  const key = searchKey(q);
  const base = db
    .selectFrom('devices')
    .where('rack_id', 'is', null)
    .where((is) => is.or([is('room_id', 'is', null), is('room_id', '=', roomId)]))
    .where('status', '!=', 'removed')
    // `\` is no escape in SQLite unless it is said, so what would be a wildcard is looked for as any letter.
    .$if(key !== '', (query) => query.where('search_key', 'like', `%${key.replaceAll('%', '_')}%`));
  const { total } = await base.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await base
    .leftJoin('device_monitoring', 'device_monitoring.device_id', 'devices.id')
    .select([
      'devices.id',
      'devices.version',
      'devices.name',
      'devices.type_id',
      'devices.role',
      'devices.status',
      'devices.room_id',
      'devices.face',
      'devices.side',
      'device_monitoring.address',
    ])
    .orderBy((is) => is.case().when('room_id', 'is', null).then(1).else(0).end())
    .orderBy('devices.name')
    .limit(shelfLimit)
    .execute();
  return { total: Number(total), rows };
}

type ShelfRow = Awaited<ReturnType<typeof onShelf>>['rows'][number];

function shelfDevice(row: ShelfRow): ShelfDevice {
  return {
    device: {
      id: row.id,
      name: row.name,
      typeId: row.type_id,
      role: row.role,
      monitored: row.address !== null,
      rackId: null,
      position: null,
      face: row.face,
      side: row.side,
    },
    status: row.status,
    roomId: row.room_id,
  };
}

async function typesOf(db: Database, ids: readonly number[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('device_types')
    .select(['id', 'definition', 'weight_kg', 'power_w'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
}
