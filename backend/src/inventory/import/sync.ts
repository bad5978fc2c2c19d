import type { RecordKind } from '@rackhaus/config/contract';
import type { Change } from '../../history/change.ts';
import type { Row } from '../../history/spec.ts';

export interface Counts {
  created: number;
  changed: number;
}

/**
 * Makes the rows of one table be what is wanted: inserts what is new, updates what differs, leaves the rest alone.
 * @returns the id of every wanted row by its key.
 */
export async function sync<Row extends { readonly id: number }, Values>(options: {
  readonly wanted: readonly { readonly key: string; readonly values: Values }[];
  readonly existing: (key: string) => Row | undefined;
  readonly same: (row: Row, values: Values) => boolean;
  /** @returns ids in the order of the values. */
  readonly insert: (values: Values[]) => Promise<readonly number[]>;
  readonly update: (id: number, values: Values) => Promise<unknown>;
  readonly counts: Counts;
}): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const added: { key: string; values: Values }[] = [];
  for (const { key, values } of options.wanted) {
    const row = options.existing(key);
    if (row === undefined) {
      added.push({ key, values });
      continue;
    }
    ids.set(key, row.id);
    if (options.same(row, values)) continue;
    await options.update(row.id, values);
    options.counts.changed++;
  }
  const made = await options.insert(added.map(({ values }) => values));
  for (const [index, { key }] of added.entries()) ids.set(key, made[index] ?? 0);
  options.counts.created += added.length;
  return ids;
}

/** Every value that is wanted is in the row already. */
export function sameValues(row: object, values: object): boolean {
  return Object.entries(values).every(([name, value]) => Reflect.get(row, name) === value);
}

/** How records of a kind are written by a change. */
export function writing(change: Change, kind: RecordKind) {
  return {
    insert: (rows: Row[]) => change.insert(kind, rows),
    update: (id: number, values: Row) => change.update(kind, id, values),
  };
}
