import type { PlanEditor } from './editor.svelte.ts';
import type { Point } from './geometry.ts';
import { markAt } from './hit.ts';
import type { PlanPointer } from './pointer.ts';

/** What a pointer does to a plan, by what is being done at the moment. `hovered` is told what is under it. */
export function planHands(editor: PlanEditor, hovered: (markId: number | null) => void): PlanPointer {
  let corner: number | null = null;
  let offset: Point = [0, 0];
  let reachNow = 0;

  const grabCorner = (target: Element): boolean => {
    const at = target.getAttribute('data-corner');
    const edge = target.getAttribute('data-edge');
    if (at !== null) corner = Number(at);
    else if (edge !== null) corner = editor.addCorner(Number(edge));
    return corner !== null;
  };

  return {
    grab(point, reach, target) {
      reachNow = reach;
      if (!editor.editing || editor.draft !== null || editor.measured !== null) return false;
      if (grabCorner(target)) return true;
      if (editor.carried !== null) {
        offset = [0, 0];
        return true;
      }
      const hit = markAt(editor.marks, point, reach);
      const [at] = hit?.points ?? [];
      if (hit === null || hit.kind === 'room' || at === undefined || hit.id < 0) return false;
      editor.take(hit.kind, hit.subjectId, at);
      offset = [at[0] - point[0], at[1] - point[1]];
      return true;
    },
    drag(point, free) {
      if (corner !== null) editor.moveCorner(corner, point, free ? null : reachNow);
      else editor.carryTo([point[0] + offset[0], point[1] + offset[1]]);
    },
    release(moved) {
      if (corner !== null) void editor.keepShape();
      else if (moved) void editor.drop();
      // Only pressed: it was chosen, and stays where it is. What is new is put down by the tap that follows.
      else if (editor.carried?.mark) editor.cancel();
      corner = null;
    },
    hover(point, reach, free) {
      if (editor.draft !== null) editor.aim(point, free ? null : reach);
      else if (editor.carried !== null) editor.carryTo(point);
      else hovered(editor.measured === null ? (markAt(editor.marks, point, reach)?.id ?? null) : null);
    },
    leave() {
      hovered(null);
    },
    tap(point, reach, target, twice) {
      if (editor.measured !== null) editor.measureAt(point);
      else if (editor.draft !== null) {
        editor.aim(point, reach);
        void (twice ? editor.close() : editor.setCorner());
      } else if (editor.carried !== null) {
        editor.carryTo(point);
        void editor.drop();
      } else if (!target.closest('[data-corner],[data-edge]'))
        editor.select(markAt(editor.marks, point, reach));
    },
  };
}
