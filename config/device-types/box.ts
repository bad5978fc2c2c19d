/** A rectangle in millimetres. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The largest interval along one axis that no box touches. */
export function widest(
  start: number,
  length: number,
  boxes: readonly Box[],
  span: (box: Box) => readonly [number, number],
): { from: number; size: number } {
  let best = { from: start, size: 0 };
  let from = start;
  const spans = boxes.map(span).sort((a, b) => a[0] - b[0]);
  for (const [at, size] of [...spans, [start + length, 0] as const]) {
    if (at - from > best.size) best = { from, size: at - from };
    from = Math.max(from, at + size);
  }
  return best;
}
