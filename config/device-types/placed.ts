import type { z } from 'zod';
import type { FaceElement, PortShape } from '../contract/inventory.ts';
import type { FaceFile, PortGroup } from './face-file.ts';
import { expandRange } from './port-range.ts';

type Shape = z.infer<typeof PortShape>;

/**
 * The elements that a face's file places. A port that the type does not have, or that stands in `placed` already, is left
 * out; those placed here are added to it.
 */
export function placedElements(
  file: FaceFile | undefined,
  shapes: ReadonlyMap<string, Shape>,
  placed: Set<string>,
): FaceElement[] {
  if (file === undefined) return [];
  const elements: FaceElement[] = [];
  for (const group of file.groups)
    for (const element of groupElements(group, shapes)) {
      if (!shapes.has(element.name) || placed.has(element.name)) continue;
      placed.add(element.name);
      elements.push(element);
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
  for (const blank of file.blanks) elements.push({ kind: 'blank', ...blank });
  for (const label of file.labels) elements.push({ kind: 'label', ...label });
  return elements;
}

/** The ports of a group where its grid has them, whether the type has them or not. */
export function groupElements(
  group: PortGroup,
  shapes: ReadonlyMap<string, Shape>,
): Extract<FaceElement, { kind: 'port' }>[] {
  const names = expandRange(group.ports);
  const columns = Math.ceil(names.length / group.rows);
  return names.map((name, index) => {
    const column = group.order === 'down' ? Math.floor(index / group.rows) : index % columns;
    const row = group.order === 'down' ? index % group.rows : Math.floor(index / columns);
    const gaps = group.gap === undefined ? 0 : Math.floor(column / group.gap.every) * group.gap.by;
    return {
      kind: 'port',
      name,
      shape: shapes.get(name) ?? group.shape,
      x: group.x + column * (group.dx ?? group.w) + gaps,
      y: group.y + row * (group.dy ?? group.h),
      w: group.w,
      h: group.h,
    };
  });
}
