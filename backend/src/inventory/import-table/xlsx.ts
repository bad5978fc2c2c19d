import * as XLSX from '@e965/xlsx';
import { type Cell, type Sheet, TableError, tooMany } from './cells.ts';
import { unzip, zipStored } from './unzip.ts';

interface Limits {
  readonly rows: number;
  readonly columns: number;
  readonly unpackedBytes: number;
}

/**
 * Reads a workbook: xlsx, xlsm, xls, ods. Of a formula its last result is taken, and nothing is computed. A value that is
 * merged over several rows holds for each of them.
 * @throws TableError when it is no workbook, is protected by a password, or unpacks to more than it may
 */
export function readWorkbook(bytes: Uint8Array, limits: Limits): Sheet[] {
  const book = parse(isZip(bytes) ? repacked(bytes, limits.unpackedBytes) : bytes, limits.rows);
  const is1904 = book.Workbook?.WBProps?.date1904 === true;
  return book.SheetNames.flatMap((name) => {
    const sheet = book.Sheets[name];
    return sheet === undefined ? [] : [{ name, rows: rowsOf(name, sheet, limits, is1904) }];
  });
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;

function parse(bytes: Uint8Array, rows: number): XLSX.WorkBook {
  try {
    return XLSX.read(bytes, {
      type: 'array',
      dense: true,
      cellFormula: false,
      cellHTML: false,
      cellNF: true,
      cellText: true,
      sheetRows: rows + 1,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/password|encrypt/i.test(message))
      throw new TableError('protected', 'The workbook is protected by a password.');
    throw new TableError('not-a-table', 'This is not a workbook that can be read.');
  }
}

/** The same archive without compression and pictures: what comes out of it is bounded before the library sees it. */
function repacked(bytes: Uint8Array, most: number): Uint8Array {
  const wanted = (name: string) => !/\.(png|jpe?g|gif|emf|wmf|bin|vml)$/i.test(name);
  return zipStored(unzip(bytes, { totalBytes: most, files: 10_000 }, wanted));
}

function rowsOf(name: string, sheet: XLSX.WorkSheet, limits: Limits, is1904: boolean): Cell[][] {
  const data: readonly (readonly (XLSX.CellObject | undefined)[] | undefined)[] = sheet['!data'] ?? [];
  const rows = data.map((cells) => {
    const row: Cell[] = [];
    // Passes over holes: the next cell may be 16,000 columns away.
    cells?.forEach((cell, index) => {
      const value = cell === undefined ? null : cellOf(cell, is1904);
      if (value === null) return;
      if (index >= limits.columns) throw tooMany('columns', name, limits.columns);
      while (row.length < index) row.push(null);
      row[index] = value;
    });
    return row;
  });
  for (let index = 0; index < rows.length; index++) rows[index] ??= [];
  for (const { s, e } of sheet['!merges'] ?? []) spread(rows, s, Math.min(e.r, rows.length - 1), s.c);
  while (rows.length > 0 && rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

function spread(rows: Cell[][], from: XLSX.CellAddress, lastRow: number, column: number): void {
  const value = rows[from.r]?.[column] ?? null;
  if (value === null) return;
  for (let row = from.r + 1; row <= lastRow; row++) {
    const target = rows[row];
    // A merged heading above a table ends with the table.
    if (target === undefined || target.length === 0) continue;
    while (target.length < column) target.push(null);
    target[column] ??= value;
  }
}

function cellOf(cell: XLSX.CellObject, is1904: boolean): Cell {
  switch (cell.t) {
    case 's':
      return typeof cell.v === 'string' && cell.v.trim() !== '' ? cell.v : null;
    case 'b':
      return cell.v === true;
    case 'e':
      return cell.w ?? '#ERROR';
    case 'n':
      return typeof cell.v === 'number' ? numberOf(cell.v, cell.z, cell.w, is1904) : null;
    case 'd':
      return cell.v instanceof Date ? { day: cell.v.toISOString().slice(0, 10) } : null;
    default:
      return null;
  }
}

function numberOf(value: number, format: unknown, shown: string | undefined, is1904: boolean): Cell {
  const form = typeof format === 'string' ? format : 'General';
  if (XLSX.SSF.is_date(form)) {
    const day: unknown = XLSX.SSF.parse_date_code(value, { date1904: is1904 });
    if (isDay(day)) return { day: `${pad(day.y, 4)}-${pad(day.m, 2)}-${pad(day.d, 2)}` };
  }
  // Numbers that are shown with leading zeros are names: inventory numbers, telephone numbers, places.
  if (/^0{2,}$/.test(form) && shown !== undefined) return shown;
  return value;
}

function isDay(value: unknown): value is { y: number; m: number; d: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'y' in value &&
    'm' in value &&
    'd' in value &&
    value.y !== 1900
  );
}

const pad = (value: number, length: number) => String(value).padStart(length, '0');

/** A workbook of these sheets. Texts stay texts: nothing becomes a formula. */
export function writeWorkbook(sheets: readonly Sheet[]): Uint8Array<ArrayBuffer> {
  const book = XLSX.utils.book_new();
  for (const { name, rows } of sheets) {
    const widths = [0];
    const sheet = XLSX.utils.aoa_to_sheet([]);
    for (const [r, row] of rows.entries())
      for (const [c, cell] of row.entries()) {
        if (cell === null) continue;
        sheet[XLSX.utils.encode_cell({ r, c })] = written(cell);
        widths[c] = Math.max(widths[c] ?? 0, typeof cell === 'string' ? cell.length : 10);
      }
    const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
    if (rows.length > 0 && columns > 0)
      sheet['!ref'] = XLSX.utils.encode_range({
        s: { r: 0, c: 0 },
        e: { r: rows.length - 1, c: columns - 1 },
      });
    sheet['!cols'] = Array.from({ length: columns }, (_, c) => ({ wch: Math.min(60, (widths[c] ?? 8) + 2) }));
    XLSX.utils.book_append_sheet(book, sheet, name);
  }
  const bytes: unknown = XLSX.write(book, { type: 'array', bookType: 'xlsx', compression: true });
  if (!(bytes instanceof ArrayBuffer)) throw new Error('The workbook was not written.');
  return new Uint8Array(bytes);
}

function written(cell: Exclude<Cell, null>): XLSX.CellObject {
  if (typeof cell === 'string') return { t: 's', v: cell };
  if (typeof cell === 'boolean') return { t: 'b', v: cell };
  if (typeof cell === 'number') return { t: 'n', v: cell };
  const serial = Math.round(Date.parse(`${cell.day}T00:00:00Z`) / 86_400_000) + 25_569;
  return { t: 'n', v: serial, z: 'dd.mm.yyyy' };
}
