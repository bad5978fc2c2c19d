export interface SparkPaths {
  readonly line: string;
  /** The ground under the line, run by run. */
  readonly area: string;
}

/**
 * SVG paths through `values` in a box of `width` by `height`. A null lifts the pen: a gap stays a gap. A flat course lies in the
 * middle.
 */
export function sparkPaths(
  values: readonly (number | null)[],
  width: number,
  height: number,
  range?: readonly [number, number],
): SparkPaths {
  const known = values.filter((value) => value !== null);
  const low = range?.[0] ?? Math.min(...known);
  const high = range?.[1] ?? Math.max(...known);
  const step = width / Math.max(1, values.length - 1);
  let line = '';
  let area = '';
  let run = '';
  const endRun = () => {
    if (run !== '') area += `${run}V${height}z`;
    run = '';
  };
  values.forEach((value, index) => {
    if (value === null) {
      endRun();
      return;
    }
    const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
    const x = Math.round(index * step * 10) / 10;
    // Two units of margin, so that the line's own width is not cut off.
    const y = Math.round((height - 2 - share * (height - 4)) * 10) / 10;
    line += `${run === '' ? 'M' : 'L'}${x} ${y}`;
    run += `${run === '' ? `M${x} ${height}` : ''}L${x} ${y}`;
  });
  endRun();
  return { line, area };
}
