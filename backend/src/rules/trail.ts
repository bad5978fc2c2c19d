import type { When } from '@rackhaus/config/alert-rules';

/** What a rule remembers of the past of one value: few points, however often it is read. Never changed, only replaced. */
export interface Trail {
  /** When it began to be followed. */
  readonly from: number;
  /** Times and values, oldest first. */
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** How a trail is kept, and what it says. Pure. */
export interface TrailKind {
  readonly spanMs: number;
  /** The trail with one more value. */
  add(trail: Trail | null, time: number, value: number): Trail;
  /** The number that the limit is for; undefined: too little is known yet. */
  read(trail: Trail, time: number, value: number): number | undefined;
}

/** Points that a trail of numbers has at most. */
const mostPoints = 24;
/** A straight line needs these many, over this part of the time, and has to explain this part of what moves. */
const leastPoints = 6;
const leastPart = 1 / 4;
const leastFit = 0.6;

/** null: the rule looks at the value alone. */
export function trailOf(when: When): TrailKind | null {
  if ('rises' in when) return moveTrail(when.rises.within * 1000, 1);
  if ('falls' in when) return moveTrail(when.falls.within * 1000, -1);
  if ('changes' in when) return changesTrail(when.changes.within * 1000, when.changes.times);
  if ('fullWithin' in when) return forecastTrail(when.fullWithin);
  return null;
}

/** Of each part of the span the calmest value, so that a move is not missed. `sign` 1: upwards. */
function moveTrail(spanMs: number, sign: 1 | -1): TrailKind {
  const partMs = spanMs / mostPoints;
  return {
    spanMs,
    add(trail, time, value) {
      if (trail === null) return { from: time, points: [[time, value]] };
      const last = trail.points.at(-1);
      if (last && time - last[0] < partMs) {
        if (sign * (value - last[1]) >= 0) return trail;
        return { from: trail.from, points: [...trail.points.slice(0, -1), [last[0], value]] };
      }
      return { from: trail.from, points: [...since(trail.points, time - spanMs), [time, value]] };
    },
    read(trail, time, value) {
      let most = 0;
      for (const [at, was] of trail.points)
        if (at >= time - spanMs) most = Math.max(most, sign * (value - was));
      return most;
    },
  };
}

/** Times at which the value changed, and what it was then. The first point is where it began. */
function changesTrail(spanMs: number, times: number): TrailKind {
  return {
    spanMs,
    add(trail, time, value) {
      if (trail === null) return { from: time, points: [[time, value]] };
      const last = trail.points.at(-1);
      if (last && last[1] === value) return trail;
      // One more than is asked for says that it was often enough.
      return { from: trail.from, points: [...trail.points, [time, value] as const].slice(-times - 1) };
    },
    read(trail, time) {
      let count = 0;
      for (const [at] of trail.points) if (at > trail.from && at > time - spanMs) count++;
      return count;
    },
  };
}

/** Seconds until the straight line through the points reaches the limit; Infinity when it does not. */
function forecastTrail(spec: { limit: number; from: number; over: number }): TrailKind {
  const spanMs = spec.over * 1000;
  const partMs = spanMs / mostPoints;
  return {
    spanMs,
    add(trail, time, value) {
      if (trail === null) return { from: time, points: [[time, value]] };
      const last = trail.points.at(-1);
      if (last && time - last[0] < partMs) return trail;
      return { from: trail.from, points: [...since(trail.points, time - spanMs), [time, value]] };
    },
    read({ points }, _, value) {
      const first = points[0];
      const last = points.at(-1);
      if (!first || !last || points.length < leastPoints || last[0] - first[0] < spanMs * leastPart)
        return undefined;
      if (value < spec.from) return Number.POSITIVE_INFINITY;
      if (value >= spec.limit) return 0;
      const { slope, fit } = line(points);
      if (slope <= 0 || fit < leastFit) return Number.POSITIVE_INFINITY;
      return (spec.limit - value) / slope / 1000;
    },
  };
}

function since(points: Trail['points'], oldest: number): Trail['points'] {
  const first = points.findIndex(([time]) => time >= oldest);
  return first <= 0 ? (first < 0 ? [] : points) : points.slice(first);
}

/** Least squares: change per millisecond, and which part of the variance it explains. */
function line(points: Trail['points']): { slope: number; fit: number } {
  const [start = 0] = points[0] ?? [];
  const n = points.length;
  let t = 0;
  let v = 0;
  for (const [time, value] of points) {
    t += (time - start) / n;
    v += value / n;
  }
  let tt = 0;
  let tv = 0;
  let vv = 0;
  for (const [time, value] of points) {
    const [dt, dv] = [time - start - t, value - v];
    tt += dt * dt;
    tv += dt * dv;
    vv += dv * dv;
  }
  if (tt === 0 || vv === 0) return { slope: 0, fit: 0 };
  return { slope: tv / tt, fit: (tv * tv) / (tt * vv) };
}
