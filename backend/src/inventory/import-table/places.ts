import type { ImportOptions } from '@rackhaus/config/contract';
import { searchKey } from '../search-key.ts';
import type { Draft } from './draft.ts';
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

const same = (a: string, b: string) => searchKey(a) === searchKey(b);

/** Ground floor, first floor, cellar: each in one form. */
function floorKey(name: string): string {
  const key = searchKey(name).replaceAll(/[^a-z0-9]/g, '');
  if (/^(eg|erdgeschoss|parterre|ground(floor)?|0)$/.test(key)) return '0';
  if (/^(dg|dachgeschoss|dach|attic)$/.test(key)) return 'dg';
  const below =
    /^(?:(\d?)(?:ug|untergeschoss|uggeschoss)|(?:ug|u|-)(\d)|keller(?:geschoss)?|kg|basement)$/.exec(key);
  if (below) return `-${below[1] || below[2] || '1'}`;
  const above =
    /^(\d)(?:og|obergeschoss|stock|etage|stockwerk|st|nd|rd|th|stfloor|ndfloor|rdfloor|thfloor)?$/.exec(key);
  const after = /^(?:og|etage|stock|ebene|floor|level)(\d)$/.exec(key);
  return above?.[1] ?? after?.[1] ?? key;
}

const sameFloor = (a: string, b: string) => floorKey(a) === floorKey(b);

/** Finds the places that rows name, and drafts those that are missing. */
export class Places {
  readonly #options: ImportOptions;
  readonly #draft: Draft;
  readonly #sites: Named[];
  readonly #buildings: (Named & { readonly siteId: number })[];
  readonly #floors: (Named & { readonly buildingId: number })[];
  readonly #rooms: Map<string, Room[]> = new Map();
  readonly #roomsById = new Map<number, Room>();
  readonly #racks: Map<string, Rack[]> = new Map();
  readonly #racksById = new Map<number, Rack>();
  /** Rooms that rows have named. */
  readonly mentioned = new Set<number>();

  constructor(options: { known: Known; draft: Draft; options: ImportOptions }) {
    const { known } = options;
    this.#options = options.options;
    this.#draft = options.draft;
    this.#sites = known.sites.map(({ id, name }) => ({ id, name }));
    this.#buildings = known.buildings.map(({ id, name, site_id }) => ({ id, name, siteId: site_id }));
    this.#floors = known.floors.map(({ id, name, building_id }) => ({ id, name, buildingId: building_id }));
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
    const racks = (this.#racks.get(searchKey(said.rack)) ?? []).filter(
      (rack) => said.site === '' || same(this.#siteNameOf(rack.roomId), said.site),
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
    const named = (this.#rooms.get(searchKey(said.room)) ?? []).filter(
      (room) =>
        (said.site === '' || same(this.#siteNameOf(room.id), said.site)) &&
        (said.building === '' || same(this.#buildingOf(room)?.name ?? '', said.building)),
    );
    // Floors have many names: another one says less than the same name of a room in the same building.
    const onFloor = named.filter((room) => sameFloor(this.#floorOf(room)?.name ?? '', said.floor));
    const candidates = onFloor.length > 0 ? onFloor : named;
    const preferred = candidates.filter((room) => same(this.#siteNameOf(room.id), this.#options.site));
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

  /** Null without a name. */
  site(name: string): number | null {
    const [only, other] = this.#sites;
    if (name === '') return only !== undefined && other === undefined ? only.id : null;
    const found = this.#sites.find((site) => same(site.name, name));
    if (found !== undefined) return found.id;
    const values = { name: name.replaceAll('/', '-'), rank: this.#sites.length };
    const id = this.#draft.create('site', values, name, null);
    this.#sites.push({ id, name: values.name });
    return id;
  }

  /** @param current the floor on which it is documented: when that is called so, it is meant */
  floor(siteId: number, building: string, floor: string, current: number | null = null): number {
    const documented = this.#floors.find(({ id }) => id === current);
    const isCalled = (each: { readonly name: string; readonly buildingId: number }) =>
      sameFloor(each.name, floor) || same(this.#floorLabel(each), floor);
    if (documented !== undefined && building === '' && isCalled(documented)) return documented.id;
    const buildingId = this.#building(siteId, building);
    const own = this.#floors.filter((each) => each.buildingId === buildingId);
    const wanted = floor || (own.length === 1 ? (own[0]?.name ?? '') : this.#options.floor || '–');
    // "Rathaus, EG": as we call a floor where its building is not beside it.
    const found =
      own.find((each) => sameFloor(each.name, wanted)) ??
      (building === '' ? this.#floors.find((each) => same(this.#floorLabel(each), wanted)) : undefined);
    if (found !== undefined) return found.id;
    const id = this.#draft.create('floor', { buildingId, name: wanted, rank: own.length }, wanted, null);
    this.#floors.push({ id, name: wanted, buildingId });
    return id;
  }

  #building(siteId: number, building: string): number {
    const own = this.#buildings.filter((each) => each.siteId === siteId);
    const site = this.#sites.find((each) => each.id === siteId)?.name ?? '';
    const fallback =
      same(site, this.#options.site) && this.#options.building !== '' ? this.#options.building : site;
    const wanted = building || (own.length === 1 ? (own[0]?.name ?? '') : fallback);
    const found = own.find((each) => same(each.name, wanted));
    if (found !== undefined) return found.id;
    const id = this.#draft.create('building', { siteId, name: wanted, rank: own.length }, wanted, null);
    this.#buildings.push({ id, name: wanted, siteId });
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
    const floor = this.#floors.find((each) => each.id === id);
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
    return this.#sites.find((site) => site.id === siteId)?.name ?? '';
  }

  #floorLabel({ name, buildingId }: { readonly name: string; readonly buildingId: number }): string {
    return `${this.#buildings.find(({ id }) => id === buildingId)?.name ?? ''}, ${name}`;
  }

  #floorOf(room: Room) {
    return this.#floors.find((floor) => floor.id === room.floorId);
  }

  #buildingOf(room: Room) {
    const floor = this.#floorOf(room);
    return this.#buildings.find((building) => building.id === floor?.buildingId);
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
