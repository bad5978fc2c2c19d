export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  /** Numbers in both, from 1; null: it is not there. */
  readonly left: number | null;
  readonly right: number | null;
  readonly text: string;
}

/** Above it the shortest way is not looked for any more: the middle is one large replacement. */
const mostEdits = 2000;

/**
 * The difference of two lists of lines, as short as can be: Myers, "An O(ND) Difference Algorithm", 1986, forward greedy. Memory grows
 * with the square of the edits, so very large ones are told coarsely.
 */
export function lineDifference(left: readonly string[], right: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < left.length && head < right.length && left[head] === right[head]) head++;
  let tail = 0;
  while (
    tail < left.length - head &&
    tail < right.length - head &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail++;
  const lines: DiffLine[] = [];
  const same = (l: number, r: number) =>
    lines.push({ kind: 'same', left: l + 1, right: r + 1, text: left[l] ?? '' });
  const removed = (l: number) =>
    lines.push({ kind: 'removed', left: l + 1, right: null, text: left[l] ?? '' });
  const added = (r: number) => lines.push({ kind: 'added', left: null, right: r + 1, text: right[r] ?? '' });

  for (let i = 0; i < head; i++) same(i, i);
  const a = left.slice(head, left.length - tail);
  const b = right.slice(head, right.length - tail);
  const way = shortest(a, b);
  if (way === null) {
    for (let i = 0; i < a.length; i++) removed(head + i);
    for (let i = 0; i < b.length; i++) added(head + i);
  } else {
    let l = 0;
    let r = 0;
    for (const step of way) {
      if (step === 'same') same(head + l++, head + r++);
      else if (step === 'removed') removed(head + l++);
      else added(head + r++);
    }
  }
  for (let i = tail; i > 0; i--) same(left.length - i, right.length - i);
  return lines;
}

function shortest(a: readonly string[], b: readonly string[]): DiffLine['kind'][] | null {
  const most = Math.min(a.length + b.length, mostEdits);
  const offset = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(furthest.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, offset + k - 1) < at(furthest, offset + k + 1));
      let x = down ? at(furthest, offset + k + 1) : at(furthest, offset + k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[offset + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return null;
}

/** `trace[d]` holds the furthest points before step d, of the diagonals from -d-1 to d+1. */
function walkBack(trace: readonly Int32Array[], endX: number, endY: number): DiffLine['kind'][] {
  const steps: DiffLine['kind'][] = [];
  let x = endX;
  let y = endY;
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = trace[d] ?? new Int32Array();
    const of = (k: number) => at(before, k + d + 1);
    const k = x - y;
    const down = k === -d || (k !== d && of(k - 1) < of(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = of(fromK);
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY) {
      steps.push('same');
      x--;
      y--;
    }
    if (d > 0) {
      steps.push(down ? 'added' : 'removed');
      x = fromX;
      y = fromY;
    }
  }
  return steps.reverse();
}

function at(of: Int32Array, index: number): number {
  return of[index] ?? 0;
}

/** Stretches of what differs, with so many lines around them. */
export function hunksOf(lines: readonly DiffLine[], around = 3): DiffLine[][] {
  const hunks: DiffLine[][] = [];
  let from = -1;
  let until = -1;
  const close = () => {
    if (from >= 0) hunks.push(lines.slice(from, until));
  };
  lines.forEach((line, index) => {
    if (line.kind === 'same') return;
    if (from >= 0 && index - around <= until) until = Math.min(lines.length, index + around + 1);
    else {
      close();
      from = Math.max(0, index - around);
      until = Math.min(lines.length, index + around + 1);
    }
  });
  close();
  return hunks;
}
