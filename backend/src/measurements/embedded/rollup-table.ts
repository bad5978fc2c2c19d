import type { Rollups } from '../store.ts';
import type { Dictionary } from './dictionary.ts';
import type { Table } from './table.ts';
import { rollupColumn } from './tiers.ts';

/** Roll-ups as they are kept: whole numbers, NaN where there is nothing. Metrics that the catalogue does not have are left out. */
export function tableOfRollups(dictionary: Dictionary, { entity, metrics, rows }: Rollups): Table {
  const fields: number[] = [];
  const columns: Float64Array[] = [];
  for (const [m, name] of metrics.entries()) {
    const field = dictionary.fieldOf(`${entity.kind}.${name}`);
    const [n, sum, min, max] = [rows.n[m], rows.sum[m], rows.min[m], rows.max[m]];
    if (!field || !n || !sum || !min || !max) continue;
    const factor = 10 ** field.decimals;
    const counts = n.map((count, i) => (count > 0 && Number.isFinite(sum[i]) ? count : Number.NaN));
    const whole = (column: Float64Array) =>
      column.map((value, i) => (Number.isNaN(counts[i]) ? Number.NaN : Math.round(value * factor)));
    fields.push(...Object.values(rollupColumn).map((of) => of(field.id)));
    columns.push(counts, whole(sum), whole(min), whole(max));
  }
  return { count: rows.times.length, times: rows.times, fields, columns };
}
