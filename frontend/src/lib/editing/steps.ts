import type { DeviceTypeView, PlacedDevice, RackView } from '@rackhaus/config/contract';
import { type RackFrame, unitMm, type ViewSide } from '../rack/geometry.ts';
import { type Place, unitStep } from './fit.ts';

/** What is left for right, seen from the other side. */
function mirrored(side: 'left' | 'right', view: ViewSide): 'left' | 'right' {
  if (view === 'front') return side;
  return side === 'left' ? 'right' : 'left';
}

/** The face at which a device is mounted when one looks at it from `view`, at its front or (`back`) at its rear. */
export function faceFor(view: ViewSide, back: boolean): PlacedDevice['face'] {
  if (!back) return view;
  return view === 'front' ? 'rear' : 'front';
}

/**
 * The place that a device snaps to when its left top corner is held at a point of the drawing of one side of a rack.
 * `at`: millimetres in the frame, of the pointer (`x`) and of the device's top edge (`top`). `fine`: halves for everything.
 */
export function snap(
  at: { readonly x: number; readonly top: number },
  rack: RackView,
  frame: RackFrame,
  view: ViewSide,
  device: { readonly type: DeviceTypeView; readonly back: boolean; readonly fine: boolean },
): Place {
  const { type } = device;
  const step = device.fine ? 0.5 : unitStep(type);
  const top = frame.heightU - (at.top - frame.openingY) / unitMm + 1;
  // A device may be held so that it stands out at the top: then it is told that it does. Below the lowest unit there is nothing to tell.
  const position = Math.max(1, Math.round((top - type.uHeight) / step) * step);
  const middle = (frame.leftPostX + frame.rightPostX) / 2;
  const side = mirrored(at.x < middle ? 'left' : 'right', view);
  return {
    rackId: rack.id,
    face: faceFor(view, device.back),
    position: type.form === 'vertical' ? null : Math.min(position, rack.heightU),
    side: type.form === 'half' || type.form === 'vertical' ? side : 'full',
  };
}

export type Step = 'up' | 'down' | 'left' | 'right' | 'flip';

/**
 * The place that a key leads to from a place. Up and down by units; left and right first over the halves or rails, then over the racks;
 * flip to the other face. null where there is nothing further in that direction.
 */
export function stepped(
  from: Place,
  step: Step,
  type: DeviceTypeView,
  racks: readonly RackView[],
  view: ViewSide,
  fine = false,
): Place | null {
  const index = racks.findIndex((rack) => rack.id === from.rackId);
  const rack = racks[index];
  if (!rack) return null;
  if (step === 'flip') return { ...from, face: from.face === 'front' ? 'rear' : 'front' };
  if (step === 'up' || step === 'down') {
    if (from.position === null) return null;
    const by = fine ? 0.5 : unitStep(type);
    const grid = step === 'up' ? Math.floor(from.position / by) : Math.ceil(from.position / by);
    const position = (grid + (step === 'up' ? 1 : -1)) * by;
    const highest = rack.heightU - type.uHeight + 1;
    return position < 1 || position > highest ? null : { ...from, position };
  }
  const seen = from.side === 'full' ? null : mirrored(from.side, view);
  if (seen !== null && seen !== step) return { ...from, side: mirrored(step, view) };
  const next = racks[index + (step === 'right' ? 1 : -1)];
  if (!next) return null;
  const position =
    from.position === null ? null : Math.max(1, Math.min(from.position, next.heightU - type.uHeight + 1));
  const side = seen === null ? from.side : mirrored(step === 'right' ? 'left' : 'right', view);
  return { ...from, rackId: next.id, position, side };
}

/** How a device stands to the one by which several are moved together. */
export interface Offset {
  /** In racks, in the order in which they stand. */
  readonly racks: number;
  readonly units: number;
}

export function offsetOf(place: Place, anchor: Place, racks: readonly RackView[]): Offset {
  const index = (id: number) => racks.findIndex((rack) => rack.id === id);
  return {
    racks: index(place.rackId) - index(anchor.rackId),
    units: (place.position ?? 0) - (anchor.position ?? 0),
  };
}

/** Where a device goes along with the one by which it is moved; null when there is no such rack. Its half and rail stay. */
export function follow(
  anchor: { readonly from: Place | null; readonly to: Place },
  own: { readonly from: Place | null; readonly side: Place['side'] },
  offset: Offset,
  racks: readonly RackView[],
): Place | null {
  const index = racks.findIndex((rack) => rack.id === anchor.to.rackId);
  const rack = racks[index + offset.racks];
  if (!rack) return null;
  const turned = anchor.from !== null && anchor.from.face !== anchor.to.face;
  const face = own.from === null ? anchor.to.face : turned ? other(own.from.face) : own.from.face;
  const position =
    own.from?.position === null || anchor.to.position === null ? null : anchor.to.position + offset.units;
  return { rackId: rack.id, position, face, side: own.side };
}

function other(face: PlacedDevice['face']): PlacedDevice['face'] {
  return face === 'front' ? 'rear' : 'front';
}
