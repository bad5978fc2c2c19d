import { facesOf, outlineOf } from './face.ts';
import { groupElements } from './placed.ts';
import { portsOfType } from './ports.ts';
import type { DeviceTypeFile } from './schema.ts';

export interface FaceProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

const sides = ['front', 'rear'] as const;
const decorations = ['bays', 'displays', 'vents', 'blanks', 'labels'] as const;
const toleranceMm = 0.01;

/** What a face's file says that cannot be: ports that the type does not have, twice, or something outside the outline. */
export function faceProblems(type: DeviceTypeFile): FaceProblem[] {
  if (type.rackhaus?.front === undefined && type.rackhaus?.rear === undefined) return [];
  const { widthMm, heightMm } = outlineOf(type);
  const shapes = new Map(portsOfType(type).map((port) => [port.name, port.shape]));
  const isOutside = (box: { x: number; y: number; w: number; h: number }) =>
    box.x < -toleranceMm ||
    box.y < -toleranceMm ||
    box.x + box.w > widthMm + toleranceMm ||
    box.y + box.h > heightMm + toleranceMm;
  const outline = `the outline of ${Math.round(widthMm)} × ${Math.round(heightMm)} mm`;
  const problems: FaceProblem[] = [];
  const placed = new Set<string>();
  for (const side of sides) {
    const file = type.rackhaus[side];
    if (file === undefined) continue;
    const at = ['rackhaus', side];
    for (const [index, group] of file.groups.entries()) {
      const path = [...at, 'groups', index];
      const elements = groupElements(group, shapes);
      const unknown = elements.find((element) => !shapes.has(element.name));
      const twice = elements.find((element) => placed.has(element.name));
      for (const element of elements) placed.add(element.name);
      if (unknown !== undefined)
        problems.push({ path: [...path, 'ports'], message: `the type has no port "${unknown.name}"` });
      else if (twice !== undefined)
        problems.push({ path: [...path, 'ports'], message: `"${twice.name}" is in another group, too` });
      const outside = elements.find(isOutside);
      if (outside !== undefined)
        problems.push({ path, message: `port "${outside.name}" would be outside ${outline}` });
    }
    for (const list of decorations)
      for (const [index, box] of file[list].entries())
        if (isOutside(box)) problems.push({ path: [...at, list, index], message: `is outside ${outline}` });
    if (file.name !== undefined && isOutside(file.name))
      problems.push({ path: [...at, 'name'], message: `is outside ${outline}` });
  }
  return problems;
}

export interface Overlap {
  readonly side: 'front' | 'rear';
  /** Positions in the face's `elements`. */
  readonly elements: readonly [number, number];
}

/** Pairs of elements that lie on top of each other, at most `most` of them. */
export function overlapsOf(type: DeviceTypeFile, most = 50): Overlap[] {
  const faces = facesOf(type);
  const found: Overlap[] = [];
  for (const side of sides) {
    const boxes = faces[side].elements.map((box, index) => ({ ...box, index })).sort((a, b) => a.x - b.x);
    for (const [at, a] of boxes.entries())
      for (let next = at + 1; next < boxes.length; next++) {
        const b = boxes[next];
        if (b === undefined || b.x >= a.x + a.w - toleranceMm) break;
        if (Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) <= toleranceMm) continue;
        found.push({ side, elements: [a.index, b.index] });
        if (found.length >= most) return found;
      }
  }
  return found;
}
