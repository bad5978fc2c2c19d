import type { DifferenceLine } from '@rackhaus/config/contract';

/** One row of two columns; null: there is nothing on that side. */
export interface Pair {
  readonly left: DifferenceLine | null;
  readonly right: DifferenceLine | null;
}

/** The lines of a stretch beside each other: what went beside what came in its place. */
export function pairsOf(lines: readonly DifferenceLine[]): Pair[] {
  const pairs: Pair[] = [];
  let gone: DifferenceLine[] = [];
  let come: DifferenceLine[] = [];
  const flush = () => {
    for (let i = 0; i < Math.max(gone.length, come.length); i++)
      pairs.push({ left: gone[i] ?? null, right: come[i] ?? null });
    gone = [];
    come = [];
  };
  for (const line of lines) {
    if (line.kind === 'removed') gone.push(line);
    else if (line.kind === 'added') come.push(line);
    else {
      flush();
      pairs.push({ left: line, right: line });
    }
  }
  flush();
  return pairs;
}
