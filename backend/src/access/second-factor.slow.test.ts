import {
  Account,
  MadeAccountLink,
  NewAuthenticator,
  RecoveryCodes,
  UserList,
} from '@rackhaus/config/contract';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend, testPassword } from '../testing/test-backend.ts';
import { codeAt } from './second-factor/one-time-codes.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let backend: TestBackend;
afterEach(() => backend.remove());

const signIn = (client: Client, user = 'Admin', password = testPassword) =>
  client.post('/api/session', { user, password });
const state = async (client: Client) => (await client.get('/api/session')).json;
const code = (secret: string) => codeAt(secret, backend.clock.now);

/** Sets up an app in a session; returns its secret and the recovery codes. */
async function setUpApp(client: Client): Promise<{ secret: string; codes: readonly string[] }> {
  const { secret } = NewAuthenticator.parse((await client.post('/api/account/totp', undefined)).json);
  const reply = await client.put('/api/account/totp', { code: code(secret) });
  const { codes } = RecoveryCodes.parse(reply.json);
  // The code that confirmed it does not count once more.
  backend.clock.now += 30_000;
  return { secret, codes: codes ?? [] };
}
async function idOf(admin: Client, name: string): Promise<number> {
  const { users } = UserList.parse((await admin.get('/api/users')).json);
  return users.find((user) => user.name === name)?.id ?? -1;
}

describe('a second factor', () => {
  let admin: Client;
  beforeEach(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
  });

  it('is asked for after the password, and only then there is a session', async () => {
    const { secret } = await setUpApp(admin);
    const client = backend.client();
    const first = await signIn(client);
    expect(first.json).toEqual({ state: 'second-factor', user: 'Admin', methods: ['totp', 'recovery-code'] });
    expect(first.headers.get('set-cookie')).toMatch(
      /^rackhaus_step=rhp_[\w-]{43}; Max-Age=300; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect((await client.get('/api/users')).status).toBe(401);
    expect(await state(client)).toMatchObject({ state: 'second-factor' });
    const second = await client.post('/api/session/second-factor', { code: code(secret) });
    expect(second.json).toMatchObject({ state: 'signed-in', user: 'Admin' });
    expect((await client.get('/api/users')).status).toBe(200);
    // What stood between is worth nothing afterwards.
    const again = backend.client();
    again.cookie = first.headers.get('set-cookie')?.split(';')[0];
    backend.clock.now += 30_000;
    expect((await again.post('/api/session/second-factor', { code: code(secret) })).status).toBe(401);
  });

  it('takes a code once, also when two send it at the same moment, and the one before it not at all', async () => {
    const { secret } = await setUpApp(admin);
    const both = [backend.client(), backend.client()];
    for (const client of both) await signIn(client);
    const right = code(secret);
    const before = codeAt(secret, backend.clock.now - 30_000);
    const answers = await Promise.all(
      both.map((client) => client.post('/api/session/second-factor', { code: right })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const third = backend.client();
    await signIn(third);
    expect((await third.post('/api/session/second-factor', { code: right })).status).toBe(400);
    expect((await third.post('/api/session/second-factor', { code: before })).status).toBe(400);
  });

  it('takes the code of the step before and after, and no other', async () => {
    const { secret } = await setUpApp(admin);
    for (const [steps, status] of [
      [-2, 400],
      [2, 400],
      [1, 200],
    ] as const) {
      const client = backend.client();
      await signIn(client);
      const answer = await client.post('/api/session/second-factor', {
        code: codeAt(secret, backend.clock.now + steps * 30_000),
      });
      expect(answer.status).toBe(status);
    }
  });

  it('takes each recovery code once, however it is written', async () => {
    const { codes } = await setUpApp(admin);
    expect(codes).toHaveLength(10);
    const spelled = codes[0]?.toLowerCase().replaceAll('-', ' ');
    const use = async () => {
      const client = backend.client();
      await signIn(client);
      return client.post('/api/session/second-factor', { recoveryCode: spelled });
    };
    expect((await use()).json).toMatchObject({ state: 'signed-in' });
    expect(await use()).toMatchObject({ status: 400, json: { reason: 'code-wrong' } });
    expect(Account.parse((await admin.get('/api/account')).json).recoveryCodesLeft).toBe(9);
  });

  it('gives few attempts and little time', async () => {
    const { secret } = await setUpApp(admin);
    const client = backend.client();
    await signIn(client);
    const wrong = async () => (await client.post('/api/session/second-factor', { code: '000000' })).status;
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await wrong());
    expect(answers).toEqual([400, 400, 400, 400, 400, 401]);
    expect(await state(client)).toEqual({ state: 'signed-out' });
    backend.clock.now += hourMs + 1;

    await signIn(client);
    backend.clock.now += 5 * minuteMs;
    expect((await client.post('/api/session/second-factor', { code: code(secret) })).status).toBe(401);
  });

  it('waits longer each time for who keeps guessing, and an administrator can release them', async () => {
    await backend.signedIn('viewer');
    const viewer = backend.client();
    await signIn(viewer, 'viewer 1');
    const { secret } = await setUpApp(viewer);
    const guess = async () => {
      const client = backend.client();
      await signIn(client, 'viewer 1');
      return client.post('/api/session/second-factor', { code: '000000' });
    };
    for (let i = 0; i < 5; i++) expect((await guess()).status).toBe(400);
    const held = await guess();
    expect(held.status).toBe(429);
    expect(held.headers.get('retry-after')).toBe('1');

    const list = await admin.get('/api/held-off');
    expect(list.json).toMatchObject({ held: [{ what: 'second-factor', account: 'viewer 1', failures: 5 }] });
    const key = (list.json as { held: { key: string }[] }).held[0]?.key;
    expect((await admin.post('/api/held-off/release', { key })).status).toBe(204);
    const client = backend.client();
    await signIn(client, 'viewer 1');
    expect((await client.post('/api/session/second-factor', { code: code(secret) })).status).toBe(200);
  });

  it('is removed by an administrator for who has lost it, and that person is signed out', async () => {
    const viewer = await backend.signedIn('viewer');
    await setUpApp(viewer);
    const id = await idOf(admin, 'viewer 1');
    expect((await admin.delete(`/api/users/${id}/second-factor`)).status).toBe(204);
    expect(await state(viewer)).toEqual({ state: 'signed-out' });
    expect((await signIn(viewer, 'viewer 1')).json).toMatchObject({ state: 'signed-in' });
  });

  it('gives the session a new id when it is set up', async () => {
    const before = admin.cookie;
    await setUpApp(admin);
    expect(admin.cookie).not.toBe(before);
    const old = backend.client();
    old.cookie = before;
    expect(await state(old)).toEqual({ state: 'signed-out' });
    expect(await state(admin)).toMatchObject({ state: 'signed-in' });
  });
});

describe('the rule about second factors', () => {
  it('lets the first administrator go on for a week, and nothing else after it', async () => {
    backend = await startTestBackend({}, undefined, 'administrators');
    const admin = await backend.administrator();
    // Set by the test before there was anybody: no time of grace.
    expect(await state(admin)).toMatchObject({ state: 'set-up-second-factor' });
    expect((await admin.get('/api/users')).status).toBe(401);
    const { secret } = NewAuthenticator.parse((await admin.post('/api/session/set-up/totp', undefined)).json);
    const done = await admin.put('/api/session/set-up/totp', { code: code(secret) });
    expect(done.json).toMatchObject({ session: { state: 'signed-in', user: 'Admin' } });
    expect(RecoveryCodes.parse({ codes: (done.json as { codes: string[] }).codes }).codes).toHaveLength(10);
    expect((await admin.get('/api/users')).status).toBe(200);
    expect((await admin.delete('/api/account/totp')).json).toMatchObject({ reason: 'last-factor' });
  });
});

describe('what is sensitive', () => {
  beforeEach(async () => {
    backend = await startTestBackend();
  });

  it('needs a sign-in that is not older than ten minutes, or the password again', async () => {
    const admin = await backend.administrator();
    backend.clock.now += 10 * minuteMs;
    const refused = await admin.post('/api/account/totp', undefined);
    expect(refused).toMatchObject({ status: 403, json: { reason: 'confirm' } });
    const invitation = { name: 'Bernd', role: 'viewer', siteIds: null };
    expect((await admin.post('/api/users/invitations', invitation)).status).toBe(403);
    expect((await admin.post('/api/account/confirm', { password: 'not this one' })).status).toBe(400);
    const before = admin.cookie;
    expect((await admin.post('/api/account/confirm', { password: testPassword })).status).toBe(204);
    expect(admin.cookie).not.toBe(before);
    expect((await admin.post('/api/users/invitations', invitation)).status).toBe(200);
  });
});

describe('a link for a password', () => {
  let admin: Client;
  const newPassword = 'ein ganz anderes, langes';
  beforeEach(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
  });
  const tokenOf = (reply: { json: unknown }) => new URL(MadeAccountLink.parse(reply.json).url).hash.slice(1);

  it('invites: its owner sets a password with it, once', async () => {
    const made = await admin.post('/api/users/invitations', {
      name: 'Bernd',
      role: 'on-call',
      siteIds: null,
    });
    expect(made.json).toMatchObject({ kind: 'invitation', mail: null });
    const token = tokenOf(made);
    expect((await signIn(backend.client(), 'Bernd', '')).status).toBe(401);
    const bernd = backend.client();
    expect((await bernd.post('/api/account-links/look', { token })).json).toMatchObject({ name: 'Bernd' });
    const use = (client: Client, password: string) =>
      client.post('/api/account-links/use', { token, password });
    expect(await use(bernd, 'passwort1234')).toMatchObject({
      status: 400,
      json: { reason: 'password-common' },
    });
    const both = await Promise.all([use(bernd, newPassword), use(backend.client(), newPassword)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect((await use(backend.client(), newPassword)).status).toBe(404);
    expect((await signIn(bernd, 'Bernd', newPassword)).json).toMatchObject({ role: 'on-call' });
  });

  it('resets: it holds for a day, replaces the one before, and signs out everywhere', async () => {
    const viewer = await backend.signedIn('viewer');
    const id = await idOf(admin, 'viewer 1');
    const make = async () => tokenOf(await admin.post(`/api/users/${id}/link`, {}));
    const first = await make();
    const second = await make();
    const look = async (token: string) =>
      (await backend.client().post('/api/account-links/look', { token })).status;
    expect([await look(first), await look(second)]).toEqual([404, 200]);
    // Until it is used the password stays.
    expect(await state(viewer)).toMatchObject({ state: 'signed-in' });
    const client = backend.client();
    const done = await client.post('/api/account-links/use', { token: second, password: newPassword });
    expect(done.json).toMatchObject({ state: 'signed-in', user: 'viewer 1' });
    expect(await state(viewer)).toEqual({ state: 'signed-out' });
    expect((await signIn(backend.client(), 'viewer 1')).status).toBe(401);

    const third = await make();
    backend.clock.now += dayMs;
    expect(await look(third)).toBe(404);
  });

  it('does not go past the second factor', async () => {
    const viewer = await backend.signedIn('viewer');
    await setUpApp(viewer);
    const token = tokenOf(await admin.post(`/api/users/${await idOf(admin, 'viewer 1')}/link`, {}));
    const client = backend.client();
    const done = await client.post('/api/account-links/use', { token, password: newPassword });
    expect(done.json).toMatchObject({ state: 'second-factor' });
    expect((await client.get('/api/account')).status).toBe(401);
  });

  it('ends when the account is disabled', async () => {
    await backend.signedIn('viewer');
    const id = await idOf(admin, 'viewer 1');
    const token = tokenOf(await admin.post(`/api/users/${id}/link`, {}));
    await admin.patch(`/api/users/${id}`, { disabled: true });
    const answer = await backend.client().post('/api/account-links/look', { token });
    const unknown = await backend.client().post('/api/account-links/look', { token: 'x'.repeat(47) });
    expect([answer.status, answer.text]).toEqual([404, unknown.text]);
  });
});

describe('whether an account exists', () => {
  it('shows in no answer', async () => {
    backend = await startTestBackend();
    const admin = await backend.administrator();
    await backend.signedIn('viewer');
    await admin.patch(`/api/users/${await idOf(admin, 'viewer 1')}`, { disabled: true });
    await admin.post('/api/users/invitations', { name: 'Invited', role: 'viewer', siteIds: null });
    const answers = await Promise.all(
      [
        ['nobody of that name', testPassword],
        ['viewer 1', testPassword],
        ['Invited', testPassword],
        ['Invited', ''],
        ['Admin', 'not the password'],
      ].map(([user, password]) => backend.client().post('/api/session', { user, password })),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    for (const { headers } of answers) expect(headers.get('set-cookie')).toBeNull();
  });
});

describe('disabling an account', () => {
  it('closes its sockets at once, and ends what it has begun', async () => {
    backend = await startTestBackend();
    const admin = await backend.administrator();
    const viewer = await backend.signedIn('viewer');
    await setUpApp(viewer);
    const begun = backend.client();
    await signIn(begun, 'viewer 1');
    const id = await idOf(admin, 'viewer 1');
    const socket = io(backend.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: viewer.cookie ?? '' },
      reconnection: false,
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      const closed = new Promise<string>((resolve) => socket.once('disconnect', resolve));
      await admin.patch(`/api/users/${id}`, { disabled: true });
      expect(await closed).toBe('io server disconnect');
    } finally {
      socket.close();
    }
    expect(await state(viewer)).toEqual({ state: 'signed-out' });
    expect(await state(begun)).toEqual({ state: 'signed-out' });
  });
});

describe('one’s own sessions', () => {
  it('are listed, and ended one by one or all but this one', async () => {
    backend = await startTestBackend();
    const admin = await backend.administrator();
    const [phone, other] = [backend.client(), backend.client()];
    for (const client of [phone, other]) await signIn(client);
    const { sessions } = Account.parse((await admin.get('/api/account')).json);
    expect(sessions).toHaveLength(3);
    expect(sessions.filter(({ own }) => own)).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ address: expect.stringContaining('127.0.0.1') });
    const foreign = await backend.signedIn('viewer');
    const target = Account.parse((await phone.get('/api/account')).json).sessions.find(({ own }) => own);
    expect((await foreign.delete(`/api/account/sessions/${target?.id}`)).status).toBe(404);
    expect((await admin.delete(`/api/account/sessions/${target?.id}`)).status).toBe(204);
    expect(await state(phone)).toEqual({ state: 'signed-out' });
    expect((await admin.delete('/api/account/sessions')).status).toBe(200);
    expect(await state(other)).toEqual({ state: 'signed-out' });
    expect(await state(admin)).toMatchObject({ state: 'signed-in' });
  });

  it('end elsewhere when the password changes, which needs the current one', async () => {
    backend = await startTestBackend();
    const admin = await backend.administrator();
    const other = backend.client();
    await signIn(other);
    const password = 'ein ganz anderes, langes';
    const change = (current: string) => admin.put('/api/account/password', { current, password });
    expect((await change('not this one')).json).toMatchObject({ reason: 'password-wrong' });
    expect((await change(testPassword)).status).toBe(204);
    expect(await state(other)).toEqual({ state: 'signed-out' });
    expect(await state(admin)).toMatchObject({ state: 'signed-in' });
    expect((await signIn(other, 'Admin', password)).status).toBe(200);
  });
});
