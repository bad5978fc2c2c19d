import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { Change } from '../../history/change.ts';
import type { Existing } from './existing.ts';
import { type Counts, sameValues, sync, writing } from './sync.ts';

export interface WrittenPlaces {
  /** By `<site>/<room>`: those of the file and those that were there. */
  readonly rooms: ReadonlyMap<string, number>;
  /** By `<room id>/<name>`. */
  readonly racks: ReadonlyMap<string, number>;
}

/** Writes sites, buildings, floors, rooms and racks of a file. */
export async function writePlaces(
  change: Change,
  file: InventoryFile,
  existing: Existing,
  counts: Counts,
): Promise<WrittenPlaces> {
  const sites = await sync({
    wanted: file.sites.map(({ name }, rank) => ({ key: name, values: { name, rank } })),
    existing: (key) => existing.sites.get(key),
    same: sameValues,
    ...writing(change, 'site'),
    counts,
  });
  const allBuildings = file.sites.flatMap((site) =>
    site.buildings.map((building, rank) => ({ building, rank, site_id: sites.get(site.name) ?? 0 })),
  );
  const buildings = await sync({
    wanted: allBuildings.map(({ building: { name }, rank, site_id }) => ({
      key: `${site_id}/${name}`,
      values: { site_id, name, rank },
    })),
    existing: (key) => existing.buildings.get(key),
    same: sameValues,
    ...writing(change, 'building'),
    counts,
  });
  const allFloors = allBuildings.flatMap(({ building, site_id }) =>
    building.floors.map((floor, rank) => ({
      floor,
      rank,
      site_id,
      building_id: buildings.get(`${site_id}/${building.name}`) ?? 0,
    })),
  );
  const floors = await sync({
    wanted: allFloors.map(({ floor: { name }, rank, building_id }) => ({
      key: `${building_id}/${name}`,
      values: { building_id, name, rank },
    })),
    existing: (key) => existing.floors.get(key),
    same: sameValues,
    ...writing(change, 'floor'),
    counts,
  });
  const allRooms = allFloors.flatMap(({ floor, site_id, building_id }) =>
    floor.rooms.map((room, rank) => ({
      room,
      rank,
      site_id,
      floor_id: floors.get(`${building_id}/${floor.name}`) ?? 0,
    })),
  );
  const rooms = await sync({
    wanted: allRooms.map(({ room: { name }, rank, site_id, floor_id }) => ({
      key: `${site_id}/${name}`,
      values: { floor_id, name, rank },
    })),
    existing: (key) => existing.rooms.get(key),
    same: sameValues,
    ...writing(change, 'room'),
    counts,
  });
  const racks = await sync({
    wanted: allRooms.flatMap(({ room, site_id }) =>
      room.racks.map(({ name, purpose, height }, rank) => {
        const room_id = rooms.get(`${site_id}/${room.name}`) ?? 0;
        return {
          key: `${room_id}/${name}`,
          values: {
            room_id,
            name,
            purpose,
            height_u: height,
            rank,
          },
        };
      }),
    ),
    existing: (key) => existing.racks.get(key),
    same: sameValues,
    ...writing(change, 'rack'),
    counts,
  });
  return {
    rooms: roomsByName(existing, sites, rooms),
    racks: new Map([...[...existing.racks].map(([key, rack]) => [key, rack.id] as const), ...racks]),
  };
}

function roomsByName(
  existing: Existing,
  sites: ReadonlyMap<string, number>,
  written: ReadonlyMap<string, number>,
): Map<string, number> {
  const names = new Map([...existing.sites.values()].map((site) => [site.id, site.name]));
  for (const [name, id] of sites) names.set(id, name);
  const ids = new Map([...[...existing.rooms].map(([key, room]) => [key, room.id] as const), ...written]);
  return new Map(
    [...ids].map(([key, id]) => {
      const slash = key.indexOf('/');
      return [`${names.get(Number(key.slice(0, slash)))}/${key.slice(slash + 1)}`, id];
    }),
  );
}
