import { distance, type Point } from './geometry.ts';

/** What a corner that is being set keeps to. */
export interface SnapTo {
  /** Corners of other rooms and of this one: a corner close to one is that one. */
  readonly corners: readonly Point[];
  /** The corners before and after it: it likes to stand straight above, below or beside them. */
  readonly neighbours: readonly Point[];
  /** The edge before the one that is being drawn: it likes to turn at a right angle from it. */
  readonly edge: readonly [Point, Point] | null;
  /** How near is near, in the units of the plan. */
  readonly reach: number;
}

/** Where a corner goes that a hand has put at `p`. */
export function snap(p: Point, to: SnapTo): Point {
  const corner = nearest(p, to.corners);
  if (corner !== null && distance(p, corner) <= to.reach) return corner;
  const x = nearestValue(
    p[0],
    to.neighbours.map((each) => each[0]),
    to.reach,
  );
  const y = nearestValue(
    p[1],
    to.neighbours.map((each) => each[1]),
    to.reach,
  );
  if (x !== null || y !== null) return [x ?? p[0], y ?? p[1]];
  return to.edge === null ? p : square(to.edge, p, to.reach);
}

/** Onto the line that leads on from an edge, or turns off it at a right angle, where that is near. */
function square([a, b]: readonly [Point, Point], p: Point, reach: number): Point {
  const length = distance(a, b);
  if (length === 0) return p;
  const along: Point = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  const across: Point = [-along[1], along[0]];
  const onto = (direction: Point): Point => {
    const far = (p[0] - b[0]) * direction[0] + (p[1] - b[1]) * direction[1];
    return [b[0] + far * direction[0], b[1] + far * direction[1]];
  };
  const best = nearest(p, [onto(across), onto(along)]);
  return best !== null && distance(p, best) <= reach ? best : p;
}

function nearest(p: Point, points: readonly Point[]): Point | null {
  let best: Point | null = null;
  for (const each of points) if (best === null || distance(p, each) < distance(p, best)) best = each;
  return best;
}

function nearestValue(value: number, values: readonly number[], reach: number): number | null {
  let best: number | null = null;
  for (const each of values)
    if (Math.abs(each - value) <= reach && (best === null || Math.abs(each - value) < Math.abs(best - value)))
      best = each;
  return best;
}
