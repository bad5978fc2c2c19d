import { csvText, writeInThread } from '../../inventory/api/export.ts';
import { writeCsv } from '../../inventory/import-table/csv.ts';
import type { FinishedSheet } from './sheets.ts';
import { columnTitle, type Language } from './words.ts';

/** A sheet as workbook or CSV; texts never become formulas. */
export async function sheetFile(
  sheet: FinishedSheet,
  format: 'xlsx' | 'csv',
  language: Language,
): Promise<Uint8Array> {
  const rows = [
    sheet.columns.map((key) => columnTitle(key, language)),
    ...sheet.rows.map((row) => sheet.columns.map((key) => row.cells[key] ?? null)),
  ];
  // The longest name that a sheet of a workbook may have.
  if (format === 'xlsx') return writeInThread({ name: sheet.title.slice(0, 31), rows });
  const lines = rows.map((row) => row.map((cell) => csvText(cell, language)));
  // With a byte order mark and semicolons: that is how a German Excel opens it right away.
  return new TextEncoder().encode(`\uFEFF${writeCsv(lines)}`);
}
