import type { DeviceTypeView, Face, PlacedDevice, RackView } from '@rackhaus/config/contract';

/** One rack unit in millimetres (EIA-310: 1.75 inch), and the width between the outer edges of the rails (19 inch). */
export const unitMm = 44.45;
export const openingMm = 482.6;
/** The post at each side, wide enough for two digits, and the rack's top and bottom. */
export const postMm = 42;
const capMm = 24;
/** Free room around what hangs at a rail. */
const railGapMm = 6;

export type ViewSide = 'front' | 'rear';

/** Measures of the drawing of one side of a rack, in millimetres from its left top corner. */
export interface RackFrame {
  readonly width: number;
  readonly height: number;
  /** Left edge of the 19-inch opening. */
  readonly openingX: number;
  readonly openingY: number;
  /** Centre of the unit numbers at the left and right post. */
  readonly leftPostX: number;
  readonly rightPostX: number;
  readonly heightU: number;
}

/** A device where it is drawn. */
export interface DeviceBox {
  readonly device: PlacedDevice;
  readonly type: DeviceTypeView;
  /** The face that is seen from this side, and the width and height that its coordinates are in. */
  readonly face: Face;
  readonly faceX: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Seen from its back. */
  readonly back: boolean;
}

export type TypesById = ReadonlyMap<number, DeviceTypeView>;

/** True when the device can be seen from that side: it is mounted there, or reaches through the whole depth. */
export function visibleFrom(device: PlacedDevice, type: DeviceTypeView, side: ViewSide): boolean {
  return device.face === side || (type.form !== 'vertical' && type.fullDepth);
}

/** Seen from behind, left and right change places. */
function sideSeen(device: PlacedDevice, side: ViewSide): PlacedDevice['side'] {
  if (side === 'front' || device.side === 'full') return device.side;
  return device.side === 'left' ? 'right' : 'left';
}

function hanging(rack: RackView, types: TypesById, side: ViewSide, rail: 'left' | 'right'): PlacedDevice[] {
  return rack.devices.filter((device) => {
    const type = types.get(device.typeId);
    if (type?.form !== 'vertical' || !visibleFrom(device, type, side)) return false;
    // What hangs at a rail without saying at which one is drawn at the right.
    return (sideSeen(device, side) === 'left' ? 'left' : 'right') === rail;
  });
}

/** How far apart everything is in the drawing of one side of a rack. */
export function rackFrame(rack: RackView, types: TypesById, side: ViewSide): RackFrame {
  const channel = (rail: 'left' | 'right') =>
    hanging(rack, types, side, rail).reduce(
      (sum, device) => sum + (types.get(device.typeId)?.widthMm ?? 0) + railGapMm * 2,
      0,
    );
  const left = channel('left');
  const right = channel('right');
  return {
    width: left + postMm + openingMm + postMm + right,
    height: rack.heightU * unitMm + 2 * capMm,
    openingX: left + postMm,
    openingY: capMm,
    leftPostX: left + postMm / 2,
    rightPostX: left + postMm + openingMm + postMm / 2,
    heightU: rack.heightU,
  };
}

/** The top edge of a unit's number `u` (from 1 at the bottom) in a frame. */
export function unitTop(frame: RackFrame, u: number): number {
  return frame.openingY + (frame.heightU - u) * unitMm;
}

/** Every device that is seen from that side, from the top down, then from the left. */
export function deviceBoxes(rack: RackView, types: TypesById, side: ViewSide): DeviceBox[] {
  const frame = rackFrame(rack, types, side);
  const boxes: DeviceBox[] = [];
  for (const device of rack.devices) {
    const type = types.get(device.typeId);
    if (!type || device.position === null || !visibleFrom(device, type, side)) continue;
    if (type.form === 'vertical') continue;
    const half = type.form === 'half' && device.side !== 'full';
    const w = half ? openingMm / 2 : openingMm;
    const x = frame.openingX + (half && sideSeen(device, side) === 'right' ? openingMm / 2 : 0);
    const h = Math.max(type.uHeight, 0.5) * unitMm;
    const y = unitTop(frame, device.position) + unitMm - h;
    boxes.push({ ...seen(device, type, side), faceX: x + Math.max(0, (w - type.widthMm) / 2), x, y, w, h });
  }
  for (const rail of ['left', 'right'] as const) {
    let x = rail === 'left' ? railGapMm : frame.openingX + openingMm + postMm + railGapMm;
    for (const device of hanging(rack, types, side, rail)) {
      const type = types.get(device.typeId);
      if (!type) continue;
      const h = Math.min(type.heightMm, rack.heightU * unitMm);
      const y = (frame.height - h) / 2;
      boxes.push({ ...seen(device, type, side), faceX: x, x, y, w: type.widthMm, h });
      x += type.widthMm + 2 * railGapMm;
    }
  }
  return boxes.sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Where something of a type is drawn that stands, or would stand, at a place of a rack. What hangs at a rail lies over its post. */
export function placeBox(
  frame: RackFrame,
  type: DeviceTypeView,
  place: Pick<PlacedDevice, 'position' | 'side'>,
  view: ViewSide,
): { x: number; y: number; w: number; h: number } {
  const right = place.side === 'full' ? null : (place.side === 'right') === (view === 'front');
  if (type.form === 'vertical' || place.position === null) {
    const h = Math.min(type.heightMm, frame.heightU * unitMm);
    const x = right ? frame.openingX + openingMm + railGapMm : frame.openingX - type.widthMm - railGapMm;
    return { x, y: (frame.height - h) / 2, w: type.widthMm, h };
  }
  const half = type.form === 'half' && right !== null;
  const h = Math.max(type.uHeight, 0.5) * unitMm;
  return {
    x: frame.openingX + (half && right ? openingMm / 2 : 0),
    y: unitTop(frame, place.position) + unitMm - h,
    w: half ? openingMm / 2 : openingMm,
    h,
  };
}

function seen(
  device: PlacedDevice,
  type: DeviceTypeView,
  side: ViewSide,
): Pick<DeviceBox, 'device' | 'type' | 'face' | 'back'> {
  const back = device.face !== side;
  return { device, type, face: back ? type.rear : type.front, back };
}

/** "38", or "1–3" for what takes several units; null for what takes none. */
export function unitsOf(device: PlacedDevice, type: DeviceTypeView | undefined): string | null {
  if (device.position === null) return null;
  const bottom = Math.floor(device.position);
  const top = Math.ceil(device.position + Math.max(type?.uHeight ?? 1, 0.5)) - 1;
  return top > bottom ? `${bottom}–${top}` : `${bottom}`;
}

/** Runs of units in which nothing is mounted on either side, from the top down. */
export function freeUnits(rack: RackView, types: TypesById): { from: number; to: number }[] {
  const taken = new Set<number>();
  for (const device of rack.devices) {
    const type = types.get(device.typeId);
    if (device.position === null || !type || type.form === 'vertical') continue;
    for (let u = Math.floor(device.position); u < device.position + type.uHeight; u++) taken.add(u);
  }
  const runs: { from: number; to: number }[] = [];
  for (let u = rack.heightU; u >= 1; u--) {
    if (taken.has(u)) continue;
    const last = runs.at(-1);
    if (last && last.from === u + 1) last.from = u;
    else runs.push({ from: u, to: u });
  }
  return runs;
}
