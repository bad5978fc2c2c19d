import { type AuditEntry, type AuditFilter, AuditEntry as Entry } from '@rackhaus/config/contract';
import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import type { Database, Tables } from '../database/tables.ts';

const Detail = Entry.shape.detail;
type Joined = Tables & { l: Tables['audit_log']; p: Tables['audit_people'] };

/** Rows of the log, newest first, or in the order of their numbers. `before` and `after`: numbers, not included. */
export async function readLog(
  db: Database,
  filter: AuditFilter & {
    readonly before?: number | undefined;
    readonly after?: number | undefined;
    readonly order?: 'asc' | 'desc';
  },
  limit: number,
): Promise<AuditEntry[]> {
  let query = db
    .selectFrom('audit_log as l')
    .innerJoin('audit_people as p', 'p.number', 'l.number')
    .select([
      'l.number',
      'l.time',
      'l.kind',
      'l.action',
      'l.outcome',
      'l.by_kind',
      'l.subject_kind',
      'l.subject_id',
      'l.subject_name',
      'l.detail',
      'l.hash',
      'p.by_id',
      'p.by_name',
      'p.address',
      'p.subject_id as person_id',
      'p.subject_name as person_name',
      'p.salt',
    ])
    .orderBy('l.number', filter.order ?? 'desc')
    .limit(limit);
  const { kind, outcome, person, subject, search, from, to, before, after } = filter;
  if (kind !== undefined) query = query.where('l.kind', '=', kind);
  if (outcome !== undefined) query = query.where('l.outcome', '=', outcome);
  if (from !== undefined) query = query.where('l.time', '>=', from);
  if (to !== undefined) query = query.where('l.time', '<', to);
  if (before !== undefined) query = query.where('l.number', '<', before);
  if (after !== undefined) query = query.where('l.number', '>', after);
  if (person) query = query.where((where) => where.or(has(where, person, ['p.by_name', 'p.subject_name'])));
  if (subject)
    query = query.where((where) => where.or(has(where, subject, ['l.subject_name', 'p.subject_name'])));
  if (search)
    query = query.where((where) =>
      where.or(
        has(where, search, [
          'l.subject_name',
          'p.subject_name',
          'p.by_name',
          'p.address',
          'l.action',
          'l.detail',
        ]),
      ),
    );
  const rows = await query.execute();
  return rows.map((row) => ({
    number: row.number,
    time: row.time,
    kind: row.kind,
    action: row.action,
    outcome: row.outcome,
    by: { kind: row.by_kind, id: row.by_id, name: row.by_name },
    address: row.address,
    subject:
      row.subject_kind === null
        ? null
        : {
            kind: row.subject_kind,
            id: row.subject_id ?? row.person_id,
            name: row.subject_name ?? row.person_name ?? '',
          },
    pseudonym: row.salt === null,
    detail: Detail.parse(JSON.parse(row.detail)),
    hash: row.hash,
  }));
}

type Column = 'l.subject_name' | 'p.subject_name' | 'p.by_name' | 'p.address' | 'l.action' | 'l.detail';

/** `%` and `_` are letters like others here. */
function has(where: ExpressionBuilder<Joined, 'l' | 'p'>, text: string, columns: readonly Column[]) {
  const pattern = `%${text.replace(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
  return columns.map((column) => sql<SqlBool>`${where.ref(column)} like ${pattern} escape '\\'`);
}

/** All rows that fit, in the order of their numbers, in slices. */
export async function* walkLog(db: Database, filter: AuditFilter, slice = 500): AsyncGenerator<AuditEntry> {
  let after = 0;
  for (;;) {
    const rows = await readLog(db, { ...filter, after, order: 'asc' }, slice);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}

/** For a question with a time: milliseconds since 1970 from an ISO date or time (UTC). @throws Error that says what would be right */
export function timeOf(text: string, name: string): number {
  const parsed = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(text);
  if (!parsed.success)
    throw new Error(`${name} is "${text}"; it must be like 2026-11-23 or 2026-11-23T08:00:00Z.`);
  return Date.parse(text);
}
