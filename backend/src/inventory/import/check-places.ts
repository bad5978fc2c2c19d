import type { InventoryFile } from '@rackhaus/config/inventory-file';
import type { Existing } from './existing.ts';
import type { Problems } from './problems.ts';

/** Rooms by `<site>/<room>`, each with its racks' heights by name: what the file says on top of what exists. */
export type Places = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Checks that names are unique where they must be, and returns the places that the rest may refer to. */
export function checkPlaces(file: InventoryFile, existing: Existing, problems: Problems): Places {
  const places = existingPlaces(existing);
  const sites = new Once(problems, 'site');
  for (const site of file.sites) {
    const at = `sites.${site.name}`;
    sites.check(at, site.name);
    const rooms = new Once(problems, `room of ${site.name}`);
    const buildings = new Once(problems, `building of ${site.name}`);
    for (const building of site.buildings) {
      buildings.check(`${at}.buildings.${building.name}`, building.name);
      const floors = new Once(problems, `floor of ${building.name}`);
      for (const floor of building.floors) {
        floors.check(`${at}.buildings.${building.name}.floors.${floor.name}`, floor.name);
        for (const room of floor.rooms) {
          const path = `${at}.rooms.${room.name}`;
          rooms.check(path, room.name);
          if (room.name.includes('/') || site.name.includes('/'))
            problems.add(path, room.name, 'The names of sites and rooms must not contain "/".');
          const key = `${site.name}/${room.name}`;
          const racks = new Map(places.get(key));
          const names = new Once(problems, `rack of ${room.name}`);
          for (const rack of room.racks) {
            names.check(`${path}.racks.${rack.name}`, rack.name);
            racks.set(rack.name, rack.height);
          }
          places.set(key, racks);
        }
      }
    }
  }
  return places;
}

/** Refuses the second of a name. */
export class Once {
  readonly #seen = new Set<string>();
  readonly #problems: Problems;
  readonly #what: string;

  constructor(problems: Problems, what: string) {
    this.#problems = problems;
    this.#what = what;
  }

  check(path: string, name: string): void {
    if (this.#seen.has(name))
      this.#problems.add(
        path,
        name,
        `There is more than one ${this.#what} of this name. Each needs its own.`,
      );
    this.#seen.add(name);
  }
}

function existingPlaces(existing: Existing): Map<string, ReadonlyMap<string, number>> {
  const siteNames = new Map([...existing.sites.values()].map((site) => [site.id, site.name]));
  const places = new Map<string, Map<string, number>>();
  const byRoom = new Map<number, Map<string, number>>();
  for (const room of existing.rooms.values()) {
    const racks = new Map<string, number>();
    byRoom.set(room.id, racks);
    places.set(`${siteNames.get(room.site_id)}/${room.name}`, racks);
  }
  for (const rack of existing.racks.values()) byRoom.get(rack.room_id)?.set(rack.name, rack.height_u);
  return new Map(places);
}
