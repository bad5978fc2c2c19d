import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { type Audit, type AuditNote, bySystem } from './audit.ts';
import { testAudit } from './testing.ts';

let db: Database;
let audit: Audit;
beforeEach(async () => {
  db = await openDatabase(':memory:');
  audit = testAudit(db);
});
afterEach(() => db.destroy());

const note: AuditNote = {
  action: 'sign-in',
  outcome: 'done',
  by: { kind: 'person', id: 7, name: 'Anna' },
  address: '192.0.2.7',
};

const numbers = async () =>
  (await db.selectFrom('audit_log').select('number').execute()).map((row) => row.number);

it('numbers what is noted at the same time without gaps', async () => {
  await Promise.all(Array.from({ length: 50 }, () => audit.note(note)));
  expect(await numbers()).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

it('notes a change if and only if it is committed, and what is refused though it is rolled back', async () => {
  await db.transaction().execute((tx) => audit.noteIn(tx, note));
  const refused = db.transaction().execute(async (tx) => {
    await audit.noteIn(tx, note);
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow('no');
  await audit.note({ ...note, outcome: 'refused', by: bySystem });
  const rows = await db.selectFrom('audit_log').select(['number', 'outcome']).execute();
  expect(rows).toEqual([
    { number: 1, outcome: 'done' },
    { number: 2, outcome: 'refused' },
  ]);
});

it('refuses to change or delete what stands there', async () => {
  await audit.note(note);
  await expect(sql`update audit_log set outcome = 'failed'`.execute(db)).rejects.toThrow('not changed');
  await expect(sql`delete from audit_log`.execute(db)).rejects.toThrow('not deleted');
  await expect(sql`update audit_people set by_name = 'Bert'`.execute(db)).rejects.toThrow('not changed');
  await expect(sql`delete from audit_people`.execute(db)).rejects.toThrow('not deleted');
});

it('tells health when the log cannot be written, and does not stop what is noted', async () => {
  await audit.check();
  await sql`alter table audit_log rename to elsewhere`.execute(db);
  await audit.note(note);
  await expect(audit.check()).rejects.toThrow('1 entries are missing');
  await sql`alter table elsewhere rename to audit_log`.execute(db);
  await audit.note(note);
  await audit.check();
});
