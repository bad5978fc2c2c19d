import type { DeviceTypeView, DrawItem, Face, PlacedDevice, RackView } from '@rackhaus/config/contract';
import { rackUnitMm, rackWidthMm } from '@rackhaus/config/device-types';
import { cutText, type Measure } from '../fit-text.ts';
import { capHeight } from '../fonts.ts';

export type Types = ReadonlyMap<number, DeviceTypeView>;
type Side = 'front' | 'rear';

/** The post at each side, wide enough for the numbers, and the rack's top and bottom; millimetres of the real rack. */
const postMm = 42;
const capMm = 24;
const railGapMm = 6;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly openingX: number;
}

/** How large the drawing of one side is at 1:1, what hangs at the rails included. */
export function frameOf(rack: RackView, types: Types, side: Side): Frame {
  const left = hanging(rack, types, side, 'left').reduce((sum, { type }) => sum + channel(type), 0);
  const right = hanging(rack, types, side, 'right').reduce((sum, { type }) => sum + channel(type), 0);
  return {
    width: left + 2 * postMm + rackWidthMm + right,
    height: rack.heightU * rackUnitMm + 2 * capMm,
    openingX: left + postMm,
  };
}

const channel = (type: DeviceTypeView) => type.widthMm + 2 * railGapMm;

interface Seen {
  readonly device: PlacedDevice;
  readonly type: DeviceTypeView;
}

/** Seen from behind, left and right change places. */
function sideSeen(device: PlacedDevice, side: Side): PlacedDevice['side'] {
  if (side === 'front' || device.side === 'full') return device.side;
  return device.side === 'left' ? 'right' : 'left';
}

function hanging(rack: RackView, types: Types, side: Side, rail: 'left' | 'right'): Seen[] {
  return rack.devices.flatMap((device) => {
    const type = types.get(device.typeId);
    if (type?.form !== 'vertical' || device.face !== side) return [];
    return (sideSeen(device, side) === 'left' ? 'left' : 'right') === rail ? [{ device, type }] : [];
  });
}

/**
 * One side of a rack, drawn to scale with its left top corner at `at`.
 * @param by 8 for a scale of 1:8
 */
export function drawRack(options: {
  readonly rack: RackView;
  readonly types: Types;
  readonly side: Side;
  readonly at: { readonly x: number; readonly y: number };
  readonly by: number;
  readonly measure: Measure;
}): DrawItem[] {
  const { rack, types, side, at, by, measure } = options;
  const frame = frameOf(rack, types, side);
  const scale = 1 / by;
  const items: DrawItem[] = [];
  const x = (mm: number) => at.x + mm * scale;
  const y = (mm: number) => at.y + mm * scale;
  const rackX = frame.openingX - postMm;
  items.push(
    rect(x(rackX), y(0), (rackWidthMm + 2 * postMm) * scale, frame.height * scale, 'none', 0.4),
    rect(x(frame.openingX), y(capMm), rackWidthMm * scale, rack.heightU * rackUnitMm * scale, 'light', 0.2),
  );
  const size = Math.min(2.4, rackUnitMm * scale * 0.6, (postMm * scale) / 1.4);
  for (let unit = 1; unit <= rack.heightU; unit++) {
    const top = capMm + (rack.heightU - unit) * rackUnitMm;
    const words = String(unit);
    const width = measure.measure(words, false) * size;
    const baseline = y(top + rackUnitMm / 2) + (size * capHeight) / 2;
    for (const post of [frame.openingX - postMm / 2, frame.openingX + rackWidthMm + postMm / 2])
      items.push(written(x(post) - width / 2, baseline, words, size, width, 'muted'));
    if (unit < rack.heightU)
      items.push({
        kind: 'line',
        x: x(frame.openingX),
        y: y(top),
        x2: x(frame.openingX + rackWidthMm),
        y2: y(top),
        line: 0.05,
      });
  }
  for (const device of rack.devices) {
    const type = types.get(device.typeId);
    if (type === undefined || device.position === null || type.form === 'vertical') continue;
    if (device.face !== side && !type.fullDepth) continue;
    const half = type.form === 'half' && device.side !== 'full';
    const h = Math.max(type.uHeight, 0.5) * rackUnitMm;
    const w = half ? rackWidthMm / 2 : rackWidthMm;
    const left = frame.openingX + (half && sideSeen(device, side) === 'right' ? rackWidthMm / 2 : 0);
    const top = capMm + (rack.heightU - device.position + 1) * rackUnitMm - h;
    items.push(
      ...drawDevice({
        device,
        type,
        side,
        box: { x: x(left), y: y(top), w: w * scale, h: h * scale },
        scale,
        measure,
      }),
    );
  }
  for (const rail of ['left', 'right'] as const) {
    let left = rail === 'left' ? railGapMm : frame.openingX + rackWidthMm + postMm + railGapMm;
    for (const { device, type } of hanging(rack, types, side, rail)) {
      const h = Math.min(type.heightMm, rack.heightU * rackUnitMm);
      const box = { x: x(left), y: y((frame.height - h) / 2), w: type.widthMm * scale, h: h * scale };
      items.push(...drawDevice({ device, type, side, box, scale, measure }));
      left += channel(type);
    }
  }
  return items;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function drawDevice(options: {
  readonly device: PlacedDevice;
  readonly type: DeviceTypeView;
  readonly side: Side;
  readonly box: Box;
  readonly scale: number;
  readonly measure: Measure;
}): DrawItem[] {
  const { device, type, side, box, scale, measure } = options;
  const face: Face = device.face === side ? type.front : type.rear;
  const occupied = new Set(device.ports.filter((port) => port.occupied).map((port) => port.name));
  const faceX = box.x + Math.max(0, (box.w - type.widthMm * scale) / 2);
  const items: DrawItem[] = [rect(box.x, box.y, box.w, box.h, 'paper', 0.2)];
  for (const element of face.elements) {
    if (element.kind === 'blank' || element.kind === 'label') continue;
    const x = faceX + element.x * scale;
    const y = box.y + element.y * scale;
    // A drawing of a device that is longer than its rack ends with the rack.
    if (y + element.h * scale > box.y + box.h + 0.01) continue;
    const w = element.w * scale;
    const h = element.h * scale;
    const line = element.kind === 'vent' ? 0.04 : 0.08;
    items.push(rect(x, y, w, h, element.kind === 'display' ? 'medium' : 'none', line));
    // A little smaller than its port, so that neighbours stay apart on paper.
    if (element.kind === 'port' && occupied.has(element.name))
      items.push(rect(x + w * 0.14, y + h * 0.14, w * 0.72, h * 0.72, 'ink', 0));
  }
  return [...items, ...drawName(device.name, face, { ...box, x: box.x }, faceX, scale, type, measure)];
}

/** The name in the place that the face keeps for it if it fits there, else over the beginning of the face. */
function drawName(
  name: string,
  face: Face,
  box: Box,
  faceX: number,
  scale: number,
  type: DeviceTypeView,
  measure: Measure,
): DrawItem[] {
  const kept = face.name && {
    x: faceX + face.name.x * scale,
    y: box.y + face.name.y * scale,
    w: face.name.w * scale,
    h: face.name.h * scale,
  };
  if (type.form === 'vertical') {
    const size = Math.min(2.2, box.w * 0.6);
    const place = kept !== null && measure.measure(name, true) * size <= kept.h ? kept : box;
    const shown = cut(measure, name, place.h / size);
    const width = measure.measure(shown, true) * size;
    const bottom = place === kept ? place.y + (place.h + width) / 2 : place.y + width + 1;
    const baseline = box.x + box.w / 2 + (size * capHeight) / 2;
    const ground = rect(baseline - size * 0.95, bottom - width - 0.6, size * 1.25, width + 1.2, 'paper', 0);
    return [ground, { ...written(baseline, bottom, shown, size, width, 'ink'), bold: true, turn: -90 }];
  }
  const over = { x: box.x + 16 * scale, w: box.w * 0.6, y: box.y, h: Math.min(box.h, rackUnitMm * scale) };
  const sizeIn = (area: Box) => Math.min(1.9, Math.max(1.6, area.h * 0.8), box.h * 0.75);
  const area = kept !== null && measure.measure(name, true) * sizeIn(kept) <= kept.w ? kept : over;
  const size = sizeIn(area);
  const shown = cut(measure, name, area.w / size);
  const width = measure.measure(shown, true) * size;
  const baseline = area.y + area.h / 2 + (size * capHeight) / 2;
  const text = { ...written(area.x, baseline, shown, size, width, 'ink'), bold: true };
  if (area === kept) return [text];
  return [rect(area.x - 0.4, baseline - size * 0.95, width + 0.8, size * 1.25, 'paper', 0), text];
}

/** What does not fit in a drawing is in full in the list. */
function cut(measure: Measure, name: string, width: number): string {
  return measure.measure(name, true) <= width ? name : cutText(measure, name, true, width);
}

function rect(
  x: number,
  y: number,
  w: number,
  h: number,
  fill: Extract<DrawItem, { kind: 'rect' }>['fill'],
  line: number,
): DrawItem {
  return { kind: 'rect', x, y, w, h, fill, line, radius: 0 };
}

export function written(
  x: number,
  y: number,
  text: string,
  size: number,
  width: number,
  tone: 'ink' | 'muted',
): Extract<DrawItem, { kind: 'text' }> {
  return { kind: 'text', x, y, text, size, width, bold: false, turn: 0, tone };
}
