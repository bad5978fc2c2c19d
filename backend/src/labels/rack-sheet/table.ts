import type { DrawItem } from '@rackhaus/config/contract';
import type { Measure } from '../fit-text.ts';
import { written } from './drawing.ts';

export interface Column {
  readonly title: string;
  readonly width: number;
}
export interface TableRow {
  readonly cells: readonly string[];
  readonly muted?: boolean;
}

const textSize = 2.9;
const linePitch = 3.8;
const rowPad = 1.3;
const cellGap = 3;

/** The height of a row, and how to draw it with its left top corner at a place. Long texts take several lines; nothing is cut. */
export function layoutRow(
  measure: Measure,
  columns: readonly Column[],
  row: TableRow,
  options: { readonly head?: boolean } = {},
): { height: number; draw: (x: number, y: number) => DrawItem[] } {
  const bold = (column: number) => options.head !== true && row.muted !== true && column === 1;
  const cells = row.cells.map((text, index) =>
    wrapText(measure, text, bold(index), ((columns[index]?.width ?? 0) - cellGap) / textSize),
  );
  const lines = Math.max(1, ...cells.map((cell) => cell.length));
  const height = lines * linePitch + 2 * rowPad;
  return {
    height,
    draw(x, y) {
      const items: DrawItem[] = [];
      let left = x;
      for (const [index, cell] of cells.entries()) {
        for (const [line, words] of cell.entries()) {
          const isBold = bold(index);
          items.push({
            ...written(
              left,
              y + rowPad + line * linePitch + linePitch * 0.75,
              words,
              textSize,
              measure.measure(words, isBold) * textSize,
              options.head === true || row.muted === true ? 'muted' : 'ink',
            ),
            bold: isBold,
          });
        }
        left += columns[index]?.width ?? 0;
      }
      const bottom = y + height;
      return [
        ...items,
        { kind: 'line', x, y: bottom, x2: left, y2: bottom, line: options.head === true ? 0.25 : 0.1 },
      ];
    },
  };
}

/** Breaks a text at spaces, and a word that is too long wherever it must be. `width` in font sizes. */
export function wrapText(measure: Measure, text: string, bold: boolean, width: number): string[] {
  const fits = (words: string) => measure.measure(words, bold) <= width;
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    while (!fits(word) && word.length > 1) {
      const letters = [...word];
      let count = letters.length - 1;
      while (count > 1 && !fits(letters.slice(0, count).join(''))) count--;
      lines.push(letters.slice(0, count).join(''));
      word = letters.slice(count).join('');
    }
    line = word;
  }
  return [...lines, line];
}
