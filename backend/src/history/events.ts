import type { RecordKind } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { DbValue, Row, Scope, StoredRow, Touched } from './spec.ts';

/** One event before it is written. `rows`: several of one owner; otherwise one row, whole or (updates) what differs. */
export interface NewEvent {
  readonly kind: RecordKind;
  readonly objectId: number;
  readonly name: string;
  readonly before: EventData | null;
  readonly after: EventData | null;
  readonly count: number;
  readonly scopes: readonly Scope[];
  /** The rows that it is about. */
  readonly touched: readonly Touched[];
}

const Value = z.union([z.string(), z.number(), z.null()]);
const Table = z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(Value)) });
/** What `before` and `after` of an event hold: the columns of one row, or several rows as a table. */
export const EventData = z.union([
  z.strictObject({ row: z.record(z.string(), Value) }),
  z.strictObject({ table: Table }),
]);
export type EventData = z.infer<typeof EventData>;

export function parseEventData(json: string): EventData {
  return EventData.parse(JSON.parse(json));
}

export function rowData(row: Row): EventData {
  return { row: { ...row } };
}

export function tableData(rows: readonly StoredRow[]): EventData {
  const columns = Object.keys(rows[0] ?? {});
  return { table: { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) } };
}

/** The rows of an event's side. */
export function rowsOf(data: EventData): { [column: string]: DbValue }[] {
  if ('row' in data) return [data.row];
  const { columns, rows } = data.table;
  return rows.map((values) =>
    Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])),
  );
}
