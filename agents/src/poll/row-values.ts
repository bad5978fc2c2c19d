import { type Elapsed, rateOfChange } from './counters.ts';
import type { CompiledValue, StickyScale } from './evaluate.ts';
import type { KeptCounters } from './kept-counters.ts';
import type { OwnEntities } from './own-entities.ts';
import { type ReadingSet, valueKey } from './reading-set.ts';
import { type CompiledTable, isSingle, originsInRow, type RowState } from './table.ts';

/** What the values of a row depend on beside the row. */
export interface RowContext {
  readonly table: CompiledTable;
  /** Since the table's counters were read before; null at the first time. */
  readonly elapsed: Elapsed | null;
  /** sysUpTime to ms since 1970; undefined when it cannot be said. */
  readonly moment: (ticks: number) => number | undefined;
  /** sysUpTime now; null when the device has none. */
  readonly ticks: number | null;
  readonly readings: ReadingSet;
  readonly counters: KeptCounters;
  /** By name of the row and position of the value. */
  readonly scales: Map<string, StickyScale>;
  readonly ownEntities: OwnEntities;
}

/** Adds the values of one row to the readings, and keeps its counters for the next poll. */
export function addRow(row: RowState, context: RowContext): void {
  const { table } = context;
  if (table.where && !table.where(row)) {
    context.counters.forgetRow(row.at);
    return;
  }
  const { readings } = context;
  let kind = '';
  let target: Record<string, number> | null = null;
  let undecided: Set<string> | null = null;
  for (let i = 0; i < table.values.length; i++) {
    const value = table.values[i];
    if (!value || value.total !== null) continue;
    if (undecided?.has(value.name)) continue;
    const result = ownValue(value, i, row, context);
    if (result === undefined) {
      // A counter that is there but has no rate yet: a lesser counter must not speak in its place.
      if (value.rate !== null && context.counters.has(row.at, table.counters[i] ?? -1)) {
        undecided ??= new Set();
        undecided.add(value.name);
      }
      continue;
    }
    const good = value.plausible(result);
    if (good === undefined) continue;
    if (value.entity) {
      const plain = firstText(value.entity, row) ?? `${row.name} ${table.ownWords[i] ?? ''}`.trim();
      const name = context.ownEntities.nameFor(i, plain, row);
      if (readings.add(value.metric, value.name, name, result)) {
        context.ownEntities.took(i, name, row);
        note(value, i, name, row, context);
      }
      continue;
    }
    const { metricKind } = value;
    if (!target || kind !== metricKind) {
      kind = metricKind;
      target = readings.values(metricKind, isSingle(metricKind) ? '' : row.name);
    }
    if (target[value.name] !== undefined) continue;
    target[value.name] = good;
    if (value.word !== null || value.limits !== null || readings.origins !== null)
      note(value, i, isSingle(metricKind) ? '' : row.name, row, context);
  }
}

/** Keeps what belongs to a value that was taken, beside its number. */
function note(value: CompiledValue, i: number, entity: string, row: RowState, context: RowContext): void {
  const { readings, table, scales } = context;
  readings.note(value, entity, row, value.sticks ? stickyScale(scales, `${i} ${row.name}`) : noScale);
  readings.origins?.set(valueKey(value.metric, entity), originsInRow(table, value, row));
}

function ownValue(value: CompiledValue, i: number, row: RowState, context: RowContext): number | undefined {
  const raw = value.raw(row);
  if (raw === undefined) {
    if (value.rate !== null) context.counters.forget(row.at, context.table.counters[i] ?? -1);
    return undefined;
  }
  if (value.when && !value.when(row)) return undefined;
  if (value.moment) return context.moment(raw);
  if (value.ago) return context.ticks === null ? undefined : context.moment(context.ticks - raw);
  const { rate } = value;
  if (rate !== null) return rateOf(value, rate, i, raw, row, context);
  return value.scaled(raw, row, value.sticks ? stickyScale(context.scales, `${i} ${row.name}`) : noScale);
}

/** For values with one scale, which leave it as it is. */
const noScale: StickyScale = { scale: undefined };

function stickyScale(scales: Map<string, StickyScale>, key: string): StickyScale {
  const known = scales.get(key);
  if (known) return known;
  const made: StickyScale = { scale: undefined };
  scales.set(key, made);
  return made;
}

function rateOf(
  value: CompiledValue,
  bits: 32 | 64,
  i: number,
  raw: number,
  row: RowState,
  context: RowContext,
): number | undefined {
  const { elapsed, counters, table } = context;
  const counter = table.counters[i] ?? -1;
  const before = counters.value(row.at, counter);
  if (elapsed?.kind === 'still' && before !== undefined) return undefined;
  const discontinuity = table.discontinuity === null ? 0 : (row.number(table.discontinuity) ?? 0);
  const isContinuous = counters.discontinuity(row.at, counter) === discontinuity;
  counters.set(row.at, counter, raw, discontinuity);
  if (before === undefined || !isContinuous || elapsed?.kind !== 'seconds') return undefined;
  const { rateScale } = value;
  // Only a counter that went back can be too fast.
  const limit = raw < before ? table.fastest?.(row) : undefined;
  const rate = rateOfChange(
    raw - before,
    elapsed.seconds,
    bits,
    limit === undefined ? undefined : limit / rateScale,
  );
  return rate === undefined ? undefined : rate * rateScale;
}

/**
 * Adds what is said of several rows together: their mean, sum, or one of them. Where the value has an entity of its own, of the
 * rows that name the same one (clients of a network over all radios), else of all.
 */
export function addTotals(table: CompiledTable, rows: readonly RowState[], readings: ReadingSet): void {
  for (const value of table.values) {
    const { total } = value;
    if (total === null) continue;
    const groups = new Map<string, { readonly numbers: number[]; readonly origins: string[] }>();
    for (const row of rows) {
      if (table.where && !table.where(row)) continue;
      if (value.when && !value.when(row)) continue;
      const raw = value.raw(row);
      const scaled = raw === undefined ? undefined : value.scaled(raw, row, { scale: undefined });
      if (scaled === undefined) continue;
      const entity = value.entity ? firstText(value.entity, row) : '';
      if (entity === null) continue;
      const group = groups.get(entity) ?? { numbers: [], origins: [] };
      groups.set(entity, group);
      group.numbers.push(scaled);
      if (readings.origins) group.origins.push(...originsInRow(table, value, row));
    }
    for (const [entity, { numbers, origins }] of groups) {
      const result = totalOf(total, numbers);
      if (result === undefined) continue;
      if (readings.add(value.metric, value.name, entity, result))
        readings.origins?.set(valueKey(value.metric, entity), origins);
    }
  }
}

function totalOf(total: NonNullable<CompiledValue['total']>, numbers: readonly number[]): number | undefined {
  const [first] = numbers;
  if (first === undefined) return undefined;
  const sum = numbers.reduce((a, b) => a + b, 0);
  return {
    mean: sum / numbers.length,
    sum,
    max: Math.max(...numbers),
    min: Math.min(...numbers),
    first,
  }[total];
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
