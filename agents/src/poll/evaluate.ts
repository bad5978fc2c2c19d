import { type EntityKind, type MetricId, metric } from '@rackhaus/config/contract';
import { type Formula, type ProfileValue, parseFormula } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber, toText, toTextOrHex } from '../snmp/decode.ts';

/** One row (or one group of scalars) during evaluation: its values by slot. */
export interface RowValues {
  readonly index: string;
  readonly slots: readonly SnmpValue[];
}

export type SlotOf = (column: string) => number;
/** How a column's text is shortened for names; null where it is taken whole. */
export type PatternOf = (column: string) => RegExp | null;
export type RowTest = (row: RowValues) => boolean;

type Plain = number | string;
type ConditionTest = NonNullable<ProfileValue['when']>[string];

/** Conditions of a profile as one function; none means always. */
export function compileConditions(
  conditions: Readonly<Record<string, ConditionTest>> | undefined,
  slotOf: SlotOf,
): RowTest | null {
  const tests = Object.entries(conditions ?? {}).map(([column, condition]): RowTest => {
    const test = compileTest(condition);
    if (column === 'index') return (row) => test(Buffer.from(row.index));
    const slot = slotOf(column);
    return (row) => test(row.slots[slot]);
  });
  return tests.length === 0 ? null : (row) => tests.every((test) => test(row));
}

function compileTest(condition: ConditionTest): (value: SnmpValue) => boolean {
  if (typeof condition === 'number' || typeof condition === 'string') return equals(condition);
  if (Array.isArray(condition)) {
    const tests = condition.map(equals);
    return (value) => tests.some((test) => test(value));
  }
  if ('not' in condition) {
    const tests = (Array.isArray(condition.not) ? condition.not : [condition.not]).map(equals);
    return (value) => !tests.some((test) => test(value));
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = condition;
  return (value) => {
    const number = toNumber(value);
    return number !== undefined && number >= min && number <= max;
  };
}

function equals(expected: Plain): (value: SnmpValue) => boolean {
  if (typeof expected === 'number') return (value) => toNumber(value) === expected;
  const pattern = /^\/(.*)\/(i?)$/.exec(expected);
  if (pattern) {
    const regex = new RegExp(pattern[1] ?? '', pattern[2]);
    return (value) => regex.test(toText(value) ?? '');
  }
  return (value) => (toText(value) ?? '') === expected;
}

/** Templates as functions of a row; a part that is missing or empty makes the template null. */
export function compileTemplate(
  template: string,
  slotOf: SlotOf,
  patternOf: PatternOf = () => null,
): (row: RowValues) => string | null {
  const parts = template.split(/\{(\w+)\}/).map((part, i): string | ((row: RowValues) => string | null) => {
    if (i % 2 === 0) return part;
    if (part === 'index') return (row) => row.index;
    const slot = slotOf(part);
    const pattern = patternOf(part);
    if (!pattern) return (row) => toTextOrHex(row.slots[slot]);
    return (row) => {
      const text = toTextOrHex(row.slots[slot]);
      return text === null ? null : (pattern.exec(text)?.[1] ?? text);
    };
  });
  return (row) => {
    let text = '';
    for (const part of parts) {
      const piece = typeof part === 'string' ? part : part(row);
      if (piece === null) return null;
      text += piece;
    }
    return text.trim().replace(/\s+/g, ' ');
  };
}

/** A value of a profile, ready to be evaluated row by row. */
export interface CompiledValue {
  readonly spec: ProfileValue;
  readonly metric: MetricId;
  readonly metricKind: EntityKind;
  /** Of its column; -1: it has none. */
  readonly slot: number;
  readonly name: string;
  readonly when: RowTest | null;
  readonly entity: ((row: RowValues) => string | null)[] | null;
  /** The raw number in the row, before scale; undefined when missing or a "none" value. */
  readonly raw: (row: RowValues) => number | undefined;
  /** Raw to the metric's unit. `sticky` keeps which of several scales fits this row. */
  readonly scaled: (raw: number, row: RowValues, sticky: StickyScale) => number | undefined;
}

export interface StickyScale {
  scale: number | undefined;
}

export function compileValue(spec: ProfileValue, slotOf: SlotOf, patternOf?: PatternOf): CompiledValue {
  return {
    spec,
    metric: spec.metric,
    metricKind: metric(spec.metric).kind,
    slot: spec.column === undefined ? -1 : slotOf(spec.column),
    name: spec.metric.slice(spec.metric.indexOf('.') + 1),
    when: compileConditions(spec.when, slotOf),
    entity: spec.entity ? spec.entity.map((template) => compileTemplate(template, slotOf, patternOf)) : null,
    raw: compileRaw(spec, slotOf),
    scaled: compileScale(spec, slotOf),
  };
}

function compileRaw(spec: ProfileValue, slotOf: SlotOf): CompiledValue['raw'] {
  const drop = spec.drop && new Set(spec.drop);
  const read = compileRead(spec, slotOf);
  if (!drop) return read;
  return (row) => {
    const raw = read(row);
    return raw !== undefined && drop.has(raw) ? undefined : raw;
  };
}

function compileRead(spec: ProfileValue, slotOf: SlotOf): CompiledValue['raw'] {
  if (spec.formula !== undefined) return compileFormula(parseFormula(spec.formula), slotOf);
  const slot = slotOf(spec.column ?? '');
  if (spec.map) {
    const states = stateNumbers(spec.metric);
    const byRaw = new Map(
      Object.entries(spec.map).map(([raw, name]) => [raw.toLowerCase(), states.get(name)]),
    );
    const otherwise = spec.otherwise === undefined ? undefined : states.get(spec.otherwise);
    return (row) => {
      const text = toText(row.slots[slot]);
      if (text === null) return undefined;
      return byRaw.get(text.toLowerCase()) ?? otherwise;
    };
  }
  if (spec.text !== undefined) {
    const pattern = new RegExp(spec.text);
    return (row) => {
      const match = pattern.exec(toText(row.slots[slot]) ?? '');
      return match ? Number(match[1] ?? match[0]) : undefined;
    };
  }
  return (row) => toNumber(row.slots[slot]);
}

function compileFormula(formula: Formula, slotOf: SlotOf): CompiledValue['raw'] {
  const slots = new Map(formula.names.map((name) => [name, slotOf(name)]));
  return (row) => formula.evaluate((name) => toNumber(row.slots[slots.get(name) ?? -1]));
}

function stateNumbers(id: MetricId): Map<string, number> {
  return new Map(Object.entries(metric(id).states ?? {}).map(([number, name]) => [name, Number(number)]));
}

function compileScale(spec: ProfileValue, slotOf: SlotOf): CompiledValue['scaled'] {
  const { scale = 1, range } = spec;
  const column = (name: string | undefined) => (name === undefined ? -1 : slotOf(name));
  const si = column(spec.siScale);
  const digits = column(spec.digits);
  const factor = column(spec.factor);
  const inRange = (value: number) => !range || (value >= range[0] && value <= range[1]);
  return (raw, row, sticky) => {
    let value = raw;
    if (si >= 0) value *= 10 ** (3 * ((toNumber(row.slots[si]) ?? 9) - 9));
    if (digits >= 0) value /= 10 ** (toNumber(row.slots[digits]) ?? 0);
    if (factor >= 0) {
      const by = toNumber(row.slots[factor]) ?? 1;
      if (by > 1) value *= by;
      else if (by < -1) value /= -by;
    }
    if (typeof scale === 'number') return inRange(value * scale) ? value * scale : undefined;
    // Zero fits every scale and says nothing about which one the device means; what once fitted is kept.
    if (value === 0) return 0;
    sticky.scale ??= scale.find((each) => inRange(value * each));
    return value * (sticky.scale ?? scale[0] ?? 1);
  };
}
