import type { PortView, RoomView } from '@rackhaus/config/contract';
import { type DeviceBox, deviceBoxes, type RackFrame, rackFrame } from '../rack/geometry.ts';
import type { PortElement } from '../rack/port-shape.ts';

/** The part of a face that is shown: millimetres of it, and what is on it. */
export interface FacePart {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly wholeW: number;
  readonly wholeH: number;
  readonly ports: readonly PortElement[];
  readonly byName: ReadonlyMap<string, PortView>;
  readonly lit: PortElement | null;
  /** Where the names of ports stand, each once. */
  readonly numbers: readonly { readonly name: string; readonly x: number; readonly y: number }[];
}

export interface SpotPicture {
  readonly frame: RackFrame;
  /** All devices of that side of the rack as one path. */
  readonly plates: string;
  /** The device that is meant. */
  readonly box: Pick<DeviceBox, 'x' | 'y' | 'w' | 'h'>;
  readonly face: FacePart | null;
}

/** So much of a face fits on a phone with ports that can be told apart. */
const shownMm = 170;
const margin = 4;

/** Where a device and its port are, from the side from which the port is seen; null where the rack's drawing does not have them. */
export function spotPicture(
  room: RoomView,
  of: { readonly rackId: number; readonly deviceId: number; readonly portName: string | null },
): SpotPicture | null {
  const rack = room.racks.find(({ id }) => id === of.rackId);
  if (rack === undefined) return null;
  const types = new Map(room.types.map((type) => [type.id, type]));
  const sides = (['front', 'rear'] as const).map((side) => {
    const boxes = deviceBoxes(rack, types, side);
    const box = boxes.find(({ device }) => device.id === of.deviceId);
    const port = box === undefined ? undefined : portsOf(box).find(({ name }) => name === of.portName);
    return { side, boxes, box, port };
  });
  const seen = sides.find(({ port }) => port !== undefined) ?? sides.find(({ box }) => box !== undefined);
  if (seen?.box === undefined) return null;
  const { box, boxes, side } = seen;
  return {
    frame: rackFrame(rack, types, side),
    plates: boxes.map(({ x, y, w, h }) => `M${x + 4} ${y + 3}h${w - 8}v${h - 6}h${8 - w}z`).join(''),
    box,
    face: facePart(box, seen.port ?? null),
  };
}

function portsOf(box: DeviceBox): PortElement[] {
  return box.face.elements.filter((element): element is PortElement => element.kind === 'port');
}

function facePart(box: DeviceBox, lit: PortElement | null): FacePart | null {
  const ports = portsOf(box);
  if (ports.length === 0) return null;
  const wholeW = box.type.widthMm;
  const wholeH = Math.max(box.type.heightMm, box.h);
  const w = Math.min(wholeW, shownMm);
  // Of a tall device only what is around the port.
  const h = Math.min(wholeH, shownMm / 2);
  const centreX = lit === null ? wholeW / 2 : lit.x + lit.w / 2;
  const centreY = lit === null ? wholeH / 2 : lit.y + lit.h / 2;
  const x = within(centreX - w / 2, -margin, wholeW + margin - w);
  const y = within(centreY - h / 2, 0, wholeH - h);
  return {
    x,
    y,
    w,
    h,
    wholeW,
    wholeH,
    ports: ports.filter((port) => port.x + port.w > x && port.x < x + w),
    byName: new Map(box.device.ports.map((port) => [port.name, port])),
    lit,
    numbers: numbersOf(ports, lit),
  };
}

/** The port's own name above or below it, and those of its neighbours where they are short enough to stand side by side. */
function numbersOf(ports: readonly PortElement[], lit: PortElement | null): FacePart['numbers'] {
  return ports
    .filter((port) => port.name === lit?.name || port.name.length <= 3)
    .map((port) => {
      const below = ports.some(
        (other) => other !== port && Math.abs(other.x - port.x) < 1 && other.y < port.y,
      );
      return {
        name: port.name,
        x: port.x + port.w / 2,
        y: below ? port.y + port.h + 7.5 : port.y - 2.5,
      };
    });
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}
