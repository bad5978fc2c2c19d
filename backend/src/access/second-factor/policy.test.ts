import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../database/open.ts';
import type { Database } from '../../database/tables.ts';
import { SecondFactorRule } from './policy.ts';

const dayMs = 24 * 3_600_000;
let db: Database;
let now: number;
let rule: SecondFactorRule;
beforeEach(async () => {
  now = 1_800_000_000_000;
  db = await openDatabase(':memory:');
  rule = new SecondFactorRule({ db, now: () => now });
});
afterEach(() => db.destroy());

function makeSomebody(): Promise<unknown> {
  return db
    .insertInto('users')
    .values({
      name: 'A',
      name_key: 'a',
      password_hash: '',
      role: 'administrator',
      disabled: 0,
      created_at: now,
    })
    .execute();
}

it('gives administrators of a new installation a week, and others need none', async () => {
  await makeSomebody();
  expect(await rule.need('administrator')).toEqual({ needed: true, dueAt: now + 7 * dayMs });
  expect(await rule.need('technician')).toEqual({ needed: false });
  now += 7 * dayMs;
  expect(await rule.need('administrator')).toEqual({ needed: true, dueAt: null });
});

it('counts from the first administrator, not from the first start', async () => {
  expect((await rule.read()).dueAt).toBeNull();
  now += 30 * dayMs;
  await makeSomebody();
  expect((await rule.read()).dueAt).toBe(now + 7 * dayMs);
});

it('holds for everybody or nobody when an administrator says so, and for no wall screen', async () => {
  await makeSomebody();
  await rule.set('everybody', 'A');
  expect(await rule.need('viewer')).toMatchObject({ needed: true });
  expect(await rule.need('kiosk')).toEqual({ needed: false });
  await rule.set('nobody', 'A');
  expect(await rule.need('administrator')).toEqual({ needed: false });
});
