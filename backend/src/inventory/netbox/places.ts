import { type Draft, notesOf } from './draft.ts';
import type { NetboxData } from './shapes.ts';

/** What NetBox leaves open: a floor without a name. */
const unnamed = '–';
const metric = { kg: 1, g: 0.001, lb: 0.45359237, oz: 0.028349523125 } as const;

/**
 * Sites, and their locations as buildings, floors and rooms: the innermost location is the room, the one around it the floor,
 * those around that the building. What stands in no location is in a room with the name of the site.
 */
export class Places {
  readonly #draft: Draft;
  readonly #data: NetboxData;
  readonly #locations: ReadonlyMap<number, NetboxData['locations'][number]>;
  readonly #made = new Map<string, number>();

  constructor(draft: Draft, data: NetboxData) {
    this.#draft = draft;
    this.#data = data;
    this.#locations = new Map(data.locations.map((location) => [location.id, location]));
  }

  /** Sites, every location in which nothing smaller lies, and racks. */
  write(): void {
    for (const site of this.#data.sites)
      this.#draft.add('site', `site/${site.id}`, {
        name: site.name.replaceAll('/', '-'),
        address: site.physical_address?.replaceAll(/\s*\n\s*/g, ', ') ?? null,
        notes: notesOf(site.description, site.comments),
      });
    const outer = new Set(this.#data.locations.map((location) => location.parent?.id));
    for (const location of this.#data.locations)
      if (!outer.has(location.id)) this.roomOf(location.site.id, location.id);
    for (const rack of this.#data.racks) this.#rack(rack);
  }

  /** The room of a location, or of a site alone; made when it is needed. Undefined when the site is not there. */
  roomOf(siteId: number, locationId: number | null): number | undefined {
    const key = `${siteId}/${locationId ?? ''}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const site = this.#data.sites.find((each) => each.id === siteId);
    const siteRecord = this.#draft.idOf(`site/${siteId}`);
    if (site === undefined || siteRecord === undefined) return undefined;
    const path = this.#pathOf(locationId);
    const room = path.at(-1) ?? site.name;
    const floor = path.at(-2) ?? unnamed;
    const building = path.slice(0, -2).join(' / ') || site.name;
    const buildingId = this.#once('building', `${siteId}/${building}`, {
      siteId: siteRecord,
      name: building,
    });
    const floorId = this.#once('floor', `${siteId}/${building}/${floor}`, { buildingId, name: floor });
    // Rooms share their site: the same name twice gets its floor with it.
    const name = this.#freeName(siteId, room.replaceAll('/', '-'), floor);
    const id = this.#draft.add('room', `room/${key}`, {
      floorId,
      name,
      notes: notesOf(locationId === null ? null : this.#locations.get(locationId)?.description),
    });
    this.#made.set(key, id);
    return id;
  }

  readonly #names = new Set<string>();
  #freeName(siteId: number, name: string, floor: string): string {
    for (const candidate of [name, `${name} (${floor})`]) {
      if (this.#names.has(`${siteId}/${candidate}`)) continue;
      this.#names.add(`${siteId}/${candidate}`);
      return candidate;
    }
    let number = 2;
    while (this.#names.has(`${siteId}/${name} (${number})`)) number++;
    this.#names.add(`${siteId}/${name} (${number})`);
    return `${name} (${number})`;
  }

  #once(kind: 'building' | 'floor', key: string, values: Readonly<Record<string, unknown>>): number {
    return this.#draft.idOf(`${kind}/${key}`) ?? this.#draft.add(kind, `${kind}/${key}`, values);
  }

  /** Names from the outermost location inwards. */
  #pathOf(locationId: number | null): string[] {
    const path: string[] = [];
    const seen = new Set<number>();
    for (let id = locationId; id !== null && !seen.has(id); ) {
      seen.add(id);
      const location = this.#locations.get(id);
      if (location === undefined) break;
      path.unshift(location.name);
      id = location.parent?.id ?? null;
    }
    return path;
  }

  readonly #rackNames = new Set<string>();
  #rack(rack: NetboxData['racks'][number]): void {
    const roomId = this.roomOf(rack.site.id, rack.location?.id ?? null);
    if (roomId === undefined) return;
    const heightU = Math.min(60, Math.max(1, Math.round(rack.u_height ?? 42)));
    if (heightU !== rack.u_height)
      this.#draft.remark(
        'rack',
        rack.name,
        `has ${rack.u_height ?? 'no'} rack units in NetBox; ${heightU} are taken`,
      );
    let name = rack.name;
    // NetBox lets racks of different groups share a name.
    for (let number = 2; this.#rackNames.has(`${roomId}/${name}`); number++)
      name = `${rack.name} (${number})`;
    this.#rackNames.add(`${roomId}/${name}`);
    const unit = rack.weight_unit;
    const kilograms = rack.max_weight === null ? null : rack.max_weight * (isWeight(unit) ? metric[unit] : 1);
    this.#draft.add('rack', `rack/${rack.id}`, {
      roomId,
      name,
      purpose: rack.role?.name ?? null,
      heightU,
      depthMm: within(rack.mounting_depth, 100, 2000),
      maxWeightKg: within(kilograms, 1, 10_000),
      serial: rack.serial,
      assetTag: rack.asset_tag,
      notes: notesOf(rack.description, rack.comments),
    });
  }
}

function isWeight(unit: string | null): unit is keyof typeof metric {
  return unit !== null && Object.hasOwn(metric, unit);
}

function within(value: number | null, least: number, most: number): number | null {
  return value === null || value < least || value > most ? null : Math.round(value);
}
