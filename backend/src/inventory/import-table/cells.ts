/** A cell as the file says it: a day is a day only where the file knows that it is one. */
export type Cell = string | number | boolean | { readonly day: string } | null;

export interface Sheet {
  readonly name: string;
  /** Rows from the first one of the sheet; short ones end with their last value. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The file is not what it should be, or larger than it may be. `reason` is for screens. */
export class TableError extends Error {
  readonly reason: string;
  readonly params: Readonly<Record<string, string>>;
  constructor(reason: string, message: string, params: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'TableError';
    this.reason = reason;
    this.params = params;
  }
}

/** The cell as people read it; empty for nothing. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell.replace(/\s+/g, ' ').trim();
  if (typeof cell === 'object') return cell.day;
  return String(cell);
}

/** The name that spreadsheets give to a column: 0 is A, 26 is AA. */
export function columnLetter(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest === 0 ? '' : columnLetter(rest - 1)}${String.fromCharCode(65 + (index % 26))}`;
}

export function tooMany(what: 'rows' | 'columns' | 'cells', sheet: string, most: number): TableError {
  return new TableError(`too-many-${what}`, `The sheet "${sheet}" has more than ${most} ${what}.`, {
    sheet,
    most: String(most),
  });
}

/** @throws TableError when there are more rows, columns or cells than may be. */
export function checkSize(
  sheet: Sheet,
  limits: { readonly rows: number; readonly columns: number; readonly cells: number },
): void {
  const tooLarge = (what: 'rows' | 'columns' | 'cells', most: number) => tooMany(what, sheet.name, most);
  if (sheet.rows.length > limits.rows) throw tooLarge('rows', limits.rows);
  let cells = 0;
  for (const row of sheet.rows) {
    if (row.length > limits.columns) throw tooLarge('columns', limits.columns);
    cells += row.length;
  }
  if (cells > limits.cells) throw tooLarge('cells', limits.cells);
}
