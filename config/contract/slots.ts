import type { DeviceTypeView, PlacedDevice } from './inventory.ts';

/** A device as far as the room that it takes of its rack goes. */
export interface Mounted extends Pick<PlacedDevice, 'position' | 'face' | 'side'> {
  readonly form: DeviceTypeView['form'];
  readonly uHeight: number;
  readonly fullDepth: boolean;
}

/** The smallest piece of a rack that one device can have for itself. */
export interface RackSlot {
  /** Twice the rack unit; 0 is a rail. */
  readonly halfUnit: number;
  readonly face: 'front' | 'rear';
  readonly half: 'left' | 'right';
}

/**
 * The slots that a device takes: each half unit, front and rear when it is as deep as the rack, left and right when it is as
 * wide. What hangs at a rail takes that rail. The database lets one device have a slot; screens ask the same before a drop.
 */
export function rackSlots({ position, face, side, form, uHeight, fullDepth }: Mounted): RackSlot[] {
  if (form === 'vertical') return [{ halfUnit: 0, face, half: side === 'right' ? 'right' : 'left' }];
  if (position === null) return [];
  const faces: readonly RackSlot['face'][] = fullDepth ? ['front', 'rear'] : [face];
  const halves: readonly RackSlot['half'][] = side === 'full' ? ['left', 'right'] : [side];
  const slots: RackSlot[] = [];
  for (let step = 0; step < uHeight * 2; step++)
    for (const each of faces)
      for (const half of halves) slots.push({ halfUnit: position * 2 + step, face: each, half });
  return slots;
}

/** A slot as a word: two devices are in each other's way when they share one. */
export function slotKey({ halfUnit, face, half }: RackSlot): string {
  return `${halfUnit}/${face}/${half}`;
}

/** True for what is screwed into rack units; else it hangs at a rail, or lies somewhere. */
export function takesUnits({ form, uHeight }: Pick<DeviceTypeView, 'form' | 'uHeight'>): boolean {
  return (form === 'full' || form === 'half') && uHeight > 0;
}
