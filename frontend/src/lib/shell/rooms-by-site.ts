import type { Structure } from '@rackhaus/config/contract';

export interface SiteRooms {
  readonly id: number;
  readonly name: string;
  readonly rooms: readonly {
    readonly id: number;
    readonly name: string;
    /** Building and floor, for lists where the site alone is not enough. */
    readonly place: string;
    readonly racks: readonly { readonly id: number; readonly name: string }[];
    readonly devices: number;
  }[];
}

export type SiteRoom = SiteRooms['rooms'][number];

/** Rooms with racks, and those that only hold an access point or a sensor; a site that has no racks at all lists all its rooms as the first kind. */
export function roomsByWeight(rooms: readonly SiteRoom[]): { racked: SiteRoom[]; others: SiteRoom[] } {
  const racked = rooms.filter((room) => room.racks.length > 0);
  if (racked.length === 0) return { racked: [...rooms], others: [] };
  return { racked, others: rooms.filter((room) => room.racks.length === 0) };
}

/** The rooms of each site in the order of the documentation; a site without rooms is left out. */
export function roomsBySite(structure: Structure): SiteRooms[] {
  return structure.sites
    .map((site) => ({
      id: site.id,
      name: site.name,
      rooms: site.buildings.flatMap((building) =>
        building.floors.flatMap((floor) =>
          floor.rooms.map((room) => ({
            id: room.id,
            name: room.name,
            place: building.name === site.name ? floor.name : `${building.name}, ${floor.name}`,
            racks: room.racks,
            devices: room.devices,
          })),
        ),
      ),
    }))
    .filter((site) => site.rooms.length > 0);
}

/** The room that a rack stands in; null when there is no such rack. */
export function roomOfRack(structure: Structure, rackId: number): number | null {
  for (const site of roomsBySite(structure))
    for (const room of site.rooms) if (room.racks.some((rack) => rack.id === rackId)) return room.id;
  return null;
}

/** The name of a rack; null when there is no such rack. */
export function nameOfRack(structure: Structure, rackId: number): string | null {
  for (const site of roomsBySite(structure))
    for (const room of site.rooms) for (const rack of room.racks) if (rack.id === rackId) return rack.name;
  return null;
}
