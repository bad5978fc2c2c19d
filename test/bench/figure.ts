/** What a value must reach: the largest or the smallest one that meets the target. */
type Target = { readonly atMost: number } | { readonly atLeast: number };

/** One measured figure and what it must reach. */
export type Figure = Target & {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What a peer needed for the same work in the same run. */
  readonly peer?: { readonly name: string; readonly value: number };
};

/** Whether the target is met. Not a number is not a result, so it does not meet any. */
export function isMet(figure: Figure): boolean {
  return 'atMost' in figure ? figure.value <= figure.atMost : figure.value >= figure.atLeast;
}

/** `name value unit target<=x [peer value ratio r]`, or `target>=x` */
export function formatFigure(figure: Figure): string {
  const peer = figure.peer
    ? ` ${figure.peer.name} ${round(figure.peer.value)} ratio ${round(figure.value / figure.peer.value)}`
    : '';
  const target = 'atMost' in figure ? `<=${round(figure.atMost)}` : `>=${round(figure.atLeast)}`;
  return `${figure.name} ${round(figure.value)} ${figure.unit} target${target}${peer}`;
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
