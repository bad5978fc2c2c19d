import type { DrawItem } from '@rackhaus/config/contract';
import type { Measure } from '../../labels/fit-text.ts';
import { written } from '../../labels/rack-sheet/drawing.ts';
import { wrapText } from '../../labels/rack-sheet/table.ts';
import type { SheetRow } from './sheet.ts';
import type { ColumnKey } from './words.ts';

/** 8.1 points: what can be read at arm's length. */
const textSize = 2.86;
const linePitch = 3.5;
const rowPad = 0.5;
/** Between columns. */
export const gap = 2.4;
const tickWidth = 4;

export interface PrintedColumn {
  readonly key: ColumnKey;
  readonly title: string;
  /** Numbers end at the same place. */
  readonly right: boolean;
}
/** A row of the page, as high as what is in it. */
export interface Band {
  readonly height: number;
  readonly draw: (x: number, y: number) => DrawItem[];
}
export interface Grid {
  readonly columns: readonly PrintedColumn[];
  readonly head: Band;
  readonly row: (cells: readonly string[]) => Band;
  readonly heading: (words: string) => Band;
}

/**
 * Columns as wide as what is in them where that fits; else the wide ones give way, and their texts take several lines.
 * @param tick a last column to tick off by hand
 */
export function columnWidths(options: {
  readonly columns: readonly PrintedColumn[];
  readonly tick: { readonly title: string } | null;
  readonly measure: Measure;
  readonly width: number;
  readonly rows: readonly (readonly string[])[];
}): Grid {
  const { columns, tick, measure, width, rows } = options;
  const tickSpace =
    tick === null ? 0 : Math.max(tickWidth, measure.measure(tick.title, false) * textSize) + gap;
  const wide = (words: string) => measure.measure(words, false) * textSize;
  const wanted = columns.map(
    (column, index) =>
      Math.max(wide(column.title), ...sampled(rows).map((row) => wide(row[index] ?? ''))) + gap + 0.2,
  );
  const least = columns.map(
    (column) => Math.max(...column.title.split(' ').map((word) => wide(word))) + gap + 0.2,
  );
  const widths = fitted(wanted, least, width - tickSpace);
  const band = (cells: readonly string[], isHead: boolean): Band => {
    const texts = cells.map((cell, index) =>
      wrapText(measure, cell, false, ((widths[index] ?? 0) - gap) / textSize),
    );
    const height = Math.max(1, ...texts.map((lines) => lines.length)) * linePitch + 2 * rowPad;
    return {
      height,
      draw: (x, y) => drawBand({ texts, widths, columns, measure, x, y, width, height, isHead, tick }),
    };
  };
  return {
    columns,
    head: band(
      columns.map((column) => column.title),
      true,
    ),
    row: (cells) => band(cells, false),
    heading: (words) => {
      const lines = wrapText(measure, words, true, width / textSize);
      const height = lines.length * linePitch + 2 * rowPad + 1.4;
      return {
        height,
        draw: (x, y) => [
          { kind: 'rect', x, y: y + 0.9, w: width, h: height - 1.2, fill: 'light', line: 0, radius: 0 },
          ...lines.map(
            (line, index): DrawItem => ({
              ...written(
                x + 1,
                y + 0.9 + rowPad + index * linePitch + linePitch * 0.72,
                line,
                textSize,
                measure.measure(line, true) * textSize,
                'ink',
              ),
              bold: true,
            }),
          ),
        ],
      };
    },
  };
}

/** Of thousands of rows a part says enough of how wide columns are. */
function sampled(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const step = Math.max(1, Math.floor(rows.length / 1000));
  return step === 1 ? rows : rows.filter((_, index) => index % step === 0);
}

/** Widths that fill the page; too much is taken from the widest, down to what their longest word of the heading needs. */
function fitted(wanted: readonly number[], least: readonly number[], width: number): number[] {
  const total = wanted.reduce((sum, each) => sum + each, 0);
  if (total <= width) {
    // What is left over goes to all alike, so that lines reach from edge to edge.
    const more = (width - total) / Math.max(1, wanted.length);
    return wanted.map((each) => each + more);
  }
  let low = 0;
  let high = Math.max(...wanted);
  const capped = (most: number) =>
    wanted.map((each, index) => Math.min(each, Math.max(most, least[index] ?? 0)));
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (capped(middle).reduce((sum, each) => sum + each, 0) > width) high = middle;
    else low = middle;
  }
  const widths = capped(low);
  const sum = widths.reduce((all, each) => all + each, 0);
  return widths.map((each) => (each * width) / Math.max(sum, 1));
}

function drawBand(options: {
  readonly texts: readonly (readonly string[])[];
  readonly widths: readonly number[];
  readonly columns: readonly PrintedColumn[];
  readonly measure: Measure;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isHead: boolean;
  readonly tick: { readonly title: string } | null;
}): DrawItem[] {
  const { texts, widths, columns, measure, x, y, width, height, isHead, tick } = options;
  const items: DrawItem[] = [];
  let left = x;
  const tone = isHead ? 'muted' : 'ink';
  for (const [index, lines] of texts.entries()) {
    const columnWidth = widths[index] ?? 0;
    for (const [line, words] of lines.entries()) {
      const wide = measure.measure(words, false) * textSize;
      const at = columns[index]?.right === true ? left + columnWidth - gap - wide : left;
      items.push(written(at, y + rowPad + line * linePitch + linePitch * 0.72, words, textSize, wide, tone));
    }
    left += columnWidth;
  }
  if (tick !== null && isHead)
    items.push(
      written(
        left,
        y + rowPad + linePitch * 0.72,
        tick.title,
        textSize,
        measure.measure(tick.title, false) * textSize,
        tone,
      ),
    );
  if (tick !== null && !isHead)
    items.push({ kind: 'rect', x: left, y: y + 0.65, w: 3.2, h: 3.2, fill: 'none', line: 0.15, radius: 0 });
  const bottom = y + height;
  items.push({ kind: 'line', x, y: bottom, x2: x + width, y2: bottom, line: isHead ? 0.25 : 0.08 });
  return items;
}

/** Rows as bands; with the heading of their group, and where a group begins. */
export function* bandsOf(
  rows: readonly SheetRow[],
  grid: Grid,
  groupBy: ColumnKey | null,
  words: (row: SheetRow, key: ColumnKey) => string,
): Generator<{ band: Band; heading: Band | null; opens: Band | null }> {
  let group: string | null = null;
  let heading: Band | null = null;
  for (const row of rows) {
    let opens: Band | null = null;
    if (groupBy !== null) {
      const own = words(row, groupBy);
      if (own !== group) {
        group = own;
        heading = own === '' ? null : grid.heading(own);
        opens = heading;
      }
    }
    yield { band: grid.row(grid.columns.map(({ key }) => words(row, key))), heading, opens };
  }
}
