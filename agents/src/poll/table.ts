import { metric } from '@rackhaus/config/contract';
import { type ProfileTable, parseFormula } from '@rackhaus/config/profiles';
import { type SnmpValue, toNumber } from '../snmp/decode.ts';
import { encodeOid, type OidBytes } from '../snmp/oid.ts';
import {
  type CompiledValue,
  compileConditions,
  compileTemplate,
  compileValue,
  type RowTest,
  type RowValues,
  type StickyScale,
} from './evaluate.ts';

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
  readonly join: { readonly first: number } | { readonly last: number } | { readonly by: number } | null;
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
  /** Slots that the entity's name is made of: while they stay, so does the name. */
  readonly nameSlots: readonly number[];
  readonly where: RowTest | null;
  readonly values: readonly CompiledValue[];
  readonly discontinuity: number | null;
  readonly fastest: ((row: RowValues) => number | undefined) | null;
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
      unless: 'unless' in rest && rest.unless !== undefined ? slotOf(rest.unless) : null,
      join: join === undefined ? null : 'by' in join ? { by: slotOf(join.by) } : join,
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
  const templates = spec.entity.map((template) => compileTemplate(template, slotOf, patternOf));
  return {
    spec,
    columns,
    dynamic: columns.filter((column) => !column.fixed),
    fixed: columns.filter((column) => column.fixed),
    entity: templates,
    label: (spec.label ?? []).map((template) => compileTemplate(template, slotOf, patternOf)),
    nameSlots: names.flatMap((name, slot) =>
      spec.entity.some((t) => t.includes(`{${name}}`)) ? [slot] : [],
    ),
    where: compileConditions(spec.where, slotOf),
    values: spec.values.map((value) => compileValue(value, slotOf, patternOf)),
    discontinuity: spec.discontinuity === undefined ? null : slotOf(spec.discontinuity),
    fastest: fastest && ((row) => fastest.evaluate((name) => toNumber(row.slots[slotOf(name)]))),
  };
}

/** What is kept of an entity from poll to poll: its counters, by position of the value in the profile. */
export interface EntityState {
  counters: ({ value: number; discontinuity: number } | undefined)[];
  scales: StickyScale[];
}

/** One row of a table, kept from poll to poll. */
export class RowState implements RowValues {
  readonly index: string;
  readonly slots: SnmpValue[];
  name = '';
  state: EntityState;
  /** Number of the poll in which the row was last seen. */
  seen = 0;
  named = false;

  constructor(index: string, width: number) {
    this.index = index;
    this.slots = new Array<SnmpValue>(width).fill(undefined);
    this.state = { counters: [], scales: [] };
  }
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
  for (const row of [...rows].sort((a, b) => compareIndexes(a.index, b.index))) {
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

export function compareIndexes(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
