import { plausible } from '@rackhaus/config/contract';
import { toNumber } from '../snmp/decode.ts';
import { counterRate, type Elapsed } from './counters.ts';
import type { CompiledValue } from './evaluate.ts';
import type { ReadingSet } from './reading-set.ts';
import { type CompiledTable, isSingle, type RowState } from './table.ts';

/** What the values of a row depend on beside the row. */
export interface RowContext {
  readonly table: CompiledTable;
  /** Since the table's counters were read before; null at the first time. */
  readonly elapsed: Elapsed | null;
  /** sysUpTime to ms since 1970; undefined when it cannot be said. */
  readonly moment: (ticks: number) => number | undefined;
  readonly readings: ReadingSet;
}

/** Adds the values of one row to the readings, and keeps its counters for the next poll. */
export function addRow(row: RowState, context: RowContext): void {
  const { table } = context;
  if (table.where && !table.where(row)) {
    row.state.counters.length = 0;
    return;
  }
  const { readings } = context;
  let kind = '';
  let target: Record<string, number> | null = null;
  let undecided: Set<string> | null = null;
  for (let i = 0; i < table.values.length; i++) {
    const value = table.values[i];
    if (!value || value.spec.total !== undefined) continue;
    if (undecided?.has(value.name)) continue;
    const result = ownValue(value, i, row, context);
    if (result === undefined) {
      // A counter that is there but has no rate yet: a lesser counter must not speak in its place.
      if (value.spec.rate !== undefined && row.state.counters[i]) {
        undecided ??= new Set();
        undecided.add(value.name);
      }
      continue;
    }
    const good = plausible(value.metric, result);
    if (good === undefined) continue;
    if (value.entity) {
      const name = firstText(value.entity, row) ?? row.name;
      readings.add(value.metric, value.name, name, result);
      continue;
    }
    const { metricKind } = value;
    if (!target || kind !== metricKind) {
      kind = metricKind;
      target = readings.values(metricKind, isSingle(metricKind) ? '' : row.name);
    }
    if (target[value.name] === undefined) target[value.name] = good;
  }
}

function ownValue(value: CompiledValue, i: number, row: RowState, context: RowContext): number | undefined {
  const { spec } = value;
  const raw = value.raw(row);
  if (raw === undefined) {
    if (spec.rate !== undefined) row.state.counters[i] = undefined;
    return undefined;
  }
  if (value.when && !value.when(row)) return undefined;
  if (spec.moment) return context.moment(raw);
  if (spec.rate === undefined) {
    row.state.scales[i] ??= { scale: undefined };
    return value.scaled(raw, row, row.state.scales[i]);
  }
  return rateOf(value, i, raw, row, context);
}

function rateOf(
  value: CompiledValue,
  i: number,
  raw: number,
  row: RowState,
  context: RowContext,
): number | undefined {
  const { elapsed } = context;
  const { discontinuity, fastest } = context.table;
  const { counters } = row.state;
  const before = counters[i];
  const now = {
    value: raw,
    discontinuity: discontinuity === null ? 0 : (toNumber(row.slots[discontinuity]) ?? 0),
  };
  if (elapsed?.kind === 'still' && before) return undefined;
  counters[i] = now;
  if (!before || elapsed?.kind !== 'seconds') return undefined;
  const scale = typeof value.spec.scale === 'number' ? value.spec.scale : 1;
  const limit = fastest?.(row);
  const rate = counterRate(
    before,
    now,
    elapsed.seconds,
    value.spec.rate ?? 64,
    limit === undefined ? undefined : limit / scale,
  );
  return rate === undefined ? undefined : rate * scale;
}

/** Adds what is said of all rows together: their mean, sum, or one of them. */
export function addTotals(table: CompiledTable, rows: readonly RowState[], readings: ReadingSet): void {
  for (const value of table.values) {
    const { total } = value.spec;
    if (total === undefined) continue;
    const numbers: number[] = [];
    for (const row of rows) {
      if (table.where && !table.where(row)) continue;
      if (value.when && !value.when(row)) continue;
      const raw = value.raw(row);
      const scaled = raw === undefined ? undefined : value.scaled(raw, row, { scale: undefined });
      if (scaled !== undefined) numbers.push(scaled);
    }
    const [first] = numbers;
    if (first === undefined) continue;
    const sum = numbers.reduce((a, b) => a + b, 0);
    const result = {
      mean: sum / numbers.length,
      sum,
      max: Math.max(...numbers),
      min: Math.min(...numbers),
      first,
    }[total];
    readings.add(value.metric, value.name, '', result);
  }
}

/** The first of the templates that gives a text. */
export function firstText(
  templates: readonly ((row: RowState) => string | null)[],
  row: RowState,
): string | null {
  for (const template of templates) {
    const text = template(row);
    if (text !== null && text !== '') return text;
  }
  return null;
}
