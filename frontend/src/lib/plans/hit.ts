import type { PlanMark } from '@rackhaus/config/contract';
import { area, distance, inside, type Point } from './geometry.ts';

/**
 * What a pointer means on a plan: of racks, outlets and devices the nearest within `reach`, otherwise the smallest room
 * around the point (a store room within a hall).
 */
export function markAt(marks: readonly PlanMark[], p: Point, reach: number): PlanMark | null {
  let best: PlanMark | null = null;
  let bestDistance = reach;
  for (const mark of marks) {
    const [at] = mark.points;
    if (mark.kind === 'room' || at === undefined) continue;
    const away = distance(at, p);
    if (away <= bestDistance) [best, bestDistance] = [mark, away];
  }
  return best ?? roomAt(marks, p);
}

/** The smallest room around a point. */
export function roomAt(marks: readonly PlanMark[], p: Point): PlanMark | null {
  let best: PlanMark | null = null;
  for (const mark of marks)
    if (
      mark.kind === 'room' &&
      inside(mark.points, p) &&
      (best === null || area(mark.points) < area(best.points))
    )
      best = mark;
  return best;
}

/** The next mark in a direction, by the least way with deviation counted double; null at the edge. */
export function neighbour(
  marks: readonly PlanMark[],
  from: PlanMark,
  middle: (mark: PlanMark) => Point,
  [dx, dy]: Point,
): PlanMark | null {
  const start = middle(from);
  let best: PlanMark | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const mark of marks) {
    if (mark.id === from.id) continue;
    const [x, y] = middle(mark);
    const along = (x - start[0]) * dx + (y - start[1]) * dy;
    const across = Math.abs((x - start[0]) * dy) + Math.abs((y - start[1]) * dx);
    const cost = along + 2 * across;
    if (along > 1e-6 && cost < least) [best, least] = [mark, cost];
  }
  return best;
}
