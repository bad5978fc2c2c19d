import { metric } from '@rackhaus/config/contract';
import { type ProfileTable, type ProfileValue, parseFormula } from '@rackhaus/config/profiles';
import { type SnmpValue, toText } from '../snmp/decode.ts';
import type { KeptRows } from '../snmp/kept-rows.ts';
import { decodeOid, encodeOid, type OidBytes } from '../snmp/oid.ts';
import {
  type CompiledValue,
  compileConditions,
  compileTemplate,
  compileValue,
  type RowTest,
  type RowValues,
} from './evaluate.ts';

/** What a column of a row further down must be, for the row to count. */
export interface ChildTest {
  readonly oid: OidBytes;
  readonly values: readonly number[];
}

/** A column of a profile's table. */
export interface CompiledColumn {
  readonly name: string;
  readonly slot: number;
  readonly oid: OidBytes;
  /** OID of the table's entry: columns with the same one are walked side by side. */
  readonly entry: string;
  readonly fixed: boolean;
  readonly unsigned: boolean;
  readonly unless: number | null;
  /** How many others say one after the other in which row it has its value. */
  readonly joins: number;
  readonly join:
    | { readonly first: number }
    | { readonly last: number }
    | { readonly by: number }
    | { readonly at: string }
    | { readonly child: readonly ChildTest[] }
    | null;
}

/** A table of a profile with everything that can be worked out before polling. */
export interface CompiledTable {
  readonly spec: ProfileTable;
  readonly columns: readonly CompiledColumn[];
  /** Columns read at every poll, side by side. */
  readonly dynamic: readonly CompiledColumn[];
  readonly fixed: readonly CompiledColumn[];
  readonly entity: ((row: RowValues) => string | null)[];
  readonly label: ((row: RowValues) => string | null)[];
  /** Which of several units a row belongs to; of tables that can be switched. */
  readonly unit: ((row: RowValues) => string | null)[];
  /** Slots that the entity's name is made of: while they stay, so does the name. */
  readonly nameSlots: readonly number[];
  readonly where: RowTest | null;
  readonly values: readonly CompiledValue[];
  /** Of each value: which of the row's counters it is; -1: none. */
  readonly counters: readonly number[];
  /** By value: what tells it from others of its metric in a row whose columns give it no name of its own; '' where there are none. */
  readonly ownWords: readonly string[];
  readonly discontinuity: number | null;
  readonly fastest: ((row: RowValues) => number | undefined) | null;
}

function compileJoin(
  join: NonNullable<Extract<ProfileTable['columns'][string], { join?: unknown }>['join']>,
  slotOf: (name: string) => number,
): CompiledColumn['join'] {
  if ('by' in join) return { by: slotOf(join.by) };
  if (!('child' in join)) return join;
  return {
    child: Object.entries(join.child).map(([oid, values]) => ({ oid: encodeOid(oid), values })),
  };
}

/** The words of the value's own entity without what comes from columns: `{ifName} receive power` -> `receive power`. */
function ownWords({ metric, entity }: ProfileValue, values: readonly ProfileValue[]): string {
  const last = entity?.at(-1);
  const isOnlyOne = values.every((other) => other.metric !== metric || other.entity?.at(-1) === last);
  return last === undefined || isOnlyOne
    ? ''
    : last
        .replaceAll(/\{\w+\}/g, ' ')
        .trim()
        .replaceAll(/\s+/g, ' ');
}

function joinsOf(columns: ProfileTable['columns'], name: string, seen: readonly string[] = []): number {
  const column = columns[name];
  const join = column !== undefined && 'join' in column ? column.join : undefined;
  if (join === undefined || !('by' in join) || seen.includes(name)) return 0;
  return 1 + joinsOf(columns, join.by, [...seen, name]);
}

export function compileTable(spec: ProfileTable): CompiledTable {
  const names = Object.keys(spec.columns);
  const slotOf = (name: string): number => names.indexOf(name);
  const columns = Object.entries(spec.columns).map(([name, column], slot): CompiledColumn => {
    const { join = undefined, ...rest } = 'join' in column ? column : { ...column };
    const entry = column.oid.slice(0, column.oid.lastIndexOf('.'));
    return {
      name,
      slot,
      oid: encodeOid(column.oid),
      entry,
      // A joined column has another index than the table: it cannot be walked beside it.
      fixed: ('static' in rest && rest.static === true) || join !== undefined,
      unsigned: 'unsigned' in rest && rest.unsigned === true,
      joins: joinsOf(spec.columns, name),
      unless: 'unless' in rest && rest.unless !== undefined ? slotOf(rest.unless) : null,
      join: join === undefined ? null : compileJoin(join, slotOf),
    };
  });
  const patterns = new Map(
    Object.entries(spec.columns).map(([name, column]) => [
      name,
      'pattern' in column && column.pattern !== undefined ? new RegExp(column.pattern) : null,
    ]),
  );
  const patternOf = (name: string): RegExp | null => patterns.get(name) ?? null;
  const fastest = spec.fastest === undefined ? null : parseFormula(spec.fastest);
  const fastestSlots = new Map(fastest?.names.map((name) => [name, slotOf(name)]));
  const templates = spec.entity.map((template) => compileTemplate(template, slotOf, patternOf));
  return {
    spec,
    columns,
    dynamic: columns.filter((column) => !column.fixed),
    fixed: columns.filter((column) => column.fixed),
    entity: templates,
    label: (spec.label ?? []).map((template) => compileTemplate(template, slotOf, patternOf)),
    unit: (spec.switch?.unit ?? []).map((template) => compileTemplate(template, slotOf, patternOf)),
    nameSlots: names.flatMap((name, slot) =>
      spec.entity.some((t) => t.includes(`{${name}}`)) ? [slot] : [],
    ),
    where: compileConditions(spec.where, slotOf),
    values: spec.values.map((value) => compileValue(value, slotOf, patternOf)),
    counters: spec.values.map((value, i) =>
      value.rate === undefined
        ? -1
        : spec.values.slice(0, i).filter((each) => each.rate !== undefined).length,
    ),
    ownWords: spec.values.map((value) => ownWords(value, spec.values)),
    discontinuity: spec.discontinuity === undefined ? null : slotOf(spec.discontinuity),
    fastest: fastest && ((row) => fastest.evaluate((name) => row.number(fastestSlots.get(name) ?? -1))),
  };
}

/** One row of a table, kept from poll to poll; its values are those of the table's rows at its position. */
export class RowState implements RowValues {
  private readonly kept: KeptRows;
  /** Position among the kept rows. */
  at: number;
  name = '';
  named = false;

  constructor(kept: KeptRows, at: number) {
    this.kept = kept;
    this.at = at;
  }

  get index(): string {
    return this.kept.index(this.at);
  }

  value(slot: number): SnmpValue {
    return this.kept.value(this.at, slot);
  }

  number(slot: number): number | undefined {
    return this.kept.number(this.at, slot);
  }

  numberAt(index: string, slot: number): number | undefined {
    return this.kept.number(this.kept.at(index), slot);
  }
}

/** Index of the row that a column of the table has its value from. */
export function joinedIndex(column: CompiledColumn, row: RowState): string {
  const { join } = column;
  if (!join) return row.index;
  if ('by' in join) return toText(row.value(join.by)) ?? '';
  if ('at' in join) return join.at;
  if ('child' in join) return row.index;
  const parts = row.index.split('.');
  return 'first' in join ? parts.slice(0, join.first).join('.') : parts.slice(-join.last).join('.');
}

/** The instances that a value of a row is made of. */
export function originsInRow(table: CompiledTable, value: CompiledValue, row: RowState): string[] {
  return value.slots.flatMap((slot) => {
    const column = table.columns[slot];
    if (!column || row.value(slot) === undefined) return [];
    return [`${decodeOid(column.oid)}.${joinedIndex(column, row)}`];
  });
}

/** Whether a metric's kind has just one entity per device. */
export function isSingle(kind: string): boolean {
  return kind === 'device' || kind === 'ups' || kind === 'agent';
}

/** The kind of the rows' own entity: that of the first value which has no entity of its own. */
export function rowKind(table: CompiledTable): string | null {
  const own = table.values.find((value) => !value.entity && value.spec.total === undefined);
  return own ? metric(own.metric).kind : null;
}

/**
 * Names for rows: the first template that gives one. Rows of one name are told apart by what the later templates say of
 * them, else by their order; the first keeps the plain name.
 */
export function nameRows(table: CompiledTable, rows: readonly RowState[]): Map<RowState, string> {
  const names = new Map<RowState, string>();
  const taken = new Set<string>();
  const order = rows.map((row) => ({ row, parts: row.index.split('.').map(Number) }));
  for (const { row } of order.sort((a, b) => compareParts(a.parts, b.parts))) {
    const candidates = table.entity
      .map((template) => template(row))
      .filter((name) => name !== null && name !== '');
    const plain = candidates[0] ?? row.index;
    let name = plain;
    if (taken.has(name)) {
      const other = candidates.find(
        (candidate) => candidate !== plain && !taken.has(`${plain} (${candidate})`),
      );
      if (other !== undefined && other !== null) name = `${plain} (${other})`;
      for (let n = 2; taken.has(name); n++) name = `${plain} #${n}`;
    }
    taken.add(name);
    names.set(row, name);
  }
  return names;
}

function compareParts(left: readonly number[], right: readonly number[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
