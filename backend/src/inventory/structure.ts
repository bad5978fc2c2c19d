import type { RecordKind, Structure } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { idsInReach, type Reach } from '../access/scope.ts';
import type { Database } from '../database/tables.ts';

/**
 * The tree of sites, buildings, floors and rooms. Rooms without racks and devices are left out, and what is empty then. `reach`: only of
 * these sites.
 */
export async function structure(
  db: Database,
  reach: Reach | null = null,
  /** Of a kiosk link: only this room. */
  onlyRoom?: number,
): Promise<Structure> {
  return db.transaction().execute(async (tx) => {
    const every = await tx.selectFrom('sites').selectAll().orderBy('rank').orderBy('name').execute();
    const sites = reach === null ? every : every.filter((site) => reach.sites.has(site.id));
    const buildings = await tx.selectFrom('buildings').selectAll().orderBy('rank').orderBy('name').execute();
    const floors = await tx.selectFrom('floors').selectAll().orderBy('rank').orderBy('name').execute();
    const rooms = await roomsInUse(tx);
    const tree = sites.map((site) => ({
      id: site.id,
      name: site.name,
      buildings: buildings
        .filter((building) => building.site_id === site.id)
        .map((building) => ({
          id: building.id,
          name: building.name,
          floors: floors
            .filter((floor) => floor.building_id === building.id)
            .map((floor) => ({
              id: floor.id,
              name: floor.name,
              rooms: (rooms.get(floor.id) ?? []).filter(
                ({ id }) => onlyRoom === undefined || id === onlyRoom,
              ),
            }))
            .filter((floor) => floor.rooms.length > 0),
        }))
        .filter((building) => building.floors.length > 0),
    }));
    return {
      sites: tree.filter((site) => site.buildings.length > 0),
      ...(onlyRoom === undefined
        ? {
            devices: await count(tx, 'devices', 'device', reach),
            ports: await count(tx, 'ports', 'port', reach),
            links: await count(tx, 'links', 'link', reach),
          }
        : {
            devices: tree.flatMap(roomsOf).reduce((sum, room) => sum + room.devices, 0),
            ports: 0,
            links: 0,
          }),
    };
  });
}

function roomsOf(site: Structure['sites'][number]): RoomEntry[] {
  return site.buildings.flatMap(({ floors }) => floors.flatMap(({ rooms }) => rooms));
}

type RoomEntry = { id: number; name: string; racks: { id: number; name: string }[]; devices: number };

async function roomsInUse(db: Database): Promise<Map<number, RoomEntry[]>> {
  const rooms = await db
    .selectFrom('rooms')
    .select(['id', 'name', 'floor_id'])
    .orderBy('rank')
    .orderBy('name')
    .execute();
  const racks = await db
    .selectFrom('racks')
    .select(['id', 'name', 'room_id'])
    .orderBy('rank')
    .orderBy('name')
    .execute();
  const devices = await db
    .selectFrom('devices')
    .select((e) => ['room_id', e.fn.countAll().as('count')])
    .groupBy('room_id')
    .execute();
  const counts = new Map(devices.map((row) => [row.room_id, Number(row.count)]));
  const racksOf = Map.groupBy(racks, (rack) => rack.room_id);
  const floors = new Map<number, RoomEntry[]>();
  for (const room of rooms) {
    const own = (racksOf.get(room.id) ?? []).map(({ id, name }) => ({ id, name }));
    const inRoom = counts.get(room.id) ?? 0;
    if (own.length === 0 && inRoom === 0) continue;
    const list = floors.get(room.floor_id) ?? [];
    list.push({ id: room.id, name: room.name, racks: own, devices: inRoom });
    floors.set(room.floor_id, list);
  }
  return floors;
}

async function count(
  db: Database,
  table: 'devices' | 'ports' | 'links',
  kind: RecordKind,
  reach: Reach | null,
): Promise<number> {
  const row = await db
    .selectFrom(table)
    .$if(reach !== null, (query) =>
      reach === null ? query : query.where(sql<boolean>`id in ${idsInReach(kind, reach)}`),
    )
    .select((e) => e.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
