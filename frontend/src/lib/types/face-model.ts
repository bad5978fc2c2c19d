import {
  type DeviceTypeFile,
  expandRange,
  type FaceFile,
  groupElements,
  type PortGroup,
  portSizes,
  portsOfType,
  proposedFaces,
  type TypePort,
} from '@rackhaus/config/contract';

/** What the editor changes of a type: the two faces and how it is mounted. Values are never changed in place. */
export interface Edited {
  readonly front: FaceFile;
  readonly rear: FaceFile;
  readonly form: 'full' | 'half' | 'vertical' | 'none';
  /** Only of what is not as wide and high as its rack units say. */
  readonly widthMm: number | null;
  readonly heightMm: number | null;
}

export type Side = 'front' | 'rear';
export const itemLists = ['groups', 'bays', 'displays', 'vents', 'blanks', 'labels'] as const;
export type ItemList = (typeof itemLists)[number];
/** One thing on a face; `name` is where the device's name is written. */
export interface ItemRef {
  readonly side: Side;
  readonly list: ItemList | 'name';
  readonly index: number;
}
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
export interface Size {
  readonly widthMm: number;
  readonly heightMm: number;
}

export const keyOf = (ref: ItemRef) => `${ref.side}/${ref.list}/${ref.index}`;
const tenths = (value: number) => Math.round(value * 10) / 10;

/** Begins with the faces as they are drawn now: what was generated becomes groups. */
export function editedOf(type: DeviceTypeFile, outline: { form: Edited['form'] } & Size): Edited {
  const loose = outline.form === 'vertical' || outline.form === 'none';
  return {
    ...proposedFaces(type),
    form: outline.form,
    widthMm: loose ? outline.widthMm : null,
    heightMm: loose ? outline.heightMm : null,
  };
}

/** The type with what was edited. */
export function withEdited(type: DeviceTypeFile, edited: Edited): DeviceTypeFile {
  const loose = edited.form === 'vertical' || edited.form === 'none';
  const { widthMm: _w, heightMm: _h, ...rest } = type.rackhaus ?? {};
  return {
    ...type,
    rackhaus: {
      ...rest,
      form: edited.form,
      ...(loose && edited.widthMm !== null ? { widthMm: edited.widthMm } : {}),
      ...(loose && edited.heightMm !== null ? { heightMm: edited.heightMm } : {}),
      front: edited.front,
      rear: edited.rear,
    },
  };
}

export function itemsOf(edited: Edited, side: Side): ItemRef[] {
  const face = edited[side];
  return [
    ...itemLists.flatMap((list) => face[list].map((_, index) => ({ side, list, index }))),
    ...(face.name === undefined ? [] : [{ side, list: 'name' as const, index: 0 }]),
  ];
}

/** The rectangles that an item covers: one for each port of a group. */
export function rectsOf(edited: Edited, ref: ItemRef): readonly Rect[] {
  const face = edited[ref.side];
  if (ref.list === 'name') return face.name === undefined ? [] : [face.name];
  if (ref.list === 'groups') {
    const group = face.groups[ref.index];
    return group === undefined ? [] : groupElements(group, new Map());
  }
  const box = face[ref.list][ref.index];
  return box === undefined ? [] : [box];
}

/** The smallest rectangle around an item; null when there is no such item, or a group names no port. */
export function boundsOf(edited: Edited, ref: ItemRef): Rect | null {
  const rects = rectsOf(edited, ref);
  if (rects.length === 0) return null;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  return {
    x,
    y,
    w: Math.max(...rects.map((rect) => rect.x + rect.w)) - x,
    h: Math.max(...rects.map((rect) => rect.y + rect.h)) - y,
  };
}

type Patch = Partial<PortGroup & { rows: number; columns: number; text: string }>;

/** Sets fields of an item. */
export function changed(edited: Edited, ref: ItemRef, patch: Patch): Edited {
  const face = edited[ref.side];
  if (ref.list === 'name') {
    if (face.name === undefined) return edited;
    const { x, y, w, h } = { ...face.name, ...patch };
    return { ...edited, [ref.side]: { ...face, name: { x, y, w, h } } };
  }
  const list: readonly object[] = face[ref.list];
  const next = list.map((item, index) => (index === ref.index ? withoutUnset({ ...item, ...patch }) : item));
  return { ...edited, [ref.side]: { ...face, [ref.list]: next } };
}

function withoutUnset(item: object): object {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}

/** Moves an item by so many millimetres, but not over the edge of the outline. */
export function moved(edited: Edited, ref: ItemRef, by: { dx: number; dy: number }, size: Size): Edited {
  const bounds = boundsOf(edited, ref);
  if (bounds === null) return edited;
  const within = (at: number, length: number, delta: number, most: number) =>
    Math.max(-at, Math.min(delta, Math.max(-at, most - length - at)));
  const dx = within(bounds.x, bounds.w, by.dx, size.widthMm);
  const dy = within(bounds.y, bounds.h, by.dy, size.heightMm);
  if (dx === 0 && dy === 0) return edited;
  const origin = originOf(edited, ref);
  return changed(edited, ref, { x: tenths(origin.x + dx), y: tenths(origin.y + dy) });
}

/** The left top corner as the file has it. */
function originOf(edited: Edited, ref: ItemRef): { x: number; y: number } {
  const face = edited[ref.side];
  const item = ref.list === 'name' ? face.name : face[ref.list][ref.index];
  return { x: item?.x ?? 0, y: item?.y ?? 0 };
}

/** Adds an item where a face is free, or in its middle. @returns what it is called from now on */
export function added(
  edited: Edited,
  side: Side,
  list: ItemList | 'name',
  size: Size,
  options: { readonly ports?: readonly TypePort[]; readonly portsText?: string; readonly text?: string } = {},
): { edited: Edited; ref: ItemRef } {
  const face = edited[side];
  const shape = options.ports?.[0]?.shape ?? 'rj45';
  const fitting = (w: number, h: number): Rect => {
    const width = tenths(Math.min(w, size.widthMm * 0.8));
    const height = tenths(Math.min(h, size.heightMm * 0.8));
    return { ...freePlace(edited, side, size, width, height), w: width, h: height };
  };
  if (list === 'name')
    return {
      edited: { ...edited, [side]: { ...face, name: fitting(100, 16) } },
      ref: { side, list, index: 0 },
    };
  const ref = { side, list, index: face[list].length };
  const append = (item: object) => ({
    edited: { ...edited, [side]: { ...face, [list]: [...face[list], item] } },
    ref,
  });
  switch (list) {
    case 'groups': {
      const { w, h } = portSizes[shape];
      const count = options.ports?.length ?? 1;
      const rows = count > 8 && 2 * h <= size.heightMm ? 2 : 1;
      const columns = Math.ceil(count / rows);
      const fit = Math.min(1, (size.widthMm * 0.95) / (columns * w), (size.heightMm * 0.95) / (rows * h));
      const width = tenths(w * fit);
      const height = tenths(h * fit);
      return append({
        ports: options.portsText ?? '',
        shape,
        rows,
        order: 'down',
        ...freePlace(edited, side, size, columns * width, rows * height),
        w: width,
        h: height,
      });
    }
    case 'bays':
      return append({ rows: 1, columns: 4, ...fitting(160, 28) });
    case 'labels':
      return append({ text: options.text ?? 'Text', ...fitting(60, 10) });
    case 'displays':
      return append(fitting(60, 24));
    case 'vents':
      return append(fitting(80, 24));
    case 'blanks':
      return append(fitting(80, 30));
  }
}

/** Where nothing lies yet, looked for from the left and from the middle of the height; else the middle. */
function freePlace(edited: Edited, side: Side, size: Size, w: number, h: number): { x: number; y: number } {
  const taken = itemsOf(edited, side).flatMap((ref) => rectsOf(edited, ref));
  const [left, top] = [Math.max(0, size.widthMm - w), Math.max(0, size.heightMm - h)];
  // The rails cover the edge of what is mounted in a rack.
  const edge = Math.min(18, left / 2);
  for (const share of [0.5, 0.15, 0.85])
    for (let x = edge; x <= left - edge; x += 3) {
      const rect = { x, y: top * share, w, h };
      if (!taken.some((other) => overlap(rect, other))) return { x: tenths(x), y: tenths(top * share) };
    }
  return { x: tenths(left / 2), y: tenths(top / 2) };
}

/** Takes an item away; the ports of a group are drawn by themselves then. */
export function removed(edited: Edited, ref: ItemRef): Edited {
  const face = edited[ref.side];
  if (ref.list === 'name') {
    const { name: _, ...rest } = face;
    return { ...edited, [ref.side]: rest };
  }
  const list: readonly object[] = face[ref.list];
  return {
    ...edited,
    [ref.side]: { ...face, [ref.list]: list.filter((_, index) => index !== ref.index) },
  };
}

/** Moves an item to the other face, where it keeps its place. */
export function turned(edited: Edited, ref: ItemRef): { edited: Edited; ref: ItemRef } {
  const side = ref.side === 'front' ? 'rear' : 'front';
  if (ref.list === 'name') {
    const name = edited[ref.side].name;
    const without = removed(edited, ref);
    return name === undefined
      ? { edited, ref }
      : { edited: { ...without, [side]: { ...without[side], name } }, ref: { ...ref, side } };
  }
  const item = edited[ref.side][ref.list][ref.index];
  const without = removed(edited, ref);
  const list: readonly object[] = without[side][ref.list];
  return item === undefined
    ? { edited, ref }
    : {
        edited: { ...without, [side]: { ...without[side], [ref.list]: [...list, item] } },
        ref: { side, list: ref.list, index: list.length },
      };
}

/** Ports that no group names: they are drawn by themselves. */
export function unplacedPorts(type: DeviceTypeFile, edited: Edited): TypePort[] {
  const named = new Set(
    [...edited.front.groups, ...edited.rear.groups].flatMap((group) => expandRange(group.ports)),
  );
  return portsOfType(type).filter((port) => !named.has(port.name));
}

export type ItemFault = 'overlap' | 'outside' | 'unknown-port' | 'twice' | 'empty';

/** What is wrong with items, by their key. An overlap is shown and may be kept; the rest cannot be saved. */
export function faultsOf(type: DeviceTypeFile, edited: Edited, size: Size): Map<string, Set<ItemFault>> {
  const faults = new Map<string, Set<ItemFault>>();
  const add = (ref: ItemRef, fault: ItemFault) => {
    const known = faults.get(keyOf(ref)) ?? new Set();
    faults.set(keyOf(ref), known.add(fault));
  };
  const names = new Set(portsOfType(type).map((port) => port.name));
  const seen = new Set<string>();
  for (const side of ['front', 'rear'] as const) {
    const items = itemsOf(edited, side).map((ref) => ({ ref, rects: rectsOf(edited, ref) }));
    for (const [at, { ref, rects }] of items.entries()) {
      if (rects.length === 0) add(ref, 'empty');
      if (rects.some((rect) => isOutside(rect, size))) add(ref, 'outside');
      if (ref.list === 'groups')
        for (const name of expandRange(edited[side].groups[ref.index]?.ports ?? '')) {
          if (!names.has(name)) add(ref, 'unknown-port');
          if (seen.has(name)) add(ref, 'twice');
          seen.add(name);
        }
      for (const other of items.slice(at + 1))
        if (rects.some((a) => other.rects.some((b) => overlap(a, b)))) {
          add(ref, 'overlap');
          add(other.ref, 'overlap');
        }
    }
  }
  return faults;
}

const toleranceMm = 0.05;
const isOutside = ({ x, y, w, h }: Rect, size: Size) =>
  x < -toleranceMm ||
  y < -toleranceMm ||
  x + w > size.widthMm + toleranceMm ||
  y + h > size.heightMm + toleranceMm;
const overlap = (a: Rect, b: Rect) =>
  Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) > toleranceMm &&
  Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) > toleranceMm;
