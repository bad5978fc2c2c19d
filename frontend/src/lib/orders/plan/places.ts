import type { DeviceTypeView, RackView } from '@rackhaus/config/contract';
import { takesUnits } from '@rackhaus/config/contract';
import { fitOf, type Misfit, type Place } from '../../editing/fit.ts';
import type { TypesById } from '../../rack/geometry.ts';

interface Moving {
  readonly id: number;
  readonly name: string;
  readonly role: RackView['devices'][number]['role'];
  readonly type: DeviceTypeView;
}
/** A place of a rack and what stands in the way there today. */
export interface PlaceChoice {
  readonly place: Place;
  readonly misfit: Misfit | null;
}

/** Every place of a rack at which a device could stand, from the top down; taken ones too, for what is in the way may move as well. */
export function placesIn(
  device: Moving,
  rack: RackView,
  face: Place['face'],
  types: TypesById,
): PlaceChoice[] {
  const sides: readonly Place['side'][] =
    device.type.form === 'full' || device.type.form === 'none' ? ['full'] : ['left', 'right'];
  const positions = takesUnits(device.type)
    ? Array.from({ length: rack.heightU }, (_, index): number | null => rack.heightU - index)
    : [null];
  const ground = { racks: [rack], types, limits: [], loads: new Map() };
  return positions
    .flatMap((position) => sides.map((side) => ({ rackId: rack.id, position, face, side })))
    .map((place) => ({ place, misfit: fitOf([{ ...device, place }], ground)[0]?.misfit ?? null }))
    .filter(({ misfit }) => misfit?.reason !== 'above' && misfit?.reason !== 'below');
}
