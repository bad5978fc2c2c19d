import { createHmac } from 'node:crypto';
import { AuditRetention, auditKinds } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { beginning, type Gap, gapMac, type PeopleRow, pseudonymMac } from './chain.ts';
import type { AuditKey } from './key.ts';

export const dayMs = 86_400_000;
const settingsKey = 'retention';
/** Rows in one transaction. */
const slice = 500;

/** Days that each kind is kept, and after which people are replaced by pseudonyms. What an administrator has not set is as it comes. */
export async function readRetention(db: Database): Promise<AuditRetention> {
  const row = await db
    .selectFrom('audit_settings')
    .select('value')
    .where('key', '=', settingsKey)
    .executeTakeFirst();
  return AuditRetention.parse(row === undefined ? {} : JSON.parse(row.value));
}

export async function writeRetention(tx: Database, retention: AuditRetention): Promise<void> {
  const row = { value: JSON.stringify(retention), sealed: null };
  await tx
    .insertInto('audit_settings')
    .values({ key: settingsKey, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
}

/**
 * Deletes one slice of what is past its time and writes down the gap, by which the chain goes on holding. @returns how many rows;
 * 0: nothing is left to delete.
 */
export async function trimSlice(
  db: Database,
  key: AuditKey,
  retention: AuditRetention,
  now: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const last = await tx
      .selectFrom('audit_log')
      .select((row) => row.fn.max('number').as('number'))
      .executeTakeFirst();
    const due = await tx
      .selectFrom('audit_log')
      .select(['number', 'hash'])
      .where((where) =>
        where.or(
          auditKinds.map((kind) =>
            where.and([where('kind', '=', kind), where('time', '<', now - retention.days[kind] * dayMs)]),
          ),
        ),
      )
      // The newest row stays: the next one goes on from it.
      .where('number', '<', last?.number ?? 0)
      .orderBy('number')
      .limit(slice)
      .execute();
    for (const run of runsOf(due)) await takeOut(tx, key.chain, run);
    return due.length;
  });
}

interface Run {
  readonly first: number;
  last: number;
  hashLast: string;
}

/** Numbers one after the other, as one. */
function runsOf(rows: readonly { number: number; hash: string }[]): Run[] {
  const runs: Run[] = [];
  for (const { number, hash } of rows) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === number - 1) Object.assign(run, { last: number, hashLast: hash });
    else runs.push({ first: number, last: number, hashLast: hash });
  }
  return runs;
}

async function takeOut(tx: Database, key: Buffer, run: Run): Promise<void> {
  const left = await tx
    .selectFrom('audit_gaps')
    .selectAll()
    .where('last', '=', run.first - 1)
    .executeTakeFirst();
  const right = await tx
    .selectFrom('audit_gaps')
    .selectAll()
    .where('first', '=', run.last + 1)
    .executeTakeFirst();
  const gap: Omit<Gap, 'mac'> = {
    first: left?.first ?? run.first,
    last: right?.last ?? run.last,
    hash_before: left?.hash_before ?? (await hashBefore(tx, run.first)),
    hash_last: right?.hash_last ?? run.hashLast,
  };
  await tx
    .insertInto('audit_gaps')
    .values({ ...gap, mac: gapMac(key, gap) })
    .execute();
  for (const old of [left, right])
    if (old !== undefined) await tx.deleteFrom('audit_gaps').where('id', '=', old.id).execute();
  for (const table of ['audit_log', 'audit_people'] as const)
    await tx.deleteFrom(table).where('number', '>=', run.first).where('number', '<=', run.last).execute();
}

async function hashBefore(tx: Database, number: number): Promise<string> {
  if (number === 1) return beginning;
  const row = await tx
    .selectFrom('audit_log')
    .select('hash')
    .where('number', '=', number - 1)
    .executeTakeFirst();
  if (row === undefined) throw new Error(`Row ${number - 1} of the log is missing.`);
  return row.hash;
}

/**
 * Replaces people by pseudonyms in one slice of rows that are past that time: name and number of the account, the network
 * address. The same person has the same pseudonym, in this log only. @returns how many rows
 */
export async function pseudonymiseSlice(
  db: Database,
  key: AuditKey,
  retention: AuditRetention,
  now: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('audit_people as p')
      .innerJoin('audit_log as l', 'l.number', 'p.number')
      .selectAll('p')
      .select(['l.by_kind', 'l.subject_kind'])
      .where('p.salt', 'is not', null)
      .where('l.time', '<', now - retention.peopleDays * dayMs)
      .orderBy('p.number')
      .limit(slice)
      .execute();
    for (const { by_kind, subject_kind, ...row } of rows) {
      // The name of a program's token holds that of its person.
      const person = by_kind === 'person' || by_kind === 'token';
      const next: Omit<PeopleRow, 'salt' | 'mac'> = {
        number: row.number,
        by_id: person ? null : row.by_id,
        by_name: person
          ? pseudonym(
              key,
              by_kind === 'person' ? row.by_id : null,
              by_kind === 'person' ? row.by_name : `token:${row.by_id}`,
            )
          : row.by_name,
        address: null,
        subject_id: subject_kind === 'user' ? null : row.subject_id,
        subject_name:
          subject_kind === 'user'
            ? pseudonym(key, row.subject_id === null ? null : Number(row.subject_id), row.subject_name ?? '')
            : row.subject_name,
      };
      await tx
        .updateTable('audit_people')
        .set({ ...next, salt: null, mac: pseudonymMac(key.chain, next) })
        .where('number', '=', row.number)
        .execute();
    }
    return rows.length;
  });
}

/** From the account's number, so that a person who was renamed stays one; with a key, so that nobody can try numbers out. */
export function pseudonym(key: AuditKey, id: number | null, name: string): string {
  const who = id === null ? `name:${name}` : `id:${id}`;
  return `~${createHmac('sha256', key.pseudonyms).update(who).digest('hex').slice(0, 10)}`;
}
