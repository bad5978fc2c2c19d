/**
 * An SVG path through `values` in a box of `width` by `height`. A null lifts the pen: a gap stays a gap. A flat course lies in the
 * middle.
 */
export function sparkPath(
  values: readonly (number | null)[],
  width: number,
  height: number,
  range?: readonly [number, number],
): string {
  const known = values.filter((value) => value !== null);
  const low = range?.[0] ?? Math.min(...known);
  const high = range?.[1] ?? Math.max(...known);
  const step = width / Math.max(1, values.length - 1);
  let path = '';
  let down = false;
  values.forEach((value, index) => {
    if (value === null) {
      down = false;
      return;
    }
    const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
    const x = Math.round(index * step * 10) / 10;
    // Two units of margin, so that the line's own width is not cut off.
    const y = Math.round((height - 2 - share * (height - 4)) * 10) / 10;
    path += `${down ? 'L' : 'M'}${x} ${y}`;
    down = true;
  });
  return path;
}
