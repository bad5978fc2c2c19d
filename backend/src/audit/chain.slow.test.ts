import { randomBytes } from 'node:crypto';
import { AuditRetention } from '@rackhaus/config/contract';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { append } from './append.ts';
import { Audit, type AuditNote } from './audit.ts';
import { keysFrom } from './key.ts';
import { dayMs, pseudonymiseSlice, trimSlice } from './retention.ts';
import { verifyLog } from './verify.ts';

const key = keysFrom(randomBytes(32));
const start = 1_800_000_000_000;
let db: Database;
beforeEach(async () => {
  db = await openDatabase(':memory:');
});
afterEach(() => db.destroy());

const note = (more: Partial<AuditNote> = {}): AuditNote => ({
  action: 'sign-in',
  outcome: 'done',
  by: { kind: 'person', id: 7, name: 'Anna Beispiel' },
  address: '192.0.2.7',
  ...more,
});
const write = (time: number, more: Partial<AuditNote> = {}) =>
  db.transaction().execute((tx) => append(tx, key.chain, note(more), time));
const verify = (head: { number: number; hash: string } | null = null) =>
  verifyLog({ db, key: key.chain, head });

/** What somebody with the database alone can do. */
async function withoutTriggers(work: () => Promise<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'trigger'`.execute(
    db,
  );
  for (const { name } of rows.filter((row) => row.name.startsWith('audit_')))
    await sql`drop trigger ${sql.id(name)}`.execute(db);
  await work();
}

describe('the chain', () => {
  beforeEach(async () => {
    for (let index = 0; index < 1200; index++) await write(start + index * 1000);
  });

  it('holds over several slices, whatever the clock did', async () => {
    await write(start - 40 * dayMs);
    await write(start + 400 * dayMs);
    expect(await verify()).toEqual({ intact: true, rows: 1202, last: 1202, deleted: 0 });
  });

  it.each([
    ['an outcome', sql`update audit_log set outcome = 'refused' where number = 700`, 700, 'changed'],
    ['a time', sql`update audit_log set time = time + 1 where number = 1`, 1, 'changed'],
    ['who it was', sql`update audit_people set by_name = 'Bert' where number = 801`, 801, 'people'],
    [
      'who it was, as if it were a pseudonym',
      sql`update audit_people set by_name = '~1', salt = null where number = 5`,
      5,
      'people',
    ],
    ['a row taken out', sql`delete from audit_log where number = 600`, 600, 'missing'],
    [
      'a row taken out, as if by retention',
      sql`insert into audit_gaps (first, last, hash_before, hash_last, mac)
      select 600, 600, (select hash from audit_log where number = 599), hash, hash from audit_log where number = 600`,
      600,
      'missing',
    ],
  ])('finds %s', async (_what, deed, number, why) => {
    await withoutTriggers(async () => {
      await deed.execute(db);
      if (why === 'missing') await sql`delete from audit_log where number = 600`.execute(db);
    });
    expect(await verify()).toMatchObject({ intact: false, number, why });
  });

  it('misses rows cut off at the end by the file beside the database', async () => {
    const head = await db
      .selectFrom('audit_log')
      .select(['number', 'hash'])
      .where('number', '=', 1200)
      .executeTakeFirstOrThrow();
    expect(await verify(head)).toMatchObject({ intact: true });
    await withoutTriggers(() => sql`delete from audit_log where number > 1190`.execute(db));
    expect(await verify()).toMatchObject({ intact: true });
    expect(await verify(head)).toMatchObject({ intact: false, number: 1191, why: 'cut' });
  });

  it('cannot be written anew without the key', async () => {
    const other = keysFrom(randomBytes(32));
    expect(await verifyLog({ db, key: other.chain, head: null })).toMatchObject({ intact: false, number: 1 });
  });
});

describe('retention', () => {
  const retention = AuditRetention.parse({});

  it('deletes each kind after its time; the chain goes on holding and growing', async () => {
    for (let index = 0; index < 30; index++) {
      await write(start, { action: 'access', outcome: 'refused' });
      if (index % 3 === 0) await write(start, { action: 'change' });
    }
    await write(start);
    expect(await trimSlice(db, key, retention, start + 89 * dayMs)).toBe(0);
    expect(await trimSlice(db, key, retention, start + 91 * dayMs)).toBe(30);
    expect(await verify()).toEqual({ intact: true, rows: 11, last: 41, deleted: 30 });
    expect(await trimSlice(db, key, retention, start + 3651 * dayMs)).toBe(10);
    expect(await db.selectFrom('audit_gaps').select(['first', 'last']).execute()).toEqual([
      { first: 1, last: 40 },
    ]);
    expect(await write(start + 3651 * dayMs)).toBe(42);
    expect(await verify()).toEqual({ intact: true, rows: 2, last: 42, deleted: 40 });
  });

  it('replaces people by pseudonyms that are one person within the log only', async () => {
    await write(start, { action: 'change' });
    await write(start, { action: 'change', by: { kind: 'person', id: 7, name: 'Anna Neuername' } });
    await write(start, {
      action: 'account.changed',
      by: { kind: 'person', id: 8, name: 'Bert' },
      subject: { kind: 'user', id: 7, name: 'Anna Beispiel' },
    });
    await write(start, { action: 'change', by: { kind: 'agent', id: 2, name: 'Rathaus' } });
    expect(await pseudonymiseSlice(db, key, retention, start + 364 * dayMs)).toBe(0);
    expect(await pseudonymiseSlice(db, key, retention, start + 366 * dayMs)).toBe(4);
    expect(await pseudonymiseSlice(db, key, retention, start + 366 * dayMs)).toBe(0);
    const rows = await db.selectFrom('audit_people').selectAll().orderBy('number').execute();
    expect(rows[0]?.by_name).toMatch(/^~[0-9a-f]{10}$/);
    expect(rows[1]?.by_name).toBe(rows[0]?.by_name);
    expect(rows[2]?.subject_name).toBe(rows[0]?.by_name);
    expect(rows[2]?.by_name).not.toBe(rows[0]?.by_name);
    expect(rows[3]?.by_name).toBe('Rathaus');
    expect(rows.every((row) => row.address === null && row.salt === null)).toBe(true);
    const all = JSON.stringify([await db.selectFrom('audit_log').selectAll().execute(), rows]);
    expect(all).not.toMatch(/Anna|Bert|192\.0\.2/);
    expect(await verify()).toMatchObject({ intact: true, rows: 4 });
  });
});

it('writes the first refusal at once and counts the rest; another person’s is not hidden', async () => {
  let elapsed = 0;
  const audit = new Audit({
    db,
    key,
    now: () => start,
    elapsed: () => elapsed,
    log: pino({ level: 'silent' }),
  });
  const refused = note({ action: 'access', outcome: 'refused', detail: { route: 'GET /api/users' } });
  for (let index = 0; index < 500; index++) await audit.note(refused);
  await audit.note({ ...refused, by: { kind: 'person', id: 8, name: 'Bert' } });
  elapsed = 61_000;
  await audit.writeCounted();
  const rows = await db.selectFrom('audit_log').select('detail').execute();
  expect(rows.map((row) => JSON.parse(row.detail))).toEqual([
    { route: 'GET /api/users' },
    { route: 'GET /api/users' },
    { route: 'GET /api/users', repeats: 499 },
  ]);
});

it('cannot be filled up by refusals from ever new addresses', async () => {
  let elapsed = 0;
  const audit = new Audit({
    db,
    key,
    now: () => start,
    elapsed: () => elapsed,
    log: pino({ level: 'silent' }),
  });
  for (let index = 0; index < 3000; index++) {
    elapsed += 10;
    await audit.note(
      note({ action: 'access', outcome: 'refused', address: `198.51.${index >> 8}.${index & 255}` }),
    );
  }
  await audit.note(note({ action: 'sign-in', outcome: 'refused' }));
  await audit.writeCounted(true);
  const rows = await db.selectFrom('audit_log').select(['action', 'detail']).execute();
  expect(rows.length).toBeLessThan(510);
  const further = rows.map((row) => JSON.parse(row.detail).further ?? 1);
  expect(further.reduce((sum, count) => sum + count, 0)).toBe(3001);
  expect(rows.some((row) => row.action === 'sign-in')).toBe(true);
});
