import type { Language } from './scale.ts';
import { type LoadedSeries, valuesAt } from './series.ts';

export type Cell = string | number | null;

/**
 * A table as CSV for the spreadsheets of a language: German ones take semicolons and decimal commas. Begins with a byte
 * order mark, without which Excel reads UTF-8 as Latin-1. Text that a spreadsheet would run as a formula gets an apostrophe.
 */
export function toCsv(rows: readonly (readonly Cell[])[], language: Language): string {
  const separator = language === 'de' ? ';' : ',';
  const lines = rows.map((row) => row.map((cell) => csvCell(cell, language)).join(separator));
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

function csvCell(cell: Cell, language: Language): string {
  if (cell === null) return '';
  if (typeof cell === 'number') {
    const text = String(cell);
    return language === 'de' ? text.replace('.', ',') : text;
  }
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One series of a chart as its columns are named in tables and files. */
export interface ColumnNames {
  readonly name: string;
  readonly unit: string;
}

/**
 * The lines of a chart as rows: time (ISO, UTC), then mean, minimum and maximum of each line in base units. Times are those
 * of the first line; gaps are empty cells.
 */
export function seriesRows(
  series: readonly LoadedSeries[],
  columns: readonly ColumnNames[],
  words: { readonly time: string; readonly mean: string; readonly min: string; readonly max: string },
): Cell[][] {
  const header = [words.time];
  for (const { name, unit } of columns) {
    const suffix = unit === '' ? '' : ` [${unit}]`;
    header.push(
      `${name} ${words.mean}${suffix}`,
      `${name} ${words.min}${suffix}`,
      `${name} ${words.max}${suffix}`,
    );
  }
  const grid = series[0];
  const rows: Cell[][] = [header];
  for (let index = 0; grid && index < grid.mean.length; index += 1) {
    const ms = grid.start + index * grid.step;
    const row: Cell[] = [new Date(ms).toISOString()];
    for (const one of series) {
      const values = valuesAt(one, ms);
      row.push(values?.mean ?? null, values?.min ?? null, values?.max ?? null);
    }
    rows.push(row);
  }
  return rows;
}

/** A file name that every file system takes: letters, digits, dots and dashes. */
export function fileName(parts: readonly string[], extension: string): string {
  const safe = parts
    .join('-')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
  return `${safe === '' ? 'rackhaus' : safe}.${extension}`;
}
