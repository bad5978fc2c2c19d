import type { RecordKind } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import type { Dependent, Row, Scope } from '../../history/spec.ts';

/** Notes and documents about a record go with it. */
export function about(kind: RecordKind): readonly Dependent[] {
  const of =
    (table: 'notes' | 'attachments'): Exclude<Dependent['by'], string> =>
    async (change, ids) => {
      const { rows } = await sql<{ id: number }>`select id from ${sql.table(table)}
        where subject_kind = ${kind} and subject_id in (select value from json_each(${JSON.stringify(ids)}))
        order by id`.execute(change.tx);
      return rows.map(({ id }) => id);
    };
  return [
    { kind: 'note', by: of('notes'), action: 'delete' },
    { kind: 'attachment', by: of('attachments'), action: 'delete' },
  ];
}

/** The record that a note or a document is about. */
export function subjectOf(isKind: (kind: string) => kind is RecordKind) {
  return (row: Row): Scope[] => {
    const kind = String(row.subject_kind);
    return isKind(kind) ? [{ kind, id: Number(row.subject_id) }] : [];
  };
}
