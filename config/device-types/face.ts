import type { z } from 'zod';
import type { Face, FaceElement, PortShape } from '../contract/index.ts';
import { type Box, widest } from './box.ts';
import { expandRange } from './port-range.ts';
import { portsOfType, type TypePort } from './ports.ts';
import { placeRun, type Section } from './run.ts';
import type { DeviceTypeFile } from './schema.ts';

type Shape = z.infer<typeof PortShape>;
type FaceFile = NonNullable<NonNullable<DeviceTypeFile['rackhaus']>['front']>;

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

export interface TypeFaces {
  readonly form: 'full' | 'half' | 'vertical' | 'none';
  readonly widthMm: number;
  readonly heightMm: number;
  readonly front: Face;
  readonly rear: Face;
}

/**
 * The faces of a type in millimetres: what its `rackhaus` part places, and the rest generated. Every port is on exactly one
 * face, inside the outline, between the ears, and nothing overlaps unless the file itself says so. What hangs at a rail
 * or on a wall has all its ports on the front.
 */
export function facesOf(type: DeviceTypeFile): TypeFaces {
  const form = type.rackhaus?.form ?? (type.u_height === 0 ? 'none' : 'full');
  const rackMounted = form === 'full' || form === 'half';
  const widthMm = rackMounted
    ? rackWidthMm / (form === 'half' ? 2 : 1)
    : (type.rackhaus?.widthMm ?? (form === 'vertical' ? 56 : 150));
  const heightMm = rackMounted
    ? rackUnitMm * Math.max(type.u_height, 0.5)
    : (type.rackhaus?.heightMm ?? (form === 'vertical' ? 1800 : 100));
  const margin = rackMounted ? earMm : edgeMm;
  const area = { x: margin, y: edgeMm, w: widthMm - 2 * margin, h: heightMm - 2 * edgeMm };

  const ports = portsOfType(type);
  const shapes = new Map(ports.map((port) => [port.name, port.shape]));
  const front = explicit(type.rackhaus?.front, shapes);
  const rear = explicit(type.rackhaus?.rear, shapes);
  const placed = new Set([...front, ...rear].flatMap((e) => (e.kind === 'port' ? [e.name] : [])));
  const rest = ports.filter((port) => !placed.has(port.name));
  const isFront = (port: TypePort) => !rackMounted || sideOf(port, type) === 'front';
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
    form,
    widthMm,
    heightMm,
    front: face(front, rest.filter(isFront), type.rackhaus?.front, true),
    rear: face(
      rear,
      rest.filter((port) => !isFront(port)),
      type.rackhaus?.rear,
      false,
    ),
  };
}

function sideOf(port: TypePort, type: DeviceTypeFile): 'front' | 'rear' {
  if (port.kind === 'front') return 'front';
  if (port.kind === 'network' || port.kind === 'console') return type.rackhaus?.networkPorts ?? 'front';
  return 'rear';
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

function explicit(file: FaceFile | undefined, shapes: ReadonlyMap<string, Shape>): FaceElement[] {
  if (file === undefined) return [];
  const elements: FaceElement[] = [];
  for (const group of file.groups) {
    const names = expandRange(group.ports);
    const columns = Math.ceil(names.length / group.rows);
    for (const [index, name] of names.entries()) {
      const column = group.order === 'down' ? Math.floor(index / group.rows) : index % columns;
      const row = group.order === 'down' ? index % group.rows : Math.floor(index / columns);
      const gaps = group.gap === undefined ? 0 : Math.floor(column / group.gap.every) * group.gap.by;
      elements.push({
        kind: 'port',
        name,
        shape: shapes.get(name) ?? group.shape,
        x: group.x + column * group.w + gaps,
        y: group.y + row * group.h,
        w: group.w,
        h: group.h,
      });
    }
  }
  for (const { rows, columns, x, y, w, h } of file.bays)
    for (let index = 0; index < rows * columns; index++)
      elements.push({
        kind: 'bay',
        x: x + (index % columns) * (w / columns),
        y: y + Math.floor(index / columns) * (h / rows),
        w: w / columns,
        h: h / rows,
      });
  for (const display of file.displays) elements.push({ kind: 'display', ...display });
  for (const vent of file.vents) elements.push({ kind: 'vent', ...vent });
  return elements;
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
