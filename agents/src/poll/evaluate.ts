import { type EntityKind, type MetricId, metric, plausibleValues } from '@rackhaus/config/contract';
import { type Formula, longestText, type ProfileValue, parseFormula } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber, toText, toTextOrHex } from '../snmp/decode.ts';
import { sentinelsOf } from './sentinels.ts';

/** One row (or one group of scalars) during evaluation: its values by slot. */
export interface RowValues {
  readonly index: string;
  /** Undefined where it is missing, and for slot -1. */
  value(slot: number): SnmpValue;
  /** The same as a number, where it is one or reads as one. */
  number(slot: number): number | undefined;
  /** The same of another row of the table, by its index. */
  numberAt(index: string, slot: number): number | undefined;
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
    return (row) => test(row.value(slot));
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
    return (value) => regex.test(patternText(value));
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
    if (!pattern) return (row) => toTextOrHex(row.value(slot));
    return (row) => {
      const text = toTextOrHex(row.value(slot));
      return text === null ? null : (pattern.exec(text.slice(0, longestText))?.[1] ?? text);
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
  /** Of everything that it is made of: its column, or those of its formula. */
  readonly slots: readonly number[];
  readonly name: string;
  /** Copied from the specification, whose objects differ in what they hold: looking into them costs at each of a million values. */
  readonly rate: NonNullable<ProfileValue['rate']> | null;
  /** What its rate is multiplied by. */
  readonly rateScale: number;
  readonly moment: boolean;
  readonly ago: boolean;
  readonly total: NonNullable<ProfileValue['total']> | null;
  readonly when: RowTest | null;
  readonly entity: ((row: RowValues) => string | null)[] | null;
  /** The raw number in the row, before scale; undefined when missing or a "none" value. */
  readonly raw: (row: RowValues) => number | undefined;
  /** Raw to the metric's unit. `sticky` keeps which of several scales fits this row. */
  readonly scaled: (raw: number, row: RowValues, sticky: StickyScale) => number | undefined;
  /** Whether it has several scales, of which one is kept. */
  readonly sticks: boolean;
  /** The device's own word for the state; null: this value has none ever. */
  readonly word: ((row: RowValues) => string | null) | null;
  /** Raw numbers of the limits that the device has set; null: this value has none ever. */
  readonly limits: Readonly<Partial<Record<LimitName, (row: RowValues) => number | undefined>>> | null;
  /** Rounds to the metric's decimals; undefined for what cannot be. */
  readonly plausible: (value: number) => number | undefined;
}

type LimitName = keyof NonNullable<ProfileValue['limits']>;

export interface StickyScale {
  scale: number | undefined;
}

export function compileValue(spec: ProfileValue, slotOf: SlotOf, patternOf?: PatternOf): CompiledValue {
  return {
    spec,
    metric: spec.metric,
    metricKind: metric(spec.metric).kind,
    slot: spec.column === undefined ? -1 : slotOf(spec.column),
    slots: (spec.column === undefined ? parseFormula(spec.formula ?? '').names : [spec.column]).map(slotOf),
    name: spec.metric.slice(spec.metric.indexOf('.') + 1),
    rate: spec.rate ?? null,
    rateScale: typeof spec.scale === 'number' ? spec.scale : 1,
    moment: spec.moment ?? false,
    ago: spec.ago ?? false,
    total: spec.total ?? null,
    when: compileConditions(spec.when, slotOf),
    entity: spec.entity ? spec.entity.map((template) => compileTemplate(template, slotOf, patternOf)) : null,
    raw: compileRaw(spec, slotOf),
    scaled: compileScale(spec, slotOf),
    sticks: Array.isArray(spec.scale),
    word: compileWord(spec, slotOf),
    limits: compileLimits(spec, slotOf),
    plausible: plausibleValues(spec.metric),
  };
}

function compileRaw(spec: ProfileValue, slotOf: SlotOf): CompiledValue['raw'] {
  const drop = droppedBy(spec);
  const read = compileRead(spec, slotOf);
  if (!drop) return read;
  return (row) => {
    const raw = read(row);
    return raw !== undefined && drop.has(raw) ? undefined : raw;
  };
}

function droppedBy(spec: ProfileValue): ReadonlySet<number> | null {
  const plain = spec.column !== undefined && spec.rate === undefined && !spec.moment && !spec.clock;
  const sentinels = plain ? sentinelsOf(spec.metric) : null;
  if (!spec.drop) return sentinels;
  return new Set([...spec.drop, ...(sentinels ?? [])]);
}

function compileLimits(spec: ProfileValue, slotOf: SlotOf): CompiledValue['limits'] {
  if (!spec.limits) return null;
  const drop = droppedBy(spec);
  return Object.fromEntries(
    Object.entries(spec.limits).flatMap(([name, column]) => {
      if (column === undefined) return [];
      const slot = slotOf(column);
      const read = (row: RowValues): number | undefined => {
        const raw = row.number(slot);
        return raw !== undefined && drop?.has(raw) ? undefined : raw;
      };
      return [[name, read]];
    }),
  );
}

/** Longest word that is kept: some devices send sentences. */
const longestWord = 200;

function compileWord(spec: ProfileValue, slotOf: SlotOf): CompiledValue['word'] {
  // States of ports have the MIB's own words, and there are a million of them.
  if (spec.column === undefined || (!spec.words && (!spec.map || metric(spec.metric).kind === 'port')))
    return null;
  const slot = slotOf(spec.column);
  const words = new Map(Object.entries(spec.words ?? {}).map(([raw, word]) => [raw.toLowerCase(), word]));
  return (row) => {
    const text = toText(row.value(slot));
    if (text === null) return null;
    const word = words.get(text.toLowerCase());
    if (word !== undefined) return word;
    return /^[-+.\d]+$/.test(text) ? null : text.slice(0, longestWord);
  };
}

function compileRead(spec: ProfileValue, slotOf: SlotOf): CompiledValue['raw'] {
  const pattern = spec.text === undefined ? null : new RegExp(spec.text);
  if (spec.formula !== undefined) return compileFormula(parseFormula(spec.formula), slotOf, pattern);
  const slot = slotOf(spec.column ?? '');
  if (spec.map) {
    const states = stateNumbers(spec.metric);
    const byRaw = new Map(
      Object.entries(spec.map).map(([raw, name]) => [raw.toLowerCase(), states.get(name)]),
    );
    const byNumber = new Map(
      [...byRaw].flatMap(([raw, state]) => (String(Number(raw)) === raw ? [[Number(raw), state]] : [])),
    );
    const otherwise = spec.otherwise === undefined ? undefined : states.get(spec.otherwise);
    return (row) => {
      const value = row.value(slot);
      if (typeof value === 'number') return byNumber.get(value) ?? otherwise;
      const text = toText(value);
      if (text === null) return undefined;
      return byRaw.get(text.toLowerCase()) ?? otherwise;
    };
  }
  if (pattern) return (row) => numberIn(row.value(slot), pattern);
  return (row) => row.number(slot);
}

function compileFormula(formula: Formula, slotOf: SlotOf, pattern: RegExp | null): CompiledValue['raw'] {
  const slots = new Map(formula.names.map((name) => [name, slotOf(name)]));
  return (row) =>
    formula.evaluate((name, index) => {
      const slot = slots.get(name) ?? -1;
      if (index !== null) return row.numberAt(index, slot);
      return row.number(slot) ?? (pattern ? numberIn(row.value(slot), pattern) : undefined);
    });
}

function numberIn(value: SnmpValue, pattern: RegExp): number | undefined {
  const match = pattern.exec(patternText(value));
  return match ? Number(match[1] ?? match[0]) : undefined;
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
  const plain = si < 0 && digits < 0 && factor < 0 && !range;
  if (plain && typeof scale === 'number') return (raw) => raw * scale;
  const inRange = (value: number) => !range || (value >= range[0] && value <= range[1]);
  return (raw, row, sticky) => {
    let value = raw;
    if (si >= 0) value *= 10 ** (3 * ((row.number(si) ?? 9) - 9));
    if (digits >= 0) value /= 10 ** (row.number(digits) ?? 0);
    if (factor >= 0) {
      const by = row.number(factor) ?? 1;
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

/** What patterns are tried on: as much of a text as they were held to be quick on. */
function patternText(value: SnmpValue): string {
  return toText(value)?.slice(0, longestText) ?? '';
}
