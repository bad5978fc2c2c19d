import { descent, type Fonts, riseOf } from './fonts.ts';

export interface FitLine {
  readonly text: string;
  readonly size: number;
  readonly width: number;
  readonly bold: boolean;
  /** Of the baseline, from the top of the block. */
  readonly baseline: number;
}

export interface FitResult {
  readonly lines: readonly FitLine[];
  readonly height: number;
  /** Lines that had to be cut, in full, and lines for which there was no room. */
  readonly cut: readonly string[];
  readonly leftOut: readonly string[];
}

export type Measure = Pick<Fonts, 'measure'>;

/** 4.5 points: what can still be read on a cable at arm's length. */
export const minSizeMm = 1.6;
/** Lines after the first are this much smaller. */
const laterLines = 0.8;
/** From the descent of the line before to the baseline: room for dots on capitals. */
const laterRise = 0.95;

/**
 * Sets lines into a box as large as they fit, at most `maxSize`; the first is bold. A line too long for its box shrinks down to
 * `minSizeMm` and is then cut with an ellipsis; lines for which there is no room even so are left out, the last first.
 */
export function fitLines(
  measure: Measure,
  lines: readonly string[],
  box: { readonly w: number; readonly h: number },
  maxSize: number,
): FitResult {
  const rise = riseOf(lines[0] ?? '');
  let kept = [...lines];
  while (kept.length > 0 && blockHeight(kept.length, rise, minSizeMm, minSizeMm) > box.h)
    kept = kept.slice(0, -1);
  const leftOut = lines.slice(kept.length);
  if (kept.length === 0) return { lines: [], height: 0, cut: [], leftOut };

  const base = Math.min(maxSize, sizeForHeight(kept.length, rise, box.h));
  const cut: string[] = [];
  const sized = kept.map((line, index) => {
    const bold = index === 0;
    const wanted = Math.max(minSizeMm, index === 0 ? base : base * laterLines);
    const unit = measure.measure(line, bold);
    const size = Math.max(minSizeMm, Math.min(wanted, unit === 0 ? wanted : box.w / unit));
    const text = unit * size <= box.w + 1e-9 ? line : cutText(measure, line, bold, box.w / size);
    if (text !== line) cut.push(line);
    return { text, size, bold, width: measure.measure(text, bold) * size };
  });

  let y = 0;
  const placed = sized.map((line, index) => {
    y += line.size * (index === 0 ? rise : laterRise);
    const baseline = y;
    y += line.size * descent;
    return { ...line, baseline };
  });
  return { lines: placed, height: y, cut, leftOut };
}

/** @param first and `later`: sizes of the first line and of those after it */
function blockHeight(count: number, rise: number, first: number, later: number): number {
  return first * (rise + descent) + (count - 1) * later * (laterRise + descent);
}

/** The size of the first line with which `count` lines are as high as the box. */
function sizeForHeight(count: number, rise: number, height: number): number {
  const size = height / blockHeight(count, rise, 1, laterLines);
  if (size * laterLines >= minSizeMm || count === 1) return size;
  // Later lines stand at the least size; the first gets what is left.
  return Math.max(minSizeMm, (height - blockHeight(count, rise, 0, minSizeMm)) / (rise + descent));
}

/** The beginning of a text with an ellipsis, no wider than `width` font sizes; empty when not even one letter fits. */
export function cutText(measure: Measure, text: string, bold: boolean, width: number): string {
  const letters = [...text];
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure.measure(withEllipsis(letters, middle), bold) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : withEllipsis(letters, low);
}

const withEllipsis = (letters: readonly string[], count: number) =>
  `${letters.slice(0, count).join('').trimEnd()}…`;
