import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestBackend, type TestBackend, testPassword } from '../testing/test-backend.ts';

let backend: TestBackend;
beforeEach(async () => {
  backend = await startTestBackend();
});
afterEach(() => backend.remove());

const hourMs = 3_600_000;
const signedOut = { state: 'signed-out' };

describe('the first administrator', () => {
  const wanted = (code: string | null) => ({ code: code ?? '', user: 'Amelie', password: testPassword });

  it('is made with the code of the console, once, and is signed in', async () => {
    const client = backend.client();
    expect((await client.get('/api/session')).json).toEqual({ state: 'setup' });
    expect((await client.post('/api/setup', wanted('AAAA-AAAA-AAAA-AAAA'))).status).toBe(403);

    const code = backend.setupCode?.toLowerCase().replaceAll('-', ' ') ?? '';
    const made = await client.post('/api/setup', wanted(code));
    const signedIn = {
      state: 'signed-in',
      userId: expect.any(Number),
      user: 'Amelie',
      role: 'administrator',
      sites: null,
      demo: false,
    };
    expect(made).toMatchObject({ status: 200, json: signedIn });
    expect((await client.get('/api/session')).json).toEqual(signedIn);

    expect((await backend.client().post('/api/setup', wanted(code))).status).toBe(409);
    backend = await backend.restart();
    expect(backend.setupCode).toBeNull();
    expect((await backend.client().get('/api/session')).json).toEqual(signedOut);
  });

  it('is made once even when two ask at the same moment', async () => {
    const both = await Promise.all(
      ['Amelie', 'Boris'].map((user) =>
        backend.client().post('/api/setup', { ...wanted(backend.setupCode), user }),
      ),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('needs a decent password', async () => {
    const answer = await backend
      .client()
      .post('/api/setup', { ...wanted(backend.setupCode), password: 'short' });
    expect(answer).toMatchObject({
      status: 400,
      json: { code: 'invalid', fields: [{ path: 'password', message: 'must have at least 12 characters' }] },
    });
  });
});

describe('a session', () => {
  it('begins with name and password, whatever the case of the name, and ends on sign-out', async () => {
    await backend.administrator();
    const client = backend.client();
    const answer = await client.post('/api/session', { user: ' ADMIN ', password: testPassword });
    expect(answer).toMatchObject({ status: 200, json: { state: 'signed-in', user: 'Admin' } });
    expect((await client.get('/api/users')).status).toBe(200);

    const cookie = client.cookie ?? '';
    expect((await client.delete('/api/session')).status).toBe(204);
    expect(client.cookie).toBeUndefined();
    client.cookie = cookie;
    expect((await client.get('/api/session')).json).toEqual(signedOut);
    expect((await client.get('/api/users')).status).toBe(401);
  });

  it('has a cookie that scripts and other sites cannot use', async () => {
    await backend.administrator();
    const answer = await backend.client().post('/api/session', { user: 'admin', password: testPassword });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^rackhaus_session=rhs_[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it('has a cookie for this host and https only, where people come over https', async () => {
    await backend.remove();
    backend = await startTestBackend({ PUBLIC_URL: 'https://rackhaus.example.de' });
    await backend.administrator();
    const answer = await backend.client().post('/api/session', { user: 'admin', password: testPassword });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-rackhaus=rhs_.*Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('gets a new id at each sign-in, and the old one is worth nothing', async () => {
    const client = await backend.administrator();
    const before = client.cookie ?? '';
    await client.post('/api/session', { user: 'admin', password: testPassword });
    expect(client.cookie).not.toBe(before);
    client.cookie = before;
    expect((await client.get('/api/session')).json).toEqual(signedOut);
  });

  it('ends 12 hours after the last use', async () => {
    const client = await backend.administrator();
    for (let hours = 0; hours < 24; hours += 11) {
      backend.clock.now += 11 * hourMs;
      expect((await client.get('/api/session')).json).toMatchObject({ state: 'signed-in' });
    }
    backend.clock.now += 12 * hourMs;
    expect((await client.get('/api/session')).json).toEqual(signedOut);
  });

  it('ends after 7 days even when it is used', async () => {
    const client = await backend.administrator();
    for (let hours = 0; hours < 7 * 24 - 12; hours += 6) {
      backend.clock.now += 6 * hourMs;
      expect((await client.get('/api/session')).json).toMatchObject({ state: 'signed-in' });
    }
    backend.clock.now += 12 * hourMs;
    expect((await client.get('/api/session')).json).toEqual(signedOut);
  });

  it('lasts over a restart', async () => {
    const { cookie } = await backend.administrator();
    backend = await backend.restart();
    const client = backend.client();
    client.cookie = cookie;
    expect((await client.get('/api/session')).json).toMatchObject({ state: 'signed-in' });
  });
});

describe('a wrong password', () => {
  it('is answered like a wrong name', async () => {
    await backend.administrator();
    const wrongPassword = await backend.client().post('/api/session', { user: 'admin', password: 'wrong' });
    const wrongName = await backend.client().post('/api/session', { user: 'nobody', password: 'wrong' });
    expect(wrongPassword.status).toBe(401);
    expect(wrongPassword.json).toEqual(wrongName.json);
  });

  it('makes the next attempts wait, even the right one, and longer each time', async () => {
    await backend.administrator();
    const attempt = (password: string) => backend.client().post('/api/session', { user: 'admin', password });
    const first = await Promise.all(Array.from({ length: 8 }, () => attempt('wrong')));
    expect(first.filter((answer) => answer.status === 401)).toHaveLength(5);
    const blocked = await attempt(testPassword);
    expect(blocked).toMatchObject({ status: 429, json: { code: 'too-many' } });
    expect(blocked.headers.get('retry-after')).toBe('1');

    backend.clock.now += 1000;
    expect((await attempt('wrong')).status).toBe(401);
    expect((await attempt(testPassword)).headers.get('retry-after')).toBe('2');
    backend.clock.now += 2000;
    expect((await attempt(testPassword)).status).toBe(200);
    expect((await attempt('wrong')).status).toBe(401);
  });
});
