/** One measured figure and what it must reach. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Largest value that meets the target. */
  readonly atMost: number;
  /** What a peer needed for the same work in the same run. */
  readonly peer?: { readonly name: string; readonly value: number };
}

/** `name value unit target<=x [peer value ratio r]` */
export function formatFigure(figure: Figure): string {
  const peer = figure.peer
    ? ` ${figure.peer.name} ${round(figure.peer.value)} ratio ${round(figure.value / figure.peer.value)}`
    : '';
  return `${figure.name} ${round(figure.value)} ${figure.unit} target<=${round(figure.atMost)}${peer}`;
}

/** Middle of the values; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Value below which the share `p` lies, by linear interpolation between the nearest two. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
