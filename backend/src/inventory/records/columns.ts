import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import type { DbValue, Row, StoredRow } from '../../history/spec.ts';

/** `assetTag` in the API is `asset_tag` in the table. */
export function columnName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Where the name of a field and that of its column differ by more than the rule. */
export function columnsOf(kind: RecordKind): readonly string[] {
  return [...fieldsOf(kind).keys()].map(columnName);
}

/** Values that have been checked against the kind's schema, as columns. */
export function toRow(kind: RecordKind, values: Readonly<Record<string, unknown>>): Row {
  const fields = fieldsOf(kind);
  const row: { [column: string]: DbValue } = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const type = fields.get(name)?.meta.type;
    row[columnName(name)] = type === 'json' ? JSON.stringify(value) : scalar(value);
  }
  return row;
}

/** A row as the API gives it. */
export function toRecord(
  kind: RecordKind,
  row: StoredRow,
): Record<string, unknown> & { id: number; version: number } {
  const record: Record<string, unknown> & { id: number; version: number } = {
    id: row.id,
    version: row.version,
  };
  for (const [name, { meta }] of fieldsOf(kind))
    record[name] = fieldValue(meta.type, row[columnName(name)] ?? null);
  return record;
}

/** Columns of an event as fields; what is derived is left out. */
export function toFields(kind: RecordKind, row: Row): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, { meta }] of fieldsOf(kind)) {
    const value = row[columnName(name)];
    if (value !== undefined) values[name] = fieldValue(meta.type, value);
  }
  return values;
}

function fieldValue(type: string, value: DbValue): unknown {
  if (type === 'flag') return value === 1;
  if (type === 'json') return typeof value === 'string' ? JSON.parse(value) : null;
  return value;
}

function scalar(value: unknown): DbValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new TypeError(`A value of type ${typeof value} has no column.`);
}
