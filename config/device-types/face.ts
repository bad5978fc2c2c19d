import type { z } from 'zod';
import type { Face, FaceElement, PortShape } from '../contract/inventory.ts';
import { type Box, widest } from './box.ts';
import type { FaceFile } from './face-file.ts';
import { placedElements } from './placed.ts';
import { portsOfType, type TypePort } from './ports.ts';
import { placeRun, type Section } from './run.ts';
import type { DeviceTypeFile } from './schema.ts';

type Shape = z.infer<typeof PortShape>;

/** EIA-310: width over the ears, height of one rack unit. */
export const rackWidthMm = 482.6;
export const rackUnitMm = 44.45;
/** What the rails cover at each side; nothing of a face may be there. */
const earMm = 16;
const edgeMm = 2;
/** Room for a name of eight or nine letters at a size that can be read on a whole rack, even beside 48 ports. */
const nameMm = 104;
/** Between the last thing on a face and the name that follows it. */
const beforeNameMm = 8;

/** How big a port of a shape is drawn, millimetres. Close to the real opening, with room for the link light. */
export const portSizes: Readonly<Record<Shape, { readonly w: number; readonly h: number }>> = {
  rj45: { w: 14, h: 13 },
  sfp: { w: 14, h: 10 },
  qsfp: { w: 19, h: 11 },
  lc: { w: 14, h: 11 },
  sc: { w: 14, h: 11 },
  usb: { w: 13, h: 7 },
  serial: { w: 18, h: 10 },
  'iec-c13': { w: 27, h: 19 },
  'iec-c14': { w: 27, h: 19 },
  'iec-c19': { w: 31, h: 22 },
  'iec-c20': { w: 31, h: 22 },
  schuko: { w: 36, h: 36 },
  terminal: { w: 20, h: 14 },
};

export type Form = 'full' | 'half' | 'vertical' | 'none';

/** Form and size of the outline, millimetres. */
export interface Outline {
  readonly form: Form;
  readonly widthMm: number;
  readonly heightMm: number;
}

export interface TypeFaces extends Outline {
  readonly front: Face;
  readonly rear: Face;
}

/** A strip of this many outlets that takes no rack unit hangs at a rail. */
const fewestOutletsOfStrip = 4;

/** How a type is mounted and how big it is drawn. */
export function outlineOf(type: DeviceTypeFile): Outline {
  const unsaid = type['power-outlets'].length >= fewestOutletsOfStrip ? 'vertical' : 'none';
  const form = type.rackhaus?.form ?? (type.u_height === 0 ? unsaid : 'full');
  if (form === 'full' || form === 'half')
    return {
      form,
      widthMm: rackWidthMm / (form === 'half' ? 2 : 1),
      heightMm: rackUnitMm * Math.max(type.u_height, 0.5),
    };
  return {
    form,
    widthMm: type.rackhaus?.widthMm ?? (form === 'vertical' ? 56 : 150),
    heightMm: type.rackhaus?.heightMm ?? (form === 'vertical' ? 1800 : 100),
  };
}

/** The part of a face that something may sit on: not under the rails, not at the very edge. */
export function usableArea({ form, widthMm, heightMm }: Outline): Box {
  const margin = Math.min(form === 'full' || form === 'half' ? earMm : edgeMm, widthMm / 4);
  const edge = Math.min(edgeMm, heightMm / 4);
  return { x: margin, y: edge, w: widthMm - 2 * margin, h: heightMm - 2 * edge };
}

/**
 * The faces of a type in millimetres: what its `rackhaus` part places, and the rest generated. Every port is on exactly one
 * face, inside the outline, between the ears, and nothing overlaps unless the file itself says so. What hangs at a rail
 * or on a wall has all its ports on the front.
 */
export function facesOf(type: DeviceTypeFile): TypeFaces {
  const outline = outlineOf(type);
  const { form } = outline;
  const rackMounted = form === 'full' || form === 'half';
  const area = usableArea(outline);

  const ports = portsOfType(type);
  const shapes = new Map(ports.map((port) => [port.name, port.shape]));
  const placed = new Set<string>();
  const front = placedElements(type.rackhaus?.front, shapes, placed);
  const rear = placedElements(type.rackhaus?.rear, shapes, placed);
  const rest = ports.filter((port) => !placed.has(port.name));
  const networkSide = type.rackhaus?.networkPorts ?? usualNetworkSide(type, form);
  const isFront = (port: TypePort) => !rackMounted || sideOf(port, networkSide) === 'front';
  const direction = form === 'vertical' ? 'down' : 'across';
  const face = (
    elements: FaceElement[],
    own: TypePort[],
    file: FaceFile | undefined,
    onFront: boolean,
  ): Face => {
    // The name stands at the left of what is looked at most; where the file places things, it knows best.
    const forName = onFront && rackMounted && elements.length === 0 && file?.name === undefined ? nameMm : 0;
    const all = [
      ...elements,
      ...placeRun({
        sections: sectionsOf(own, onFront),
        area: { ...area, x: area.x + forName, w: area.w - forName },
        taken: elements,
        direction,
        atEnd: onFront,
      }),
    ];
    return { elements: all, name: file?.name ?? nameArea(area, all, direction) };
  };
  return {
    ...outline,
    front: face(front, rest.filter(isFront), type.rackhaus?.front, true),
    rear: face(
      rear,
      rest.filter((port) => !isFront(port)),
      type.rackhaus?.rear,
      false,
    ),
  };
}

function sideOf(port: TypePort, networkSide: 'front' | 'rear'): 'front' | 'rear' {
  if (port.kind === 'front') return 'front';
  if (port.kind === 'network' || port.kind === 'console') return networkSide;
  return 'rear';
}

/** What a server's own management is called by its makers. */
const serverManagement = /^(i?lo|ilo|idrac|drac|imm|xcc|bmc|ipmi|irmc|cimc|rmm)\b/i;

/** Servers, UPS and power strips with a network card have it behind; all else is taken to have it in front. */
function usualNetworkSide(type: DeviceTypeFile, form: Form): 'front' | 'rear' {
  if (form !== 'full') return 'front';
  const server = type.interfaces.some((port) => port.mgmt_only === true && serverManagement.test(port.name));
  const power = type['power-outlets'].length > 0 && type.interfaces.length <= 4;
  return server || power ? 'rear' : 'front';
}

/** Ports of one kind and shape stand together: data ports, their uplinks, management, power. */
function sectionsOf(ports: readonly TypePort[], onFront: boolean): Section[] {
  const order = onFront
    ? ['management', 'console', 'network', 'front', 'rear', 'power-outlet', 'inlet']
    : ['inlet', 'power-outlet', 'rear', 'front', 'network', 'management', 'console'];
  const sections = new Map<string, { rank: number; names: string[]; shape: Shape }>();
  for (const port of ports) {
    const group = port.kind === 'network' && port.management ? 'management' : port.kind;
    const key = `${group}/${port.shape}`;
    const section = sections.get(key) ?? { rank: order.indexOf(group), names: [], shape: port.shape };
    section.names.push(port.name);
    sections.set(key, section);
  }
  // The sort is stable: SFP after RJ45, as the file has them.
  return [...sections.values()]
    .sort((a, b) => a.rank - b.rank)
    .map(({ names, shape }) => ({ names, shape, size: portSizes[shape] }));
}

/** The widest strip without elements, if a name can be read there. */
function nameArea(area: Box, elements: readonly FaceElement[], direction: 'across' | 'down'): Box | null {
  const beside = direction === 'across' ? widest(area.x, area.w, elements, (e) => [e.x, e.w]) : null;
  if (beside !== null && beside.size >= 40) {
    const h = Math.min(18, area.h);
    const before = beside.from > area.x ? beforeNameMm : 2;
    return { x: beside.from + before, y: area.y + (area.h - h) / 2, w: beside.size - before - 2, h };
  }
  const above = widest(area.y, area.h, elements, (e) => [e.y, e.h]);
  const least = direction === 'down' ? 40 : 8;
  if (above.size < least) return null;
  const h = Math.min(direction === 'down' ? 90 : 18, above.size - 2);
  return { x: area.x, y: above.from + 1, w: area.w, h };
}
