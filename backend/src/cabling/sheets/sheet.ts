import type { SheetCell, SheetChoice, SheetKind, SheetReply } from '@rackhaus/config/contract';
import type { Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import type { ColumnKey } from './words.ts';

export interface SheetRow {
  readonly key: string;
  readonly cells: Readonly<Partial<Record<ColumnKey, SheetCell>>>;
  readonly about: SheetReply['rows'][number]['about'];
}

/** A sheet with all its rows, as one walks. */
export interface Sheet {
  readonly columns: readonly ColumnKey[];
  readonly rows: readonly SheetRow[];
  /** On paper the rows stand below headings of this column instead. */
  readonly groupBy: ColumnKey | null;
}

/** What a sheet is made from. */
export interface SheetRequest {
  readonly db: Database;
  readonly place: Place | null;
  /** What whoever asks may see; null: everything. */
  readonly reach: Reach | null;
  readonly names: Names;
  readonly choice: SheetChoice;
  readonly now: number;
}

export type SheetMaker = (request: SheetRequest) => Promise<Sheet>;
export type SheetMakers = Readonly<Record<SheetKind, SheetMaker>>;

const kinds: Readonly<Partial<Record<ColumnKey, 'number' | 'day'>>> = {
  unit: 'number',
  length: 'number',
  days: 'number',
  inspectedOn: 'day',
  dueSince: 'day',
  seenOn: 'day',
  since: 'day',
};

/** How values of a column are compared and aligned. */
export function columnKind(key: ColumnKey): 'text' | 'number' | 'day' {
  return kinds[key] ?? 'text';
}

const collators = {
  de: new Intl.Collator('de', { numeric: true }),
  en: new Intl.Collator('en', { numeric: true }),
};

/** The rows by a column, what says nothing last; rows that are alike stay as one walks. */
export function sorted(
  rows: readonly SheetRow[],
  key: ColumnKey,
  order: 'asc' | 'desc',
  language: 'de' | 'en',
): SheetRow[] {
  const sign = order === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [x, y] = [plain(a.cells[key]), plain(b.cells[key])];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * collators[language].compare(String(x), String(y));
  });
}

function plain(cell: SheetCell | undefined): string | number | null {
  if (cell === undefined || cell === null || cell === '') return null;
  return typeof cell === 'object' ? cell.day : cell;
}
