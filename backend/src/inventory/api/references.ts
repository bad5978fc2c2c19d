import { fieldsOf, RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { outOfReach } from '../../access/scope/writes.ts';
import { idsWithin, reachOf } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import type { Caller } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import { specOf } from './kinds.ts';

type Values = Readonly<Record<string, unknown>>;

/** Which records the values refer to: fields that hold an id, and what a note or a document is about. */
export function referencesOf(
  kind: RecordKind,
  values: Values,
): { field: string; kind: RecordKind; id: number }[] {
  const found: { field: string; kind: RecordKind; id: number }[] = [];
  for (const [field, to] of refFields(kind)) {
    const id = values[field];
    if (typeof id === 'number') found.push({ field, kind: to, id });
  }
  const subject = RecordKind.safeParse(values.subjectKind);
  if (subject.success && typeof values.subjectId === 'number')
    found.push({ field: 'subjectId', kind: subject.data, id: values.subjectId });
  return found;
}

/** Names of the fields that hold an id, with the kind that they name. */
export function refFields(kind: RecordKind): (readonly [field: string, to: RecordKind])[] {
  return [...fieldsOf(kind)].flatMap(([field, { meta }]) =>
    meta.type === 'ref' ? [[field, RecordKind.parse(meta.to)] as const] : [],
  );
}

/**
 * Refuses values that refer to records which do not exist.
 * @throws AppError invalid that names the field and what was given; forbidden for what the caller is not to know of
 */
export async function refuseMissing(
  db: Database,
  kind: RecordKind,
  many: readonly Values[],
  caller: Caller,
): Promise<void> {
  const reach = reachOf(caller);
  const wanted = new Map<RecordKind, Map<number, string>>();
  for (const values of many)
    for (const { field, kind: to, id } of referencesOf(kind, values)) {
      const ids = wanted.get(to) ?? new Map<number, string>();
      ids.set(id, field);
      wanted.set(to, ids);
    }
  for (const [to, fields] of wanted) {
    const existing = new Set<number>();
    for (const part of chunked([...fields.keys()])) {
      const { rows } = await sql<{ id: number }>`select id from ${sql.table(specOf(to).table)}
        where id in (${sql.join(part)})`.execute(db);
      for (const { id } of rows) existing.add(id);
    }
    for (const [id, field] of fields)
      if (!existing.has(id))
        throw new AppError(
          'invalid',
          `${field}: there is no ${to} ${id}.`,
          [{ path: field, message: `there is no ${to} ${id}` }],
          { reason: 'no-such-record' },
        );
    // A cable may lead to another site: the port of its far end is named, too.
    if (reach === null || kind === 'link-end') continue;
    const within = await idsWithin(db, to, fields.keys(), reach);
    for (const id of fields.keys()) if (!within.has(id)) throw outOfReach(to, id);
  }
}
