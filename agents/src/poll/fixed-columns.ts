import { type SnmpValue, toNumber } from '../snmp/decode.ts';
import type { OidBytes } from '../snmp/oid.ts';
import type { TableRow } from '../snmp/walk.ts';
import { type CompiledColumn, joinedIndex, type RowState } from './table.ts';

/** Columns of one table that are read together, each once, and what they say of the rows that want them. */
export class FixedColumns {
  /** To be walked side by side. */
  readonly oids: OidBytes[] = [];
  private readonly positions = new Map<string, number>();

  constructor(columns: readonly CompiledColumn[]) {
    for (const { oid, join } of columns) {
      this.position(oid);
      if (join && 'child' in join) for (const test of join.child) this.position(test.oid);
    }
  }

  /** The values that a column has for rows, by what was walked. */
  values(column: CompiledColumn, walked: readonly TableRow[]): (row: RowState) => SnmpValue {
    const { join } = column;
    const at = this.position(column.oid);
    if (!join || !('child' in join)) {
      const byIndex = new Map(walked.map(({ index, values }) => [index, values[at]]));
      return (row) => byIndex.get(joinedIndex(column, row));
    }
    const byParent = new Map<string, SnmpValue>();
    for (const { index, values } of walked) {
      const parent = index.slice(0, index.lastIndexOf('.'));
      const fits = join.child.every((test) => {
        const number = toNumber(values[this.position(test.oid)]);
        return number !== undefined && test.values.includes(number);
      });
      if (fits && !byParent.has(parent)) byParent.set(parent, values[at]);
    }
    return (row) => byParent.get(row.index);
  }

  private position(oid: OidBytes): number {
    const key = oid.join('.');
    const known = this.positions.get(key);
    if (known !== undefined) return known;
    this.positions.set(key, this.oids.length);
    return this.oids.push(oid) - 1;
  }
}
