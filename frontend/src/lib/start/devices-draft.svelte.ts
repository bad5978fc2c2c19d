import {
  type Batch,
  type DeviceTypeView,
  type PlacedDevice,
  type RackView,
  rackSlots,
  slotKey,
  takesUnits,
} from '@rackhaus/config/contract';
import type { Records } from '../records/api.ts';

/** Some devices of one type. */
export interface DeviceRow {
  readonly key: number;
  readonly type: DeviceTypeView;
  role: PlacedDevice['role'];
  /** As typed. */
  count: string;
  /** `{n}` is counted. */
  pattern: string;
  /** `rack:3`, `room:2` (beside the racks), or empty: on the shelf. */
  place: string;
}

/** A device of a row, with its name and where it would stand. */
export interface DraftDevice {
  readonly row: number;
  readonly name: string;
  readonly rackId: number | null;
  readonly roomId: number | null;
  /** Null on the shelf, at a rail, or where there is no room left. */
  readonly position: number | null;
  readonly side: PlacedDevice['side'];
  /** There is no room for it in the rack. */
  readonly noRoom: boolean;
}

const mostOfOne = 200;

/** How many devices a text says; null when it says no number that makes sense. */
export function countOf(text: string): number | null {
  const count = Number(text.trim());
  return Number.isInteger(count) && count >= 1 && count <= mostOfOne ? count : null;
}

/** Devices that are added by hand: types, how many, what they are called; stacked from the top into the racks. */
export class DevicesDraft {
  #records: Records;
  #nextKey = 0;
  #taken: ReadonlySet<string> = new Set();
  /** Where things stand that are put into no rack. */
  #room = '';
  racks: readonly RackView[] = $state.raw([]);
  types: ReadonlyMap<number, DeviceTypeView> = $state.raw(new Map());
  rows: DeviceRow[] = $state([]);

  constructor(options: { records: Records }) {
    this.#records = options.records;
  }

  /** What stands there already. `taken`: names that are given away. */
  begin(
    racks: readonly RackView[],
    types: readonly DeviceTypeView[],
    taken: ReadonlySet<string>,
    firstRoom: number | null,
  ): void {
    this.racks = racks;
    this.#room = firstRoom === null ? '' : `room:${firstRoom}`;
    this.types = new Map(types.map((type) => [type.id, type]));
    this.#taken = taken;
  }

  add(type: DeviceTypeView, role: PlacedDevice['role'], pattern: string): void {
    this.types = new Map([...this.types, [type.id, type]]);
    const last = this.rows.findLast(({ place }) => place.startsWith('rack:'))?.place;
    const rack = last ?? (this.racks[0] === undefined ? '' : `rack:${this.racks[0].id}`);
    const place = type.form === 'none' ? this.#room : rack;
    this.rows.push({ key: this.#nextKey++, type, role, count: '1', pattern, place });
  }

  remove(row: DeviceRow): void {
    this.rows = this.rows.filter(({ key }) => key !== row.key);
  }

  /** Every device of every row: named in the order of counting, stacked from the top. */
  readonly devices: readonly DraftDevice[] = $derived.by(() => this.#stack());
  readonly noRoom: number = $derived(this.devices.filter(({ noRoom }) => noRoom).length);
  readonly incomplete: boolean = $derived(
    this.rows.some(
      ({ count, pattern }) => countOf(count) === null || pattern.trim() === '' || pattern.includes(':'),
    ),
  );
  /** The racks as they would look. */
  readonly drawn: readonly RackView[] = $derived(
    this.racks.map((rack) => ({
      ...rack,
      devices: [
        ...rack.devices,
        ...this.devices.flatMap((device, index) => {
          const row = this.rows.find(({ key }) => key === device.row);
          if (row === undefined || device.rackId !== rack.id || device.noRoom) return [];
          return [
            {
              id: -1 - index,
              name: device.name,
              typeId: row.type.id,
              role: row.role,
              monitored: false,
              rackId: rack.id,
              position: device.position,
              face: 'front' as const,
              side: device.side,
              ports: [],
            },
          ];
        }),
      ],
    })),
  );

  #stack(): DraftDevice[] {
    const names = new Set(this.#taken);
    const taken = new Map(this.racks.map((rack) => [rack.id, takenSlots(rack, this.types)]));
    return this.rows.flatMap((row) =>
      Array.from({ length: countOf(row.count) ?? 0 }, (): DraftDevice => {
        const name = nextName(row.pattern, names);
        names.add(name.toLowerCase());
        const [kind, id] = row.place.split(':');
        const rack = kind === 'rack' ? this.racks.find((each) => each.id === Number(id)) : undefined;
        const slots = rack === undefined ? undefined : taken.get(rack.id);
        const device = { row: row.key, name, position: null, side: 'full' } as const;
        if (rack === undefined || slots === undefined)
          return { ...device, rackId: null, roomId: kind === 'room' ? Number(id) : null, noRoom: false };
        const place = freePlace(rack.heightU, row.type, slots);
        return { ...device, ...place, rackId: rack.id, roomId: null, noRoom: place === null };
      }),
    );
  }

  /** Writes them as one change. @returns its number @throws ApiProblem */
  async save(reason: string): Promise<number | null> {
    const operations = this.devices
      .filter(({ noRoom }) => !noRoom)
      .flatMap((device): Batch['operations'] => {
        const row = this.rows.find(({ key }) => key === device.row);
        if (row === undefined) return [];
        const { name, rackId, roomId, position, side } = device;
        const values = { name, typeId: row.type.id, role: row.role, rackId, roomId, position, side };
        return [{ op: 'create', kind: 'device', values }];
      });
    if (operations.length === 0) return null;
    const { changeId } = await this.#records.batch(operations, reason);
    this.rows = [];
    return changeId;
  }
}

/** The pattern with the next number that nobody has; without `{n}`, the first one is called as it stands there. */
export function nextName(pattern: string, taken: ReadonlySet<string>): string {
  const text = pattern.trim();
  const counted = /\{n+\}/i.test(text);
  if (!counted && !taken.has(text.toLowerCase())) return text;
  for (let number = counted ? 1 : 2; ; number++) {
    const name = counted
      ? text.replace(/\{(n+)\}/i, (_, digits: string) => String(number).padStart(digits.length, '0'))
      : `${text}-${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

function takenSlots(rack: RackView, types: ReadonlyMap<number, DeviceTypeView>): Set<string> {
  const slots = new Set<string>();
  for (const device of rack.devices) {
    const type = types.get(device.typeId);
    if (type !== undefined) for (const slot of rackSlots({ ...type, ...device })) slots.add(slotKey(slot));
  }
  return slots;
}

/** The highest place that is free; it is taken then. */
function freePlace(
  heightU: number,
  type: DeviceTypeView,
  taken: Set<string>,
): { position: number | null; side: PlacedDevice['side'] } | null {
  const take = (position: number | null, side: PlacedDevice['side']) => {
    const slots = rackSlots({ ...type, position, side, face: 'front' }).map(slotKey);
    if (slots.some((slot) => taken.has(slot))) return null;
    for (const slot of slots) taken.add(slot);
    return { position, side };
  };
  if (type.form === 'vertical') return take(null, 'left') ?? take(null, 'right');
  if (!takesUnits(type)) return { position: null, side: 'full' };
  for (let position = heightU - Math.ceil(type.uHeight) + 1; position >= 1; position--) {
    const place =
      type.form === 'half' ? (take(position, 'left') ?? take(position, 'right')) : take(position, 'full');
    if (place !== null) return place;
  }
  return null;
}
