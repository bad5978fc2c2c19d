import { MadeShellLogin, ShellLoginList } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

async function logins() {
  const reply = await admin.get('/api/configuration-logins');
  expect(reply.text).not.toMatch(/geheim/);
  return ShellLoginList.parse(reply.json).logins;
}

describe('logins for reading configurations', () => {
  it('keep the secrets that a change does not name', async () => {
    const made = await admin.post('/api/configuration-logins', {
      name: 'Switches',
      login: { user: 'backup', password: 'geheim 1', enable: 'geheim 2' },
      oldAlgorithms: false,
      rules: [{ siteId: null, role: 'switch' }],
    });
    expect(made.status, made.text).toBe(200);
    const path = `/api/configuration-logins/${MadeShellLogin.parse(made.json).id}`;
    expect((await admin.patch(path, { login: { user: 'other' } })).status).toBe(204);
    expect(await logins()).toMatchObject([
      { user: 'other', has: { password: true, privateKey: false, enable: true } },
    ]);
    expect((await admin.patch(path, { login: { enable: null } })).status).toBe(204);
    expect(await logins()).toMatchObject([{ has: { password: true, enable: false } }]);
    expect(await admin.patch(path, { login: { password: '' } })).toMatchObject({
      status: 400,
      json: { fields: [{ path: 'login.password' }] },
    });
    expect(await logins()).toMatchObject([{ has: { password: true } }]);
  });

  it('come back as they were when a deletion is taken back, unless somebody needs their place', async () => {
    const given = {
      name: 'Firewalls',
      login: { user: 'backup', password: 'geheim 3' },
      oldAlgorithms: true,
      rules: [{ siteId: null, role: 'firewall' }],
    };
    const { id } = MadeShellLogin.parse((await admin.post('/api/configuration-logins', given)).json);
    const path = `/api/configuration-logins/${id}`;
    const before = (await logins()).find((login) => login.id === id);
    expect((await admin.delete(path)).status).toBe(204);
    expect((await logins()).map(({ name }) => name)).not.toContain('Firewalls');
    expect((await admin.post(`${path}/restore`, {})).status).toBe(204);
    expect((await logins()).find((login) => login.id === id)).toMatchObject({
      ...before,
      changedAt: expect.any(Number),
    });
    expect((await admin.post(`${path}/restore`, {})).status).toBe(404);
    expect((await admin.delete(path)).status).toBe(204);
    const other = { ...given, name: 'Andere' };
    const taken = MadeShellLogin.parse((await admin.post('/api/configuration-logins', other)).json);
    expect(await admin.post(`${path}/restore`, {})).toMatchObject({
      status: 409,
      json: { reason: 'rule-taken' },
    });
    expect((await logins()).map(({ name }) => name)).not.toContain('Firewalls');
    expect((await admin.delete(`/api/configuration-logins/${taken.id}`)).status).toBe(204);
    expect((await admin.post(`${path}/restore`, {})).status).toBe(204);
    expect((await logins()).map(({ name }) => name)).toContain('Firewalls');
  });
});
