import type { DeviceTypeView, PlacedDevice, RackView } from '@rackhaus/config/contract';
import { openingMm, unitMm } from '../rack/geometry.ts';
import type { Ground } from './fit.ts';

const noFace = { elements: [], name: null };

/** A type of one unit across the whole rack, unless said otherwise. For tests, like all below. */
export function typeOf(change: Partial<DeviceTypeView> = {}): DeviceTypeView {
  return {
    id: 1,
    manufacturer: 'Any',
    model: 'Thing',
    slug: 'any-thing',
    uHeight: 1,
    fullDepth: false,
    form: 'full',
    widthMm: openingMm,
    heightMm: unitMm,
    front: noFace,
    rear: noFace,
    ...change,
  };
}

export function deviceOf(type: DeviceTypeView, change: Partial<PlacedDevice> = {}): PlacedDevice {
  return {
    id: 1,
    name: 'thing',
    typeId: type.id,
    role: 'other',
    monitored: false,
    rackId: 1,
    position: 1,
    face: 'front',
    side: 'full',
    ports: [],
    ...change,
  };
}

export function rackOf(devices: readonly PlacedDevice[], heightU = 42, id = 1): RackView {
  return { id, name: `Schrank ${id}`, purpose: '', heightU, usedU: 0, devices: [...devices] };
}

export function groundOf(
  racks: readonly RackView[],
  types: readonly DeviceTypeView[],
  change: Partial<Ground> = {},
): Ground {
  return {
    racks,
    types: new Map(types.map((type) => [type.id, type])),
    limits: [],
    loads: new Map(),
    ...change,
  };
}
