import type { DeviceTypeView, RackView } from '@rackhaus/config/contract';
import type { ViewSide } from '../rack/geometry.ts';
import type { Place } from './fit.ts';
import { follow, type Offset, offsetOf } from './steps.ts';
import { type Movable, placeOf } from './where.ts';

export interface HeldItem extends Movable {
  /** It is seen from behind: turning it round is not what one wants by moving it. */
  readonly back: boolean;
  readonly offset: Offset;
}

export interface Held {
  /** The first one is the one by which all are moved. */
  readonly items: readonly [HeldItem, ...HeldItem[]];
  readonly by: 'pointer' | 'keyboard';
}

/** Takes devices up together. Those from racks keep their distance to the first; those from the shelf are lined up below it. */
export function hold(
  own: Movable,
  others: readonly Movable[],
  by: Held['by'],
  racks: readonly RackView[],
  view: ViewSide,
): Held {
  const from = placeOf(own.where);
  let lined = 0;
  const offsetTo = (item: Movable): Offset => {
    const place = placeOf(item.where);
    if (place !== null && from !== null) return offsetOf(place, from, racks);
    lined += item.type.uHeight;
    return { racks: 0, units: -lined };
  };
  const held = (item: Movable, offset: Offset): HeldItem => {
    const back = item.where.rackId !== null && item.where.face !== view && item.type.form !== 'vertical';
    return { ...item, back, offset };
  };
  const first = held(own, { racks: 0, units: 0 });
  return { items: [first, ...others.map((item) => held(item, offsetTo(item)))], by };
}

/** Where something held goes when the first of all goes to a place; null when there is no such rack. */
export function placeOfHeld(
  { items: [first] }: Held,
  item: HeldItem,
  to: Place,
  racks: readonly RackView[],
): Place | null {
  if (item === first) return to;
  const own = { from: placeOf(item.where), side: item.where.side };
  return follow({ from: placeOf(first.where), to }, own, item.offset, racks);
}

/** The half or rail of what has none yet. */
export function sideFor(type: DeviceTypeView): Place['side'] {
  return type.form === 'half' || type.form === 'vertical' ? 'left' : 'full';
}
