import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testAudit } from '../audit/testing.ts';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/tables.ts';
import { createAccess } from './access.ts';
import { openBox } from './testing.ts';

const dayMs = 86_400_000;

let db: Database;
let now: number;
let access: ReturnType<typeof createAccess>;
let ended: string[];
beforeEach(async () => {
  now = 1_800_000_000_000;
  db = await openDatabase(':memory:');
  access = createAccess({
    db,
    audit: testAudit(db),
    secretBox: openBox,
    now: () => now,
    publicUrl: null,
    demo: false,
    passwordCost: 10,
  });
  ended = [];
  access.sessions.onEnded((key) => ended.push(key));
  await access.users.create({ name: 'Anna', password: 'long enough', role: 'administrator' });
});
afterEach(() => db.destroy());

async function open(whose: { userId: number } | { kioskLinkId: number }) {
  const cookie = (await access.sessions.open(whose, undefined)).split(';')[0];
  return { cookie, key: (await access.sessions.identify(cookie))?.key };
}

describe('who watches sessions', () => {
  it('hears of each that ends: signed out, taken over, changed, timed out', async () => {
    const first = await open({ userId: 1 });
    await access.sessions.end(first.cookie);
    expect(ended).toEqual([first.key]);
    await access.sessions.end(first.cookie);
    expect(ended).toHaveLength(1);

    const second = await open({ userId: 1 });
    await access.sessions.open({ userId: 1 }, second.cookie);
    expect(ended.at(-1)).toBe(second.key);

    const third = await open({ userId: 1 });
    await access.users.change(1, { password: 'another long one' });
    expect(ended).toContain(third.key);
    expect(ended).toHaveLength(4);

    const fourth = await open({ userId: 1 });
    now += dayMs;
    await access.sessions.sweep();
    expect(ended.at(-1)).toBe(fourth.key);
    expect(await access.sessions.fromCookie(fourth.cookie)).toEqual({ kind: 'nobody' });
  });

  it('hears nothing when a change is refused or changes nothing', async () => {
    const session = await open({ userId: 1 });
    await expect(access.users.change(1, { disabled: true })).rejects.toThrow(/last administrator/);
    await access.users.change(1, { role: 'administrator' });
    expect(ended).toEqual([]);
    expect(await access.sessions.fromCookie(session.cookie)).toMatchObject({ name: 'Anna' });
  });
});

it('sweeps people after their time, and lets kiosks stay', async () => {
  const { id } = await db
    .insertInto('kiosk_links')
    .values({ name: 'Flur', path: '/rooms', token_hash: 'x', created_at: now, last_used_at: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  const kiosk = await open({ kioskLinkId: id });
  const person = await open({ userId: 1 });
  await access.sessions.sweep();
  expect(ended).toEqual([]);
  now += 60 * dayMs;
  await access.sessions.sweep();
  expect(ended).toEqual([person.key]);
  expect(await access.sessions.fromCookie(kiosk.cookie)).toMatchObject({ role: 'kiosk' });
});

it('takes no cookie of another name, and none that is not a token', async () => {
  const { cookie = '' } = await open({ userId: 1 });
  for (const header of [
    undefined,
    '',
    'x',
    cookie.replace('rackhaus', 'other'),
    `${cookie}x`,
    'rackhaus_session=',
  ])
    expect(await access.sessions.fromCookie(header)).toEqual({ kind: 'nobody' });
  expect(await access.sessions.fromCookie(`a=1; ${cookie}; b="`)).toMatchObject({ name: 'Anna' });
});

it('stores nothing that opens a session or an account', async () => {
  const { cookie = '' } = await open({ userId: 1 });
  const stored = JSON.stringify([
    await db.selectFrom('sessions').selectAll().execute(),
    await db.selectFrom('users').selectAll().execute(),
    await db.selectFrom('agents').selectAll().execute(),
  ]);
  expect(stored).not.toContain(cookie.split('=')[1]);
  expect(stored).not.toContain('long enough');
});
