const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Widths of a bucket that people can read off an axis, in milliseconds. From 5 min on all are multiples of 5 min, from 1 h on of 1 h. */
export const niceSteps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 30].map((n) => n * day),
] as const;

export const fiveMinutes = 5 * minute;
export const oneHour = hour;

/** The buckets of a request: aligned to multiples of the step since 1970, both ends included. */
export interface Grid {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/**
 * The finest nice step that covers [from, to] in at most `points` buckets and is not finer than `atLeast`.
 * Steps are whole buckets, so that the values of a bucket do not change while the window slides.
 */
export function chooseGrid(from: number, to: number, points: number, atLeast = 0): Grid {
  for (const step of niceSteps) {
    if (step < atLeast) continue;
    const grid = gridOf(from, to, step);
    if (grid.length <= points) return grid;
  }
  // Beyond centuries: whole multiples of the widest step.
  const widest = niceSteps[niceSteps.length - 1] ?? 30 * day;
  return gridOf(from, to, widest * Math.ceil((to - from) / widest / Math.max(1, points - 1)));
}

function gridOf(from: number, to: number, step: number): Grid {
  const first = Math.floor(from / step);
  return { start: first * step, step, length: Math.floor(to / step) - first + 1 };
}
