import { afterEach, beforeEach, expect, it } from 'vitest';
import { testAudit } from '../audit/testing.ts';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { createAccess } from './access.ts';
import { openBox } from './testing.ts';

let db: Database;
beforeEach(async () => {
  db = await openDatabase(':memory:');
});
afterEach(() => db.destroy());

const access = (passwordCost: number) =>
  createAccess({
    db,
    audit: testAudit(db),
    secretBox: openBox,
    now: () => 1_800_000_000_000,
    publicUrl: null,
    demo: false,
    passwordCost,
  });
const hashOf = async (id: number) =>
  (await db.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirstOrThrow())
    .password_hash;

it('hashes a password anew at sign-in when that has come to cost more, and only then', async () => {
  const password = 'correct horse battery';
  const id = await access(10).users.create({ name: 'Anna', password, role: 'administrator' });
  const before = await hashOf(id);
  await access(10).users.authenticate('anna', password);
  expect(await hashOf(id)).toBe(before);
  expect(await access(11).users.authenticate('anna', 'not this one')).toBeNull();
  expect(await hashOf(id)).toBe(before);
  expect(await access(11).users.authenticate('anna', password)).toBe(id);
  expect(await hashOf(id)).toMatch(/^scrypt\$11\$/);
  expect(await access(11).users.authenticate('anna', password)).toBe(id);
});

it('counts only those who can sign in here as the last administrator', async () => {
  const { users } = access(10);
  const id = await users.create({ name: 'Anna', password: 'correct horse battery', role: 'administrator' });
  await users.createWithoutPassword({ name: 'Invited', role: 'administrator', source: 'local' });
  await users.createWithoutPassword({ name: 'Elsewhere', role: 'administrator', source: 'ldap' });
  await expect(users.change(id, { disabled: true })).rejects.toThrow(/last administrator/);
});

it('limits people to sites, and administrators never', async () => {
  const { users } = access(10);
  const id = await users.createWithoutPassword({
    name: 'Bernd',
    role: 'viewer',
    source: 'local',
    siteIds: [3, 1],
  });
  const sites = async () => (await users.list()).users.find((user) => user.id === id)?.siteIds;
  expect(await sites()).toEqual([1, 3]);
  await users.change(id, { role: 'technician' });
  expect(await sites()).toEqual([1, 3]);
  await users.change(id, { siteIds: [] });
  expect(await sites()).toEqual([]);
  await users.change(id, { role: 'administrator' });
  expect(await sites()).toBeNull();
});
