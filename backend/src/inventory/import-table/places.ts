import type { ImportOptions } from '@rackhaus/config/contract';
import { searchKey } from '../search-key.ts';
import type { Draft } from './draft.ts';
import { sameFloor } from './floor-key.ts';
import type { Known } from './known.ts';
import type { Row } from './row.ts';

interface Named {
  readonly id: number;
  readonly name: string;
}
interface Room extends Named {
  readonly number: string | null;
  readonly siteId: number;
  readonly floorId: number;
}
interface Rack extends Named {
  readonly roomId: number;
  heightU: number;
  /** Those that are made grow with what is put into them. */
  readonly isNew: boolean;
}

/** What a row says of a place. */
interface Said {
  readonly site: string;
  readonly building: string;
  readonly floor: string;
  readonly room: string;
  readonly rack: string;
}

export interface Place {
  readonly roomId: number;
  readonly rack: Rack | null;
}

const same = (a: string, b: string) => a === b || searchKey(a) === searchKey(b);

/** Finds the places that rows name, and drafts those that are missing. */
export class Places {
  readonly #options: ImportOptions;
  readonly #draft: Draft;
  readonly #sites: Map<number, Named>;
  readonly #buildings: Map<number, Named & { readonly siteId: number }>;
  readonly #floors: Map<number, Named & { readonly buildingId: number }>;
  readonly #rooms: Map<string, Room[]> = new Map();
  readonly #roomsById = new Map<number, Room>();
  readonly #racks: Map<string, Rack[]> = new Map();
  readonly #racksById = new Map<number, Rack>();
  readonly #called = new Map<string, ReadonlySet<number>>();
  /** Rooms that rows have named. */
  readonly mentioned = new Set<number>();

  constructor(options: { known: Known; draft: Draft; options: ImportOptions }) {
    const { known } = options;
    this.#options = options.options;
    this.#draft = options.draft;
    this.#sites = new Map(known.sites.map(({ id, name }) => [id, { id, name }]));
    this.#buildings = new Map(
      known.buildings.map(({ id, name, site_id }) => [id, { id, name, siteId: site_id }]),
    );
    this.#floors = new Map(
      known.floors.map(({ id, name, building_id }) => [id, { id, name, buildingId: building_id }]),
    );
    for (const { id, name, number, site_id, floor_id } of known.rooms)
      this.#addRoom({ id, name, number, siteId: site_id, floorId: floor_id });
    for (const { id, name, room_id, height_u } of known.racks)
      this.#addRack({ id, name, roomId: room_id, heightU: height_u, isNew: false });
  }

  /** What columns of a row say of its place; "Rathaus / EG / Serverraum" says several at once. */
  said(row: Row): Said {
    const path = row
      .text('place')
      .split(/\s*[/>\\»]\s*/)
      .filter((part) => part !== '');
    const [one = '', two = '', three = '', four = '', five = ''] = path;
    const byPath = (
      [
        { site: '', building: '', floor: '', room: '', rack: '' },
        { site: '', building: '', floor: '', room: one, rack: '' },
        { site: one, building: '', floor: '', room: two, rack: '' },
        { site: one, building: '', floor: two, room: three, rack: '' },
        { site: one, building: two, floor: three, room: four, rack: '' },
        { site: one, building: two, floor: three, room: four, rack: five },
      ] as const
    )[Math.min(path.length, 5)] ?? { site: '', building: '', floor: '', room: '', rack: '' };
    return {
      site: row.text('site') || byPath.site,
      building: row.text('building') || byPath.building,
      floor: row.text('floor') || byPath.floor,
      room: row.text('room') || byPath.room,
      rack: row.text('rack') || byPath.rack,
    };
  }

  /**
   * The place of a row; undefined when it says none; null when what it says cannot be understood, which is said
   * to the row.
   * @param current the room in which it is documented: of several that are called the same, that one is meant
   */
  of(row: Row, current: number | null = null): Place | undefined | null {
    const said = this.said(row);
    if (said.rack !== '' && said.room === '') {
      const found = this.#findRack(row, said, current);
      if (found !== undefined) return found;
    }
    const room = said.room === '' && said.rack !== '' ? this.#options.room : said.room;
    if (room === '') {
      if (said.rack === '') return undefined;
      row.refuse('rack', 'room-unknown');
      return null;
    }
    const roomId = this.room(row, { ...said, room }, current);
    if (roomId === null) return null;
    return { roomId, rack: said.rack === '' ? null : this.rack(roomId, said.rack) };
  }

  #findRack(row: Row, said: Said, current: number | null): Place | null | undefined {
    const sites = this.#sitesCalled(said.site);
    const racks = (this.#racks.get(searchKey(said.rack)) ?? []).filter(
      (rack) => said.site === '' || sites.has(this.#roomsById.get(rack.roomId)?.siteId ?? 0),
    );
    const here = racks.filter((rack) => rack.roomId === current);
    const [only, other] = here.length > 0 ? here : racks;
    if (only === undefined) return undefined;
    if (other === undefined) {
      this.mentioned.add(only.roomId);
      return { roomId: only.roomId, rack: only };
    }
    const names = racks.map((rack) => this.roomName(rack.roomId)).join(', ');
    row.refuse('rack', 'rack-ambiguous', { rooms: names });
    return null;
  }

  /** The room, found or drafted; null when it cannot be told which one is meant. */
  room(row: Row, said: Omit<Said, 'rack'>, current: number | null = null): number | null {
    const sites = this.#sitesCalled(said.site);
    const named = (this.#rooms.get(searchKey(said.room)) ?? []).filter(
      (room) =>
        (said.site === '' || sites.has(room.siteId)) &&
        (said.building === '' || same(this.#buildingOf(room)?.name ?? '', said.building)),
    );
    // Floors have many names: another one says less than the same name of a room in the same building.
    const onFloor = named.filter((room) => sameFloor(this.#floorOf(room)?.name ?? '', said.floor));
    const candidates = onFloor.length > 0 ? onFloor : named;
    const usual = this.#sitesCalled(this.#options.site);
    const preferred = candidates.filter((room) => usual.has(room.siteId));
    const here = candidates.filter((room) => room.id === current);
    const likely = said.site === '' && preferred.length > 0 ? preferred : candidates;
    const [only, other] = here.length > 0 ? here : likely;
    if (only !== undefined && other === undefined) {
      this.mentioned.add(only.id);
      return only.id;
    }
    if (other !== undefined) {
      const names = candidates.map((room) => this.roomName(room.id)).join(', ');
      row.refuse('room', 'room-ambiguous', { rooms: names });
      return null;
    }
    const siteId = this.site(said.site || this.#options.site);
    if (siteId === null) {
      row.refuse('room', 'site-unknown');
      return null;
    }
    return this.#draftRoom(siteId, said);
  }

  /** Made where the list or the options say. Rooms of a site have different names: the second "101" says its building too. */
  #draftRoom(siteId: number, said: Omit<Said, 'rack'>): number {
    const floorId = this.floor(siteId, said.building, said.floor);
    const taken = (this.#rooms.get(searchKey(said.room)) ?? []).some((room) => room.siteId === siteId);
    const where = said.building || said.floor;
    const name = taken && where !== '' ? `${said.room} (${where})` : said.room;
    const number = name === said.room ? null : said.room;
    const values = { floorId, name: name.replaceAll('/', '-'), number, rank: this.#roomsById.size };
    const id = this.#draft.create('room', values, name, null);
    this.#addRoom({ id, name: values.name, number: number ?? said.room, siteId, floorId });
    this.mentioned.add(id);
    return id;
  }

  /** The sites of that name, looked for once. */
  #sitesCalled(name: string): ReadonlySet<number> {
    const known = this.#called.get(name);
    if (known !== undefined) return known;
    const found = new Set(
      [...this.#sites.values()].flatMap((site) => (same(site.name, name) ? [site.id] : [])),
    );
    this.#called.set(name, found);
    return found;
  }

  /** Null without a name. */
  site(name: string): number | null {
    const [only, other] = this.#sites.values();
    if (name === '') return only !== undefined && other === undefined ? only.id : null;
    const [found] = this.#sitesCalled(name);
    if (found !== undefined) return found;
    const values = { name: name.replaceAll('/', '-'), rank: this.#sites.size };
    const id = this.#draft.create('site', values, name, null);
    this.#sites.set(id, { id, name: values.name });
    this.#called.clear();
    return id;
  }

  /** @param current the floor on which it is documented: when that is called so, it is meant */
  floor(siteId: number, building: string, floor: string, current: number | null = null): number {
    const documented = current === null ? undefined : this.#floors.get(current);
    const isCalled = (each: { readonly name: string; readonly buildingId: number }) =>
      sameFloor(each.name, floor) || same(this.#floorLabel(each), floor);
    if (documented !== undefined && building === '' && isCalled(documented)) return documented.id;
    const buildingId = this.#building(siteId, building);
    const own = [...this.#floors.values()].filter((each) => each.buildingId === buildingId);
    const wanted = floor || (own.length === 1 ? (own[0]?.name ?? '') : this.#options.floor || '–');
    // "Rathaus, EG": as we call a floor where its building is not beside it.
    const found =
      own.find((each) => sameFloor(each.name, wanted)) ??
      (building === ''
        ? [...this.#floors.values()].find((each) => same(this.#floorLabel(each), wanted))
        : undefined);
    if (found !== undefined) return found.id;
    const id = this.#draft.create('floor', { buildingId, name: wanted, rank: own.length }, wanted, null);
    this.#floors.set(id, { id, name: wanted, buildingId });
    return id;
  }

  #building(siteId: number, building: string): number {
    const own = [...this.#buildings.values()].filter((each) => each.siteId === siteId);
    const site = this.#sites.get(siteId)?.name ?? '';
    const fallback =
      same(site, this.#options.site) && this.#options.building !== '' ? this.#options.building : site;
    const wanted = building || (own.length === 1 ? (own[0]?.name ?? '') : fallback);
    const found = own.find((each) => same(each.name, wanted));
    if (found !== undefined) return found.id;
    const id = this.#draft.create('building', { siteId, name: wanted, rank: own.length }, wanted, null);
    this.#buildings.set(id, { id, name: wanted, siteId });
    return id;
  }

  rack(roomId: number, name: string): Rack {
    const found = this.#racks.get(searchKey(name))?.find((rack) => rack.roomId === roomId);
    if (found !== undefined) return found;
    const values = { roomId, name, heightU: this.#options.heightU, rank: this.#racksById.size };
    const id = this.#draft.create('rack', values, name, null);
    const rack: Rack = {
      id,
      name,
      roomId,
      isNew: true,
      get heightU() {
        return values.heightU;
      },
      set heightU(units) {
        values.heightU = units;
      },
    };
    this.#addRack(rack);
    return rack;
  }

  rackById(id: number): Rack | undefined {
    return this.#racksById.get(id);
  }

  /** A rack that a row of the list is itself. */
  addRack(rack: Rack): void {
    this.#addRack(rack);
  }

  floorName(id: number): string {
    const floor = this.#floors.get(id);
    return floor === undefined ? '' : this.#floorLabel(floor);
  }

  roomName(id: number): string {
    const room = this.#roomsById.get(id);
    return room === undefined ? '' : `${this.#siteNameOf(id)} / ${room.name}`;
  }

  /** Adds a room that a row of the list is itself. */
  addRoom(room: Room): void {
    this.#addRoom(room);
  }

  #siteNameOf(roomId: number): string {
    const siteId = this.#roomsById.get(roomId)?.siteId;
    return siteId === undefined ? '' : (this.#sites.get(siteId)?.name ?? '');
  }

  #floorLabel({ name, buildingId }: { readonly name: string; readonly buildingId: number }): string {
    return `${this.#buildings.get(buildingId)?.name ?? ''}, ${name}`;
  }

  #floorOf(room: Room) {
    return this.#floors.get(room.floorId);
  }

  #buildingOf(room: Room) {
    const floor = this.#floorOf(room);
    return floor === undefined ? undefined : this.#buildings.get(floor.buildingId);
  }

  #addRoom(room: Room): void {
    this.#roomsById.set(room.id, room);
    const names = new Set([room.name, ...(room.number === null ? [] : [room.number])].map(searchKey));
    for (const key of names) {
      const list = this.#rooms.get(key);
      if (list === undefined) this.#rooms.set(key, [room]);
      else list.push(room);
    }
  }

  #addRack(rack: Rack): void {
    this.#racksById.set(rack.id, rack);
    const list = this.#racks.get(searchKey(rack.name));
    if (list === undefined) this.#racks.set(searchKey(rack.name), [rack]);
    else list.push(rack);
  }
}
