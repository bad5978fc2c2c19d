import type { PlanMark } from '@rackhaus/config/contract';
import type { PlanCamera } from './camera.svelte.ts';
import type { PlanEditor } from './editor.svelte.ts';
import { middleOf, type Point } from './geometry.ts';
import { neighbour } from './hit.ts';

const directions: Readonly<Record<string, Point>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
const coarsePx = 12;
const finePx = 1;
const panPx = 80;
const turnBy = 15;

/** The point that stands for a mark: where it is, or the middle of the room. */
export function middleOfMark(mark: PlanMark): Point {
  const [only, second] = mark.points;
  return second === undefined && only !== undefined ? only : middleOf(mark.points);
}

/**
 * The keyboard on a plan. `focused` is the mark that has the focus, or the corner of the chosen room; without either the
 * arrows move the view. @returns whether the key was one of ours.
 */
export function planKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  on: {
    readonly editor: PlanEditor;
    readonly camera: PlanCamera;
    readonly focused: PlanMark | null;
    readonly corner: number | null;
    /** Moves the focus to a mark. */
    focus(mark: PlanMark): void;
  },
): boolean {
  const { editor, camera, focused, corner } = on;
  const { key, shiftKey } = event;
  const direction = directions[key];
  const by = (shiftKey ? finePx : coarsePx) / camera.now.scale;
  const moved = ([x, y]: Point, [dx, dy]: Point): Point => [x + dx * by, y + dy * by];

  if (editor.carried !== null) {
    const { point } = editor.carried;
    if (direction) follow(camera, moved(point, direction), (to) => editor.carryTo(to));
    else if (key === 'Enter' || key === ' ') void editor.drop();
    else if (key === 'Escape') editor.cancel();
    else if (key === 'r' || key === 'R') editor.turn(shiftKey ? -turnBy : turnBy);
    else if (key === 'Delete' && editor.carried.mark) void editor.remove(editor.carried.mark);
    else return false;
    return true;
  }
  if (editor.draft !== null) {
    const { cursor } = editor.draft;
    if (direction) follow(camera, moved(cursor ?? camera.middle, direction), (to) => editor.aim(to, null));
    else if (key === ' ') void editor.setCorner();
    else if (key === 'Enter') void (editor.draft.corners.length >= 3 ? editor.close() : editor.setCorner());
    else if (key === 'Backspace') editor.takeCornerBack();
    else if (key === 'Escape') editor.cancel();
    else return false;
    return true;
  }
  if (editor.editing && corner !== null && editor.selected !== null) {
    const at = editor.selected.points[corner];
    if (direction && at) follow(camera, moved(at, direction), (to) => editor.moveCorner(corner, to, null));
    else if (key === 'Enter') void editor.keepShape();
    else if (key === 'Escape') editor.cancel();
    else if (key === 'Delete' || key === 'Backspace') void editor.removeCorner(corner);
    else return false;
    return true;
  }
  if (key === 'Escape') {
    editor.cancel();
    editor.select(null);
    return true;
  }
  if (focused !== null) {
    if (direction) {
      const next = neighbour(editor.marks, focused, middleOfMark, direction);
      if (next !== null) on.focus(next);
      return true;
    }
    if (key === 'Enter' || key === ' ') {
      if (editor.editing && focused.kind !== 'room')
        editor.take(focused.kind, focused.subjectId, middleOfMark(focused));
      else editor.select(focused);
      return true;
    }
    if (key === 'Delete' && editor.editing) {
      void editor.remove(focused);
      return true;
    }
    return false;
  }
  if (!direction) return false;
  camera.pan(-direction[0] * panPx, -direction[1] * panPx);
  return true;
}

function follow(camera: PlanCamera, to: Point, move: (to: Point) => void): void {
  move(to);
  camera.show(to);
}
