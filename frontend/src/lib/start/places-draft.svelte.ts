import type { Batch } from '@rackhaus/config/contract';
import type { Records } from '../records/api.ts';

/** What a form shows of a record: its number when it is there already. */
interface Named {
  readonly id: number | null;
  name: string;
}
export interface RackRow extends Named {
  readonly key: number;
  /** As typed. */
  height: string;
  purpose: string;
}
export interface RoomRow extends Named {
  readonly key: number;
  floor: string;
  racks: RackRow[];
}

/** What new places are called until somebody calls them otherwise, in the reader's language. */
export interface PlaceWords {
  readonly town: string;
  readonly ground: string;
  readonly room: string;
  readonly rack: (number: number) => string;
}

const mostAsked = 1000;

/** Rack units that a text says; null when it says none that a rack can have. */
export function heightOf(text: string): number | null {
  const units = Number(text.trim());
  return Number.isInteger(units) && units >= 1 && units <= 60 ? units : null;
}

/** The first site as the assistant draws it: what is there already, and what is added. Left and opened again, it begins with what is there. */
export class PlacesDraft {
  #records: Records;
  #words: PlaceWords;
  #loaded = $state(false);
  #floors: readonly { readonly id: number; readonly name: string }[] = [];
  #nextKey = 0;
  site: Named = $state({ id: null, name: '' });
  building: Named = $state({ id: null, name: '' });
  rooms: RoomRow[] = $state([]);

  constructor(options: { records: Records; words: PlaceWords }) {
    this.#records = options.records;
    this.#words = options.words;
  }

  get loaded(): boolean {
    return this.#loaded;
  }
  /** There is a place with a rack: devices can be put somewhere. */
  get hasRacks(): boolean {
    return this.rooms.some((room) => room.racks.some((rack) => rack.id !== null));
  }
  get isNew(): boolean {
    return this.site.id === null;
  }
  /** Something has been added that is not in the inventory yet. */
  get added(): number {
    return this.#operations().length;
  }
  /** Names and heights that are missing or wrong. */
  get incomplete(): boolean {
    return (
      this.site.name.trim() === '' ||
      this.building.name.trim() === '' ||
      this.rooms.some(
        (room) =>
          room.name.trim() === '' ||
          room.name.includes('/') ||
          room.floor.trim() === '' ||
          room.racks.some((rack) => rack.name.trim() === '' || heightOf(rack.height) === null),
      )
    );
  }

  /** Reads what is there. @throws ApiProblem */
  async load(signal?: AbortSignal): Promise<void> {
    const all = { size: mostAsked };
    const [site] = (await this.#records.list('site', { size: 1 }, signal)).records;
    const buildings = (await this.#records.list('building', all, signal)).records;
    const floors = (await this.#records.list('floor', all, signal)).records;
    const rooms = (await this.#records.list('room', all, signal)).records;
    const racks = (await this.#records.list('rack', all, signal)).records;
    const building = buildings.find(({ siteId }) => siteId === site?.id);
    const own = floors.filter(({ buildingId }) => buildingId === building?.id);
    this.#floors = own.map(({ id, name }) => ({ id, name }));
    this.site = { id: site?.id ?? null, name: site?.name ?? this.#words.town };
    this.building = { id: building?.id ?? null, name: building?.name ?? this.#words.town };
    this.rooms = rooms
      .filter(({ floorId }) => own.some(({ id }) => id === floorId))
      .map(({ id, name, floorId }) => ({
        key: this.#key(),
        id,
        name,
        floor: own.find((floor) => floor.id === floorId)?.name ?? '',
        racks: racks
          .filter(({ roomId }) => roomId === id)
          .map((rack) => ({
            key: this.#key(),
            id: rack.id,
            name: rack.name,
            height: String(rack.heightU),
            purpose: rack.purpose ?? '',
          })),
      }));
    if (this.rooms.length === 0) {
      this.addRoom();
      const [first] = this.rooms;
      if (first !== undefined) this.addRack(first);
    }
    this.#loaded = true;
  }

  addRoom(): void {
    const floor = this.rooms.at(-1)?.floor ?? this.#floors[0]?.name ?? this.#words.ground;
    const name = this.rooms.length === 0 ? this.#words.room : '';
    this.rooms.push({ key: this.#key(), id: null, name, floor, racks: [] });
  }

  removeRoom(room: RoomRow): void {
    this.rooms = this.rooms.filter(({ key }) => key !== room.key);
  }

  addRack(room: RoomRow): void {
    const height = room.racks.at(-1)?.height ?? '42';
    room.racks.push({
      key: this.#key(),
      id: null,
      name: this.#words.rack(room.racks.length + 1),
      height,
      purpose: '',
    });
  }

  removeRack(room: RoomRow, rack: RackRow): void {
    room.racks = room.racks.filter(({ key }) => key !== rack.key);
  }

  /** Writes what was added, as one change. @returns its number @throws ApiProblem */
  async save(reason: string): Promise<number | null> {
    const operations = this.#operations();
    if (operations.length === 0) return null;
    const { changeId } = await this.#records.batch(operations, reason);
    await this.load();
    return changeId;
  }

  #operations(): Batch['operations'] {
    const operations: Batch['operations'] = [];
    const create = (
      kind: Batch['operations'][number]['kind'],
      key: string,
      values: Record<string, unknown>,
    ): string => {
      operations.push({ op: 'create', kind, key, values });
      return `#${key}`;
    };
    const siteId = this.site.id ?? create('site', 'site', { name: this.site.name.trim() });
    const buildingId =
      this.building.id ?? create('building', 'building', { siteId, name: this.building.name.trim() });
    const floors = new Map<string, number | string>(this.#floors.map(({ id, name }) => [name, id]));
    for (const room of this.rooms) {
      const floor = room.floor.trim();
      if (room.id === null && !floors.has(floor))
        floors.set(
          floor,
          create('floor', `floor-${floors.size}`, { buildingId, name: floor, rank: floors.size }),
        );
      const roomId =
        room.id ?? create('room', `room-${room.key}`, { floorId: floors.get(floor), name: room.name.trim() });
      for (const [rank, rack] of room.racks.entries())
        if (rack.id === null)
          create('rack', `rack-${rack.key}`, {
            roomId,
            name: rack.name.trim(),
            heightU: heightOf(rack.height) ?? 42,
            purpose: rack.purpose.trim() === '' ? null : rack.purpose.trim(),
            rank,
          });
    }
    return operations;
  }

  #key(): number {
    return this.#nextKey++;
  }
}
