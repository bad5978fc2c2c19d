import { setImmediate } from 'node:timers/promises';
import type { DrawItem } from '@rackhaus/config/contract';
import type { Fonts } from './fonts.ts';
import { drawLabel, type LabelContent, shifted } from './label.ts';
import { cellOf, type Medium } from './media.ts';
import type { Misfit } from './misfits.ts';

/** A page to scale. */
export interface Page {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly items: readonly DrawItem[];
}

export interface LabelPage extends Page {
  /** The edges of the labels, and what had to be left out on them. */
  readonly cells: readonly {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  }[];
  readonly warnings: readonly Misfit[];
}

export interface PageOptions {
  /** First unused label of the first sheet, from 1. */
  readonly start: number;
  readonly cableDiameterMm: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** Labels drawn in one go; a code of 29 modules takes about half a millisecond. */
const inOneGo = 20;

/**
 * Lays labels out on pages, one after the other, so that a job of thousands needs the memory of one page. Lets others work
 * in between.
 * @throws AppError invalid, see {@link drawLabel}
 */
export async function* labelPages(
  fonts: Fonts,
  medium: Medium,
  labels: Iterable<LabelContent>,
  options: PageOptions,
): AsyncGenerator<LabelPage> {
  const isRoll = medium.form === 'roll';
  const first = isRoll ? 1 : Math.min(options.start, medium.columns * medium.rows);
  let page = emptyPage(medium);
  let pageNumber = 0;
  let index = 0;
  for (const content of labels) {
    const drawn = drawLabel(fonts, medium, content, options.cableDiameterMm);
    const cell = isRoll ? { page: index, x: 0, y: 0 } : cellOf(medium, index, first);
    if (cell.page > pageNumber) {
      yield page;
      page = emptyPage(medium);
      pageNumber = cell.page;
    }
    if (isRoll) page.widthMm = drawn.w;
    page.cells.push({ x: cell.x, y: cell.y, w: drawn.w, h: drawn.h });
    for (const item of drawn.items)
      page.items.push(shifted(item, cell.x + options.shiftX, cell.y + options.shiftY));
    page.warnings.push(...drawn.warnings);
    index++;
    if (index % inOneGo === 0) await setImmediate();
  }
  if (index > 0) yield page;
}

function emptyPage(medium: Medium): {
  widthMm: number;
  heightMm: number;
  items: DrawItem[];
  cells: { x: number; y: number; w: number; h: number }[];
  warnings: Misfit[];
} {
  return {
    widthMm: medium.pageWidthMm ?? 0,
    heightMm: medium.pageHeightMm,
    items: [],
    cells: [],
    warnings: [],
  };
}

/** How many pages a job has. */
export function pageCount(medium: Medium, labels: number, start: number): number {
  if (labels === 0) return 0;
  if (medium.form === 'roll') return labels;
  const perPage = medium.columns * medium.rows;
  return Math.ceil((labels + Math.min(start, perPage) - 1) / perPage);
}
