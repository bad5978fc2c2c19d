import type { CompiledValue } from './evaluate.ts';
import type { RowState } from './table.ts';

/**
 * Which row of a table has an own entity of its values (`{supply} fan`), from poll to poll. Where two rows call one the same, the
 * first keeps the plain name and the other adds its own, so that neither value is lost.
 */
export class OwnEntities {
  /** By value: rows by entity, the same for all values of a metric; null where rows may be one and the same thing. */
  private readonly rows: readonly (Map<string, RowState> | null)[];

  constructor(values: readonly CompiledValue[]) {
    const byMetric = new Map<string, Map<string, RowState>>();
    this.rows = values.map(({ metric, metricKind, entity, spec }) => {
      // A port has one name for all its values: another name would be a port that there is not.
      if (!entity || metricKind === 'port' || spec.total !== undefined) return null;
      const rows = byMetric.get(metric) ?? new Map<string, RowState>();
      byMetric.set(metric, rows);
      return rows;
    });
  }

  /** What the value's entity is called for this row. */
  nameFor(value: number, name: string, row: RowState): string {
    const owner = this.rows[value]?.get(name);
    if (owner === undefined || owner === row) return name;
    return row.name.startsWith(name) ? row.name : `${name} (${row.name})`;
  }

  /** The row's value was taken under this name. */
  took(value: number, name: string, row: RowState): void {
    const rows = this.rows[value];
    if (rows && !rows.has(name)) rows.set(name, row);
  }

  /** Forgets rows that are gone. */
  keepOnly(rows: readonly RowState[]): void {
    const there = new Set(rows);
    for (const owners of this.rows)
      for (const [name, row] of owners ?? []) if (!there.has(row)) owners?.delete(name);
  }
}
