import { fieldsOf, type RecordKind } from '@rackhaus/config/contract';
import type { Records } from '../api.ts';

/** What makes a record that one, and what would put many into one place. */
const own: ReadonlySet<string> = new Set([
  'name',
  'serial',
  'assetTag',
  'mac',
  'address',
  'cidr',
  'vid',
  'position',
  'rank',
]);

/** Fields that many records can be given the same value of. */
export function bulkFields(kind: RecordKind, fields: readonly string[]): string[] {
  return fields.filter((field) => {
    const meta = fieldsOf(kind).get(field)?.meta;
    return meta !== undefined && meta.fixed !== true && meta.type !== 'json' && !own.has(field);
  });
}

/** So many ids fit into one address. */
const perQuestion = 500;

/** How many of the records have the value already. @throws ApiProblem */
export async function countSame(
  records: Records,
  of: { kind: RecordKind; field: string; value: unknown; ids: readonly number[] },
  signal: AbortSignal,
): Promise<number> {
  const { kind, field, value, ids } = of;
  const type = fieldsOf(kind).get(field)?.meta.type;
  // Long texts are not compared: everything counts as changed unless both are empty.
  if (type === 'long-text' && value !== null) return 0;
  const same = value === null ? `${field}:empty:yes` : `${field}:is:${String(value)}`;
  let count = 0;
  for (let at = 0; at < ids.length; at += perQuestion) {
    const some = `id:any:${ids.slice(at, at + perQuestion).join(',')}`;
    count += (await records.list(kind, { filter: [same, some], size: 1 }, signal)).total;
  }
  return count;
}
