import type { RecordKind, RecordNames } from '@rackhaus/config/contract';
import { kindName } from './names.ts';

/** Fields that name a record, the best one first. */
export const titleFields: readonly string[] = ['vid', 'name', 'label', 'cidr', 'address'];

/** What people call a record: as the server names it, else by the field that names it, else by its kind. */
export function recordTitle(
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
  names: RecordNames = {},
): string {
  for (const field of titleFields) {
    const value = record[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return names[`${kind}/${String(record.id)}`] ?? kindName(kind);
}
