import { rackSlots, slotKey } from '@rackhaus/config/contract';
import type { Known, KnownRow } from './known.ts';
import type { Places } from './places.ts';
import type { Row } from './row.ts';
import type { UsableType } from './type-match.ts';

/** Where a device stands. */
interface Standing {
  readonly id: number;
  readonly name: string;
  readonly rackId: number;
  readonly position: number | null;
  readonly face: 'front' | 'rear';
  readonly side: 'full' | 'left' | 'right';
  readonly type: UsableType;
  /** The row that puts it there; null for what stands there already. */
  readonly row: Row | null;
}

type Values = Readonly<Record<string, unknown>>;

/** Looks whether everything has room in its rack once all rows are done, so that rows may swap places. */
export class Mounting {
  readonly #standing = new Map<number, Standing>();
  readonly #places: Places;

  constructor(options: { known: Known; places: Places; types: ReadonlyMap<number, UsableType> }) {
    this.#places = options.places;
    for (const { id, name, rack_id, position, face, side, type_id } of options.known.devices) {
      const type = options.types.get(type_id);
      if (rack_id === null || type === undefined) continue;
      this.#standing.set(id, { id, name, rackId: rack_id, position, face, side, type, row: null });
    }
  }

  /** A new device. */
  put(row: Row, id: number, name: string, values: Values, type: UsableType): void {
    this.#set(row, id, name, values, type);
  }

  /** A device that the list changes. */
  move(row: Row, device: KnownRow<'devices'>, changed: Values, type: UsableType): void {
    const { id, name, rack_id, position, face, side } = device;
    const values = { rackId: rack_id, position, face, side, ...changed };
    const touches = ['rackId', 'position', 'face', 'side', 'typeId'].some((field) => field in changed);
    if (touches) this.#set(row, id, name, values, type);
  }

  #set(row: Row, id: number, name: string, values: Values, type: UsableType): void {
    const { rackId, position, face, side } = values;
    if (typeof rackId !== 'number') {
      this.#standing.delete(id);
      return;
    }
    this.#standing.set(id, {
      id,
      name,
      rackId,
      position: typeof position === 'number' ? position : null,
      face: face === 'rear' ? 'rear' : 'front',
      side: type.form === 'full' ? 'full' : side === 'left' || side === 'right' ? side : 'full',
      type,
      row,
    });
  }

  /** Says to rows what is in their way. What stands there already keeps its place; of two rows, the first one has it. */
  check(): void {
    const taken = new Map<string, Standing>();
    const inOrder = [...this.#standing.values()].sort(
      (a, b) => (a.row?.number ?? 0) - (b.row?.number ?? 0) || a.id - b.id,
    );
    for (const standing of inOrder) {
      if (standing.row !== null && !this.#fits(standing, standing.row)) continue;
      const { position, face, side, type } = standing;
      const slots = rackSlots({
        position,
        face,
        side,
        form: type.form,
        uHeight: type.uHeight,
        fullDepth: type.fullDepth,
      });
      const keys = slots.map((slot) => ({ slot, key: `${standing.rackId}/${slotKey(slot)}` }));
      const clash = keys.find(({ key }) => taken.has(key));
      if (clash !== undefined && standing.row !== null) {
        const other = taken.get(clash.key);
        standing.row.refuse('position', 'occupied', {
          other: other?.name ?? '',
          unit: String(Math.floor(clash.slot.halfUnit / 2)),
          row: other?.row === null ? '' : String(other?.row.number ?? ''),
        });
        continue;
      }
      for (const { key } of keys) taken.set(key, standing);
    }
  }

  #fits({ rackId, position, type }: Standing, row: Row): boolean {
    const rack = this.#places.rackById(rackId);
    if (rack === undefined || position === null) return true;
    const needed = position + type.uHeight - 1;
    // A rack that is only made becomes as high as what stands in it.
    if (rack.isNew && needed > rack.heightU && needed <= 60) rack.heightU = Math.ceil(needed);
    if (needed <= rack.heightU && position >= 1) return true;
    row.refuse('position', 'beyond-rack', {
      rack: rack.name,
      height: String(rack.heightU),
      needed: String(needed),
    });
    return false;
  }
}
