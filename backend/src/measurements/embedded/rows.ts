import type { AggregateRow } from '../buckets.ts';
import { type Field, unscale } from './dictionary.ts';
import type { Table } from './table.ts';
import { rollupColumn } from './tiers.ts';

/** Joins two tables of different windows, the earlier first. */
export function joinTables(a: Table, b: Table): Table {
  const columns = new Map<number, readonly number[]>();
  for (const field of new Set([...a.columns.keys(), ...b.columns.keys()])) {
    const first = a.columns.get(field) ?? new Array<number>(a.times.length).fill(Number.NaN);
    const second = b.columns.get(field) ?? new Array<number>(b.times.length).fill(Number.NaN);
    columns.set(field, [...first, ...second]);
  }
  return { times: [...a.times, ...b.times], columns };
}

/** Each reading as a row of its own. */
export function readingRows(
  table: Table,
  fields: readonly (Field | undefined)[],
  from: number,
  to: number,
): AggregateRow[] {
  const columns = fields.map((field) => field && table.columns.get(field.id));
  const rows: AggregateRow[] = [];
  for (const [i, time] of table.times.entries()) {
    if (time < from || time >= to) continue;
    const n: number[] = [];
    const values: number[] = [];
    for (const [index, field] of fields.entries()) {
      const value = columns[index]?.[i];
      const present = value !== undefined && !Number.isNaN(value);
      n.push(present ? 1 : 0);
      values.push(present && field ? unscale(value, field.decimals) : 0);
    }
    if (n.includes(1)) rows.push({ time, n, sum: values, min: values, max: values });
  }
  return rows;
}

/** The rows of a roll-up. */
export function rollupRows(table: Table, fields: readonly (Field | undefined)[]): AggregateRow[] {
  const at = (column: number, i: number): number => {
    const value = table.columns.get(column)?.[i];
    return value === undefined || Number.isNaN(value) ? 0 : value;
  };
  return Array.from(table.times, (time, i) => {
    const n = fields.map((field) => (field ? at(rollupColumn.n(field.id), i) : 0));
    const pick = (column: (field: number) => number) =>
      fields.map((field) => (field ? unscale(at(column(field.id), i), field.decimals) : 0));
    return {
      time,
      n,
      sum: pick(rollupColumn.sum),
      min: pick(rollupColumn.min),
      max: pick(rollupColumn.max),
    };
  }).filter((row) => row.n.some((n) => n > 0));
}
