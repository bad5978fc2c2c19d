import type { RecordKind } from '@rackhaus/config/contract';
import type { Change } from './change.ts';

/** A row of any table, by column. */
export type DbValue = string | number | null;
export type Row = { readonly [column: string]: DbValue };
/** A row that is in the database. */
export type StoredRow = Row & { readonly id: number; readonly version: number };

/** An object in whose history something belongs. */
export interface Scope {
  readonly kind: RecordKind;
  readonly id: number;
}

/** What an event says of a row that only other tables know. */
export interface Description {
  /** Further objects in whose history it belongs. */
  readonly scopes: readonly Scope[];
  /** In the place of `nameOf`. */
  readonly name?: string;
}

/** What a change did to one row. */
export interface Touched {
  readonly before: StoredRow | null;
  readonly after: StoredRow | null;
}

/** Records that go, or forget what they refer to, when others are deleted. */
export interface Dependent {
  readonly kind: RecordKind;
  /** The column of `kind` that names the deleted record; or how to find those that depend on it. */
  readonly by: string | ((change: Change, ids: readonly number[]) => Promise<number[]>);
  /** `refuse`: while there is one, the record cannot be deleted. */
  readonly action: 'delete' | 'clear' | 'refuse';
}

/** What the engine has to know of a kind of record. */
export interface TableSpec {
  readonly kind: RecordKind;
  readonly table: string;
  /** All but `id` and `version`. */
  readonly columns: readonly string[];
  /** What a column of a new row holds that nobody has given; null for those that are not here. */
  readonly initial: Row;
  /** A column by which rows refer to others of the same table. */
  readonly selfReference?: string;
  /** The record as the API gives it. */
  readonly record: (row: StoredRow) => Record<string, unknown>;
  /** Columns as the API's fields; what no field shows is left out. */
  readonly fields: (row: Row) => Record<string, unknown>;
  /** By what people recognise a record. */
  readonly nameOf: (row: Row) => string;
  /** Besides the record itself. */
  readonly scopesOf?: (row: Row) => readonly Scope[];
  /** Asked when an event is written down, with what the rows refer to still there; one answer for each row. */
  readonly describe?: (change: Change, rows: readonly Row[]) => Promise<readonly Description[]>;
  /** Rows made or deleted together are one event for each owner, not one for each row. */
  readonly ownerOf?: (row: Row) => Scope;
  /**
   * Checks rows that are about to be written and fills what is derived. When a change is undone: asked at the end, and what it
   * fills in otherwise than it was is written.
   */
  readonly prepare?: (
    change: Change,
    rows: readonly { readonly before: StoredRow | null; readonly next: Row }[],
  ) => Promise<readonly Row[]>;
  /** What else has to be written after rows have been made or updated. When a change is undone: for updated ones, at the end. */
  readonly written?: (change: Change, rows: readonly Touched[]) => Promise<void>;
  /** The same for rows that came back when their deletion was undone: other rows of theirs came back on their own. */
  readonly restored?: (change: Change, rows: readonly StoredRow[]) => Promise<void>;
  /** Brings tables that are derived from these rows up to date, once at the end of every change, undone ones too. */
  readonly settle?: (change: Change, rows: readonly Touched[]) => Promise<void>;
  readonly dependents?: readonly Dependent[];
  /** Columns of each unique rule, by the name under which SQLite reports it. */
  readonly unique?: Readonly<Record<string, readonly string[]>>;
}

export type Specs = ReadonlyMap<RecordKind, TableSpec>;
