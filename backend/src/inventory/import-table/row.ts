import type { ImportOptions, ImportRow, ImportRowProblem, RecordKind } from '@rackhaus/config/contract';
import { type Cell, cellText } from './cells.ts';
import { type Params, type Reason, rowProblem } from './messages.ts';
import { isFormulaError, parseCents, parseDay, parseNumber } from './values.ts';
import { type ChoiceField, parseChoice } from './words.ts';

/** Where a field stands. */
export interface Column {
  readonly index: number;
  readonly letter: string;
  readonly heading: string;
  readonly field: string;
}

/** One row of a list: reads its cells as what the fields are, and gathers what is wrong with them. */
export class Row {
  /** As the spreadsheet numbers it. */
  readonly number: number;
  readonly problems: ImportRowProblem[] = [];
  readonly hints: ImportRowProblem[] = [];
  readonly fields: ImportRow['fields'] = [];
  readonly #cells: readonly Cell[];
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #options: ImportOptions;

  constructor(options: {
    number: number;
    cells: readonly Cell[];
    columns: ReadonlyMap<string, Column>;
    options: ImportOptions;
  }) {
    this.number = options.number;
    this.#cells = options.cells;
    this.#columns = options.columns;
    this.#options = options.options;
  }

  /** The cell of a field; null when it is empty or no column is for it. */
  cell(field: string): Cell {
    const column = this.#columns.get(field);
    const cell = column === undefined ? null : (this.#cells[column.index] ?? null);
    if (cellText(cell) === '') return null;
    // The mark with which exports keep spreadsheets from computing a text.
    if (typeof cell === 'string' && /^'[=+\-@]/.test(cell)) return cell.slice(1);
    if (!isFormulaError(cell)) return cell;
    if (!this.problems.some((problem) => problem.field === field)) this.refuse(field, 'formula-error');
    return null;
  }

  text(field: string): string {
    return cellText(this.cell(field));
  }

  numberOf(field: string, whole = false): number | undefined {
    const cell = this.cell(field);
    if (cell === null) return undefined;
    const value = parseNumber(cell, this.#options.notation);
    if (value === undefined) this.refuse(field, 'not-a-number');
    else if (whole && !Number.isInteger(value)) {
      this.refuse(field, 'not-whole');
      return undefined;
    }
    return value;
  }

  cents(field: string): number | undefined {
    const cell = this.cell(field);
    if (cell === null) return undefined;
    const value = parseCents(cell, this.#options.notation);
    if (value === undefined) this.refuse(field, 'not-a-number');
    return value;
  }

  day(field: string, edge: 'first' | 'last'): string | undefined {
    const cell = this.cell(field);
    if (cell === null) return undefined;
    const value = parseDay(cell, this.#options.notation, edge);
    if (value === undefined) this.refuse(field, 'not-a-day');
    return value;
  }

  choice(field: string, choice: ChoiceField, options: readonly string[]): string | undefined {
    const text = this.text(field);
    if (text === '') return undefined;
    const value = parseChoice(choice, text);
    if (value === undefined) this.refuse(field, 'not-a-choice', { options: options.join(', ') });
    return value;
  }

  refuse(field: string | null, reason: Reason, params: Params = {}): void {
    if (this.problems.some((problem) => problem.field === field && problem.reason === reason)) return;
    this.problems.push(rowProblem(this.#where(field), reason, params));
  }

  hint(field: string | null, reason: Reason, params: Params = {}): void {
    this.hints.push(rowProblem(this.#where(field), reason, params));
  }

  differs(kind: RecordKind, field: string, before: string | null, after: string | null): void {
    this.fields.push({ kind, field, before, after });
  }

  #where(field: string | null): Pick<ImportRowProblem, 'column' | 'heading' | 'field' | 'value'> {
    const column = field === null ? undefined : this.#columns.get(field);
    return {
      column: column?.letter ?? null,
      heading: column?.heading ?? null,
      field,
      value: column === undefined ? '' : cellText(this.#cells[column.index]).slice(0, 200),
    };
  }
}
