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
/** Before a line gets smaller than this, it goes on in a second one if there is room. */
const comfortableMm = 2.2;
/** Lines after the first are this much smaller. */
const laterLines = 0.8;
/** From the descent of the line before to the baseline: room for dots on capitals. */
const laterRise = 0.95;

/** A line, or a part of one that goes on in the next. */
interface Part {
  readonly text: string;
  /** Place of the line that it belongs to. */
  readonly line: number;
}

/**
 * Sets lines into a box as large as they fit, at most `maxSize`; the first is bold. A line too long for its box goes on in a
 * second one where there is room, else shrinks down to `minSizeMm` and is then cut with an ellipsis; lines for which there
 * is no room even so are left out, the last first.
 */
export function fitLines(
  measure: Measure,
  lines: readonly string[],
  box: { readonly w: number; readonly h: number },
  maxSize: number,
): FitResult {
  const rise = riseOf(lines[0] ?? '');
  let kept = inParts(measure, lines, box, rise);
  while (kept.length > 0 && blockHeight(kept.length, rise, minSizeMm, minSizeMm) > box.h)
    kept = kept.slice(0, -1);
  const leftOut = lines.slice((kept.at(-1)?.line ?? -1) + 1);
  const base = Math.min(maxSize, sizeForHeight(kept.length, rise, box.h));
  const sizeOf = (part: Part) => {
    const wanted = Math.max(minSizeMm, part.line === 0 ? base : base * laterLines);
    const unit = measure.measure(part.text, part.line === 0);
    return Math.max(minSizeMm, Math.min(wanted, unit === 0 ? wanted : box.w / unit));
  };
  const cut: string[] = [];
  const sized = kept.map((part) => {
    const bold = part.line === 0;
    const size = Math.min(...kept.filter(({ line }) => line === part.line).map(sizeOf));
    const fits = measure.measure(part.text, bold) * size <= box.w + 1e-9;
    const text = fits ? part.text : cutText(measure, part.text, bold, box.w / size);
    if (!fits) cut.push(lines[part.line] ?? part.text);
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

/** The lines with those in two parts that would be small in one, if there is room for as many. */
function inParts(
  measure: Measure,
  lines: readonly string[],
  box: { readonly w: number; readonly h: number },
  rise: number,
): Part[] {
  const whole = lines.map((text, line) => ({ text, line }));
  const parts = whole.flatMap((part) => {
    const width = (text: string) => measure.measure(text, part.line === 0) * comfortableMm;
    if (width(part.text) <= box.w) return [part];
    const words = part.text.split(' ');
    const breaks = words.slice(1).map((_, index) => {
      const [start, end] = [words.slice(0, index + 1).join(' '), words.slice(index + 1).join(' ')];
      return { start, end, width: Math.max(width(start), width(end)) };
    });
    const best = breaks.toSorted((one, other) => one.width - other.width)[0];
    if (best === undefined || best.width > box.w) return [part];
    return [
      { text: best.start, line: part.line },
      { text: best.end, line: part.line },
    ];
  });
  return blockHeight(parts.length, rise, comfortableMm, comfortableMm) <= box.h ? parts : whole;
}

/** @param first and `later`: sizes of the first line and of those after it */
function blockHeight(count: number, rise: number, first: number, later: number): number {
  if (count === 0) return 0;
  return first * (rise + descent) + (count - 1) * later * (laterRise + descent);
}

/** The size of the first line with which `count` lines are as high as the box. */
function sizeForHeight(count: number, rise: number, height: number): number {
  if (count === 0) return minSizeMm;
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
