/** An axis of values: its ends and its ticks, in the values' own unit. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/**
 * Round ticks around the values from `low` to `high`. `factor` is the display unit (60 for minutes), so that ticks are
 * round in what people read. A flat line gets room above and below; `fromZero` keeps zero in the picture.
 */
export function valueAxis(
  low: number,
  high: number,
  factor: number,
  most: number,
  fromZero: boolean,
): ValueAxis {
  let min = Math.min(low, high) / factor;
  let max = Math.max(low, high) / factor;
  if (!fromZero) {
    // Room, so that the lowest and highest values do not run along the edge.
    const room = (max - min) * 0.05;
    min -= room;
    max += room;
  }
  if (fromZero) {
    min = Math.min(min, 0);
    max = Math.max(max, 0);
  }
  // Differences below what a number can hold would be steps that never end.
  if (max - min <= Math.max(Math.abs(max), Math.abs(min), 1) * 1e-9) {
    const room = Math.abs(max) < 1e-9 ? 1 : Math.abs(max) * 0.1;
    if (!fromZero || min < 0) min -= room;
    max += room;
  }
  const step = niceStep((max - min) / Math.max(most, 1));
  // A hair of tolerance: 0.3 / 0.1 is 2.9999999999999996.
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  const ticks: number[] = [];
  for (let index = first; index <= last; index += 1) ticks.push(index * step * factor + 0);
  return { min: first * step * factor + 0, max: last * step * factor + 0, ticks };
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `size`. */
export function niceStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  for (const factor of [1, 2, 2.5, 5, 10]) {
    if (power * factor >= size * (1 - 1e-9)) return power * factor;
  }
  return power * 10;
}
