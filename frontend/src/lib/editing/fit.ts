import {
  type DeviceTypeView,
  type PlacedDevice,
  type RackLoad,
  type RackView,
  rackSlots,
  slotKey,
  type TypeLoad,
  takesUnits,
} from '@rackhaus/config/contract';
import type { TypesById } from '../rack/geometry.ts';

/** A place in a rack. `position` is null for what hangs at a rail. */
export interface Place extends Pick<PlacedDevice, 'position' | 'face' | 'side'> {
  readonly rackId: number;
}

/** A device and where it shall go. */
export interface Wanted {
  readonly id: number;
  readonly name: string;
  readonly role: PlacedDevice['role'];
  readonly type: DeviceTypeView;
  readonly place: Place;
}

/** Who is in the way. */
interface Blocker {
  readonly id: number;
  readonly name: string;
}

/** Why a device cannot be where it shall go. */
export type Misfit =
  | { readonly reason: 'not-mountable' }
  | { readonly reason: 'no-rack' }
  | { readonly reason: 'below' }
  | { readonly reason: 'above'; readonly heightU: number }
  | { readonly reason: 'occupied'; readonly by: Blocker }
  /** Its own face is free, but it reaches through to what is mounted on the other one. */
  | { readonly reason: 'too-deep'; readonly by: Blocker };

/** A limit of the rack that would be passed. The device may go there all the same. */
export interface Burden {
  readonly kind: 'weight' | 'power';
  /** kg or W, with the device. */
  readonly total: number;
  readonly limit: number;
}

export interface Fit {
  readonly misfit: Misfit | null;
  readonly burdens: readonly Burden[];
}

/** What the rules are asked about: the racks as they stand, and what types weigh and draw. */
export interface Ground {
  readonly racks: readonly RackView[];
  readonly types: TypesById;
  readonly limits: readonly RackLoad[];
  readonly loads: ReadonlyMap<number, TypeLoad>;
}

/**
 * Whether devices can go where they shall, all at once: each in the order given, with the places that they leave free, and in
 * nobody's way among themselves. Says of each the same as the database would.
 */
export function fitOf(wanted: readonly Wanted[], ground: Ground): Fit[] {
  const moving = new Set(wanted.map(({ id }) => id));
  const taken = new Map<number, Map<string, Blocker>>();
  const slotsOfRack = (rack: RackView) => {
    const known = taken.get(rack.id);
    if (known) return known;
    const made = new Map<string, Blocker>();
    for (const device of rack.devices) {
      const type = ground.types.get(device.typeId);
      if (type && !moving.has(device.id))
        for (const slot of rackSlots({ ...type, ...device })) made.set(slotKey(slot), device);
    }
    taken.set(rack.id, made);
    return made;
  };
  return wanted.map((each) => {
    const rack = ground.racks.find(({ id }) => id === each.place.rackId);
    if (!rack) return { misfit: { reason: 'no-rack' }, burdens: [] };
    const slots = slotsOfRack(rack);
    const misfit = misfitOf(each, rack, slots);
    if (misfit === null)
      for (const slot of rackSlots({ ...each.type, ...each.place })) slots.set(slotKey(slot), each);
    return { misfit, burdens: misfit === null ? burdensOf(rack, wanted, moving, ground) : [] };
  });
}

function misfitOf({ type, place }: Wanted, rack: RackView, slots: Map<string, Blocker>): Misfit | null {
  if (type.form !== 'vertical') {
    if (!takesUnits(type) || place.position === null) return { reason: 'not-mountable' };
    if (place.position < 1) return { reason: 'below' };
    if (place.position + type.uHeight - 1 > rack.heightU) return { reason: 'above', heightU: rack.heightU };
  }
  let behind: Blocker | null = null;
  for (const slot of rackSlots({ ...type, ...place })) {
    const by = slots.get(slotKey(slot));
    if (!by) continue;
    if (slot.face === place.face) return { reason: 'occupied', by };
    behind = by;
  }
  return behind && { reason: 'too-deep', by: behind };
}

function burdensOf(
  rack: RackView,
  wanted: readonly Wanted[],
  moving: ReadonlySet<number>,
  { limits, loads }: Ground,
): Burden[] {
  const limit = limits.find(({ id }) => id === rack.id);
  if (!limit) return [];
  const here = wanted.filter(({ place }) => place.rackId === rack.id);
  const all = [
    ...rack.devices.filter(({ id }) => !moving.has(id)),
    ...here.map(({ role, type }) => ({ role, typeId: type.id })),
  ];
  // Where nothing heavier comes in, a limit that was passed before is nobody's news.
  if (here.every(({ id }) => rack.devices.some((device) => device.id === id))) return [];
  const weight = all.reduce((sum, { typeId }) => sum + (loads.get(typeId)?.weightKg ?? 0), 0);
  const power = all
    .filter(({ role }) => role !== 'ups' && role !== 'pdu')
    .reduce((sum, { typeId }) => sum + (loads.get(typeId)?.powerW ?? 0), 0);
  const burdens: Burden[] = [];
  if (limit.maxWeightKg !== null && weight > limit.maxWeightKg)
    burdens.push({ kind: 'weight', total: weight, limit: limit.maxWeightKg });
  if (limit.maxPowerW !== null && power > limit.maxPowerW)
    burdens.push({ kind: 'power', total: power, limit: limit.maxPowerW });
  return burdens;
}

/** Every free place of a rack for a device on that face, from the top down. Half units only for what is a half unit high. */
export function freePlaces(
  wanted: Omit<Wanted, 'place'>,
  rack: RackView,
  face: PlacedDevice['face'],
  ground: Ground,
): Place[] {
  const { type } = wanted;
  const sides: readonly Place['side'][] =
    type.form === 'half' || type.form === 'vertical' ? ['left', 'right'] : ['full'];
  const step = unitStep(type);
  const positions: (number | null)[] = [];
  if (type.form === 'vertical') positions.push(null);
  else for (let at = rack.heightU - type.uHeight + 1; at >= 1; at -= step) positions.push(at);
  return positions
    .flatMap((position) => sides.map((side): Place => ({ rackId: rack.id, position, face, side })))
    .filter((place) => fitOf([{ ...wanted, place }], ground)[0]?.misfit === null);
}

/** Rack units that a device is moved by: halves for what is a half high. */
export function unitStep(type: Pick<DeviceTypeView, 'uHeight'>): 0.5 | 1 {
  return type.uHeight % 1 === 0 ? 1 : 0.5;
}
