import type { RecordKind } from '@rackhaus/config/contract';
import type { StoredRow } from '../../history/spec.ts';
import { searchKey } from '../search-key.ts';
import { checkChange, checkNew, type Values } from './draft.ts';
import type { PlanContext, Planned } from './plan.ts';
import type { Row } from './row.ts';

/** Records of a kind by the words that people know them by; says when two rows mean the same one. */
export class Matcher<T extends StoredRow> {
  readonly #byKey = new Map<string, T>();
  readonly #byId: ReadonlyMap<number, T>;
  readonly #rowOf = new Map<string, number>();
  readonly matched = new Set<number>();

  constructor(records: readonly T[], keysOf: (record: T) => readonly (string | null)[]) {
    this.#byId = new Map(records.map((record) => [record.id, record]));
    for (const record of records)
      for (const key of keysOf(record)) {
        const plain = searchKey(key ?? '');
        if (plain !== '' && !this.#byKey.has(plain)) this.#byKey.set(plain, record);
      }
  }

  /** The record whose number a row has. */
  numbered(row: Row): T | undefined {
    const id = row.numberOf('id', true);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** The record that a row means. `field`: where its name stands. */
  find(row: Row, field: string, keys: readonly string[]): T | undefined {
    const id = row.numberOf('id', true);
    const byId = id === undefined ? undefined : this.#byId.get(id);
    if (id !== undefined && byId === undefined) row.refuse('id', 'no-such-id');
    const plain = keys.map(searchKey).filter((key) => key !== '');
    const found = byId ?? plain.map((key) => this.#byKey.get(key)).find((record) => record !== undefined);
    const name = found === undefined ? plain[0] : `#${found.id}`;
    if (name !== undefined) {
      const before = this.#rowOf.get(name);
      if (before !== undefined) row.refuse(field, 'same-row', { row: String(before) });
      else this.#rowOf.set(name, row.number);
    }
    if (found !== undefined) this.matched.add(found.id);
    return found;
  }
}

/** Drafts what a row says of one record: a new one, or what differs from the one that is there. @returns its number too */
export function draftRecord(
  context: PlanContext,
  row: Row,
  kind: RecordKind,
  found: StoredRow | undefined,
  values: Values,
  name: string,
  show: (field: string, value: unknown) => string | null = shown,
): Planned & { readonly ref: number | null } {
  if (found === undefined) {
    const checked = checkNew(row, kind, values);
    const ref =
      checked === null || row.problems.length > 0
        ? null
        : context.draft.create(kind, checked, name, row.number);
    for (const [field, value] of Object.entries(values))
      if (field !== 'name' && value !== undefined && value !== null)
        row.differs(kind, field, null, show(field, value));
    return { row, kind, id: null, name, changes: ref !== null, ref };
  }
  const changed = checkChange(row, kind, found, values, show);
  const changes = changed !== null && Object.keys(changed).length > 0;
  if (changes) context.draft.update(kind, found.id, changed, row.number);
  return { row, kind, id: found.id, name, changes, ref: found.id };
}

export function shown(_field: string, value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
