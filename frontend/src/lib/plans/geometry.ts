import type { PlanPoint } from '@rackhaus/config/contract';

export type Point = PlanPoint;
export interface Size {
  readonly width: number;
  readonly height: number;
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** A point that may be on the picture: the nearest one on it. */
export function within([x, y]: Point, { width, height }: Size): Point {
  return [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
}

/** Coordinates as they are stored: a hundredth of a unit is finer than any hand. */
export function rounded([x, y]: Point): Point {
  return [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
}

/** Twice the area, positive when the corners go clockwise on screen. */
function twiceArea(polygon: readonly Point[]): number {
  return edgesOf(polygon).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0);
}

export function area(polygon: readonly Point[]): number {
  return Math.abs(twiceArea(polygon)) / 2;
}

/** Each corner with the one after it, all around. */
export function edgesOf(polygon: readonly Point[]): [Point, Point][] {
  return polygon.flatMap((corner, index): [Point, Point][] => {
    const next = polygon[(index + 1) % polygon.length];
    return next === undefined ? [] : [[corner, next]];
  });
}

/** Whether a point lies in a polygon, by counting the edges to its right. */
export function inside(polygon: readonly Point[], [x, y]: Point): boolean {
  let odd = false;
  for (const [a, b] of edgesOf(polygon))
    if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) odd = !odd;
  return odd;
}

/** The point of a stretch between two points that is nearest to a third. */
export function nearestOnEdge([a, b]: readonly [Point, Point], p: Point): Point {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  if (length === 0) return a;
  const share = Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length));
  return [a[0] + share * dx, a[1] + share * dy];
}

/** How far a point is from the edges of a polygon; negative outside of it. */
export function depthIn(polygon: readonly Point[], p: Point): number {
  const least = Math.min(...edgesOf(polygon).map((edge) => distance(p, nearestOnEdge(edge, p))));
  return inside(polygon, p) ? least : -least;
}

/**
 * Where a room's name is written: its middle where that is well inside, otherwise (an L, a U) the point of a grid that is
 * farthest from the walls.
 */
export function middleOf(polygon: readonly Point[]): Point {
  const box = boxOf(polygon);
  const centre = centroid(polygon);
  const wellInside = Math.min(box.width, box.height) / 4;
  if (depthIn(polygon, centre) >= wellInside) return centre;
  let best = centre;
  let bestDepth = depthIn(polygon, centre);
  const steps = 12;
  for (let column = 1; column < steps; column++)
    for (let row = 1; row < steps; row++) {
      const p: Point = [box.x + (box.width * column) / steps, box.y + (box.height * row) / steps];
      const depth = depthIn(polygon, p);
      if (depth > bestDepth) [best, bestDepth] = [p, depth];
    }
  return best;
}

function centroid(polygon: readonly Point[]): Point {
  const twice = twiceArea(polygon);
  const box = boxOf(polygon);
  if (Math.abs(twice) < 1e-9) return [box.x + box.width / 2, box.y + box.height / 2];
  let [x, y] = [0, 0];
  for (const [a, b] of edgesOf(polygon)) {
    const cross = a[0] * b[1] - b[0] * a[1];
    x += (a[0] + b[0]) * cross;
    y += (a[1] + b[1]) * cross;
  }
  return [x / (3 * twice), y / (3 * twice)];
}

/** The smallest upright rectangle around points. */
export function boxOf(points: readonly Point[]): Size & { readonly x: number; readonly y: number } {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Degrees in 0 … 359. */
export function normalTurn(degrees: number): number {
  return ((Math.round(degrees) % 360) + 360) % 360;
}
