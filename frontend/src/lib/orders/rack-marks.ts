import type { RackView } from '@rackhaus/config/contract';
import { deviceBoxes, type TypesById, type ViewSide } from '../rack/geometry.ts';

/** Centres of those ports that are seen from a side, in millimetres of the drawing. */
export function changedPorts(
  rack: RackView,
  types: TypesById,
  side: ViewSide,
  ids: ReadonlySet<number>,
): { readonly id: number; readonly x: number; readonly y: number }[] {
  return deviceBoxes(rack, types, side).flatMap((box) => {
    const elements = new Map(
      box.face.elements.flatMap((element) => (element.kind === 'port' ? [[element.name, element]] : [])),
    );
    return box.device.ports.flatMap(({ id, name }) => {
      const element = elements.get(name);
      if (!ids.has(id) || !element) return [];
      return [{ id, x: box.faceX + element.x + element.w / 2, y: box.y + element.y + element.h / 2 }];
    });
  });
}

/** Where those devices are drawn. */
export function changedBoxes(
  rack: RackView,
  types: TypesById,
  side: ViewSide,
  ids: ReadonlySet<number>,
): { readonly id: number; readonly x: number; readonly y: number; readonly w: number; readonly h: number }[] {
  return deviceBoxes(rack, types, side)
    .filter(({ device }) => ids.has(device.id))
    .map(({ device, x, y, w, h }) => ({ id: device.id, x, y, w, h }));
}
