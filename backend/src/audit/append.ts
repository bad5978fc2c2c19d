import { auditActions } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { beginning, commitment, newSalt, rowHash } from './chain.ts';
import type { AuditNote } from './note.ts';

/** Longest texts, in characters: what comes from outside must not fill the disk. */
const longest = { name: 200, address: 64, detail: 4000 };

/** The last row: its number and hash, also when retention has deleted it. */
export async function lastOf(db: Database): Promise<{ number: number; hash: string }> {
  const row = await db
    .selectFrom('audit_log')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const gap = await db
    .selectFrom('audit_gaps')
    .select(['last', 'hash_last'])
    .orderBy('last', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (gap !== undefined && gap.last > (row?.number ?? 0)) return { number: gap.last, hash: gap.hash_last };
  return row ?? { number: 0, hash: beginning };
}

/** Appends one row within a transaction. Transactions run one after the other, so numbers have no gaps. @returns its number */
export async function append(tx: Database, key: Buffer, note: AuditNote, time: number): Promise<number> {
  const last = await lastOf(tx);
  const number = last.number + 1;
  const { subject } = note;
  const person = subject?.kind === 'user';
  const subjectId = subject?.id == null ? null : String(subject.id);
  const subjectName = subject === undefined ? null : cut(subject.name, longest.name);
  const people = {
    number,
    by_id: note.by.id,
    by_name: cut(note.by.name, longest.name),
    address: note.address === null ? null : cut(note.address, longest.address),
    subject_id: person ? subjectId : null,
    subject_name: person ? subjectName : null,
    salt: newSalt(),
    mac: null,
  };
  const row = {
    number,
    time,
    kind: auditActions[note.action],
    action: note.action,
    outcome: note.outcome,
    by_kind: note.by.kind,
    subject_kind: subject?.kind ?? null,
    subject_id: person ? null : subjectId,
    subject_name: person ? null : subjectName,
    detail: detailText(note.detail),
    people: commitment(people),
  };
  await tx
    .insertInto('audit_log')
    .values({ ...row, hash: rowHash(key, row, last.hash) })
    .execute();
  await tx.insertInto('audit_people').values(people).execute();
  return number;
}

/** Half a character at the end is not left standing: a hash over it would not be found again. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

function detailText(detail: AuditNote['detail']): string {
  const entries = Object.entries(detail ?? {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? cut(value, 500) : value,
  ]);
  const text = JSON.stringify(Object.fromEntries(entries));
  return text.length <= longest.detail ? text : JSON.stringify({ tooLong: text.length });
}
