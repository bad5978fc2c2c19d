import type { DrawItem, SheetCell } from '@rackhaus/config/contract';
import type { Measure } from '../../labels/fit-text.ts';
import type { Page } from '../../labels/pages.ts';
import { written } from '../../labels/rack-sheet/drawing.ts';
import { wrapText } from '../../labels/rack-sheet/table.ts';
import { type Band, bandsOf, columnWidths, type Grid, gap, type PrintedColumn } from './grid.ts';
import { columnKind } from './sheet.ts';
import type { FinishedSheet } from './sheets.ts';
import { type ColumnKey, columnTitle, type Language } from './words.ts';

const margin = 10;
/** What only takes room where no row has it. */
const leftOut: ReadonlySet<ColumnKey> = new Set(['unit', 'medium', 'color', 'onTo', 'remark', 'length']);
const formats = [
  { widthMm: 210, heightMm: 297 },
  { widthMm: 297, heightMm: 210 },
] as const;
type Format = (typeof formats)[number];

interface PageOptions {
  readonly sheet: FinishedSheet;
  readonly language: Language;
  readonly measure: Measure;
  readonly time: number;
}

/** A sheet on A4, upright or across, whichever takes fewer pages; each page with the heading row, and nothing is cut. */
export function sheetPages(options: PageOptions): Page[] {
  const [upright = [], across = []] = formats.map((format) => pagesOn(options, format));
  return across.length < upright.length ? across : upright;
}

function pagesOn(options: PageOptions, format: Format): Page[] {
  const { sheet, language, measure } = options;
  const grid = gridOf(options, format);
  const head = headBands(options, format);
  const top = margin + head.height;
  const bottom = format.heightMm - margin - 6;
  const pages: DrawItem[][] = [];
  let items: DrawItem[] = [];
  let y = Number.POSITIVE_INFINITY;
  const place = (band: Band) => {
    items.push(...band.draw(margin, y));
    y += band.height;
  };
  const begin = () => {
    items = head.draw();
    pages.push(items);
    y = top;
    place(grid.head);
  };
  for (const { band, heading, opens } of bandsOf(sheet.rows, grid, sheet.groupBy, (row, key) =>
    cellWords(row.cells[key] ?? null, options),
  )) {
    // A heading does not stay alone at the foot of a page, and is said again on the next one.
    const needed = band.height + (opens === null ? 0 : opens.height);
    if (y + needed > bottom) {
      begin();
      if (heading !== null) place(heading);
    } else if (opens !== null) place(opens);
    place(band);
  }
  if (pages.length === 0) {
    begin();
    const words = sheet.words.nothing[sheet.kind];
    items.push(text(measure, margin, y + 6, words, 3.1, false, 'ink'));
  }
  const title = [sheet.title, sheet.place].filter((part) => part !== '').join(' · ');
  return pages.map((page, index) => ({
    ...format,
    items: [...page, ...foot(options, format, title, index + 1, pages.length)],
  }));

  function gridOf({ sheet }: PageOptions, { widthMm }: Format): Grid {
    const isSaid = (key: ColumnKey) =>
      sheet.rows.length === 0 || sheet.rows.some(({ cells }) => cells[key] !== null && cells[key] !== '');
    const keys = sheet.columns.filter((key) => key !== sheet.groupBy && (!leftOut.has(key) || isSaid(key)));
    const columns = keys.map(
      (key): PrintedColumn => ({
        key,
        title: columnTitle(key, language),
        right: columnKind(key) === 'number',
      }),
    );
    const withTick = sheet.kind === 'removal' || sheet.kind === 'inspection';
    const tick = withTick ? { title: sheet.words.tick } : null;
    return columnWidths({
      columns,
      tick,
      measure,
      width: widthMm - 2 * margin,
      rows: sheet.rows.map((row) => keys.map((key) => cellWords(row.cells[key] ?? null, options))),
    });
  }
}

function cellWords(cell: SheetCell, { sheet, language }: PageOptions): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return language === 'de' ? String(cell).replace('.', ',') : String(cell);
  return typeof cell === 'object' ? sheet.words.day(cell.day) : cell;
}

/** Title, place and what the sheet is, at the top of every page. */
function headBands(options: PageOptions, format: Format): { height: number; draw: () => DrawItem[] } {
  const { sheet, measure, time } = options;
  const width = format.widthMm - 2 * margin;
  const titleSize = 5.4;
  const lines = [
    sheet.place === '' ? sheet.words.everything : sheet.place,
    ...(sheet.kind === 'distributor' ? [sheet.words.neutral] : []),
  ].flatMap((line) => wrapText(measure, line, false, width / 3.1));
  const printed = sheet.words.printed(sheet.words.date(time));
  const printedWidth = measure.measure(printed, false) * 3.1;
  return {
    height: titleSize + lines.length * 4.4 + 3,
    draw: () => [
      text(measure, margin, margin + titleSize * 0.8, sheet.title, titleSize, true, 'ink'),
      written(
        format.widthMm - margin - printedWidth,
        margin + titleSize * 0.8,
        printed,
        3.1,
        printedWidth,
        'muted',
      ),
      ...lines.map((line, index) =>
        text(measure, margin, margin + titleSize + 3.6 + index * 4.4, line, 3.1, false, 'muted'),
      ),
    ],
  };
}

function foot(options: PageOptions, format: Format, title: string, page: number, of: number): DrawItem[] {
  const { measure, sheet } = options;
  const y = format.heightMm - margin;
  const size = 2.9;
  const right = sheet.words.page(page, of);
  const width = measure.measure(right, false) * size;
  const left = wrapText(measure, title, false, (format.widthMm - 2 * margin - width - gap) / size)[0] ?? '';
  return [
    { kind: 'line', x: margin, y: y - 4, x2: format.widthMm - margin, y2: y - 4, line: 0.1 },
    text(measure, margin, y, left, size, false, 'muted'),
    written(format.widthMm - margin - width, y, right, size, width, 'muted'),
  ];
}

function text(
  measure: Measure,
  x: number,
  y: number,
  words: string,
  size: number,
  bold: boolean,
  tone: 'ink' | 'muted',
): DrawItem {
  return { ...written(x, y, words, size, measure.measure(words, bold) * size, tone), bold };
}
