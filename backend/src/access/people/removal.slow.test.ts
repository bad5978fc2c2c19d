import { AuditPage, ChannelList, CreateReply, UserList } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend, testPassword } from '../../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeEach(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterEach(() => backend.remove());

const people = async () => UserList.parse((await admin.get('/api/users')).json).users;
async function idOf(name: string): Promise<number> {
  return (await people()).find((user) => user.name === name)?.id ?? -1;
}

it('removes a person with all that hangs on the account, and keeps their name in what they did', async () => {
  const technician = await backend.signedIn('technician');
  const id = await idOf('technician 1');
  const made = await technician.post('/api/inventory/site', { name: 'Muster' });
  expect(made.status).toBe(200);
  const token = await technician.post('/api/api-tokens', {
    name: 'Skript',
    role: 'viewer',
    sites: null,
    readOnly: true,
    endsAt: backend.clock.now + 86_400_000,
  });
  const channel = await technician.post('/api/channels', {
    userId: id,
    name: 'Handy',
    settings: { kind: 'ntfy', server: 'http://127.0.0.1:9', topic: 'alarm' },
  });
  expect([token.status, channel.status]).toEqual([200, 200]);

  expect((await admin.delete(`/api/users/${id}`)).status).toBe(204);
  expect((await technician.get('/api/session')).json).toEqual({ state: 'signed-out' });
  const signIn = { user: 'technician 1', password: testPassword };
  expect((await backend.client().post('/api/session', signIn)).status).toBe(401);
  expect(ChannelList.parse((await admin.get('/api/channels')).json).channels).toEqual([]);
  expect((await admin.get('/api/changes')).text).toContain('technician 1');
  expect((await admin.delete(`/api/users/${id}`)).status).toBe(404);
  const { entries } = AuditPage.parse((await admin.get('/api/audit')).json);
  expect(entries.find(({ action }) => action === 'account.deleted')).toMatchObject({
    outcome: 'done',
    by: { name: 'Admin' },
    subject: { kind: 'user', name: 'technician 1' },
  });
  // Nobody inherits the number, and with it what is written of somebody else.
  await backend.signedIn('viewer');
  expect(await idOf('viewer 2')).toBeGreaterThan(id);
});

it('refuses while plans or orders count on somebody, and says which', async () => {
  await backend.signedIn('technician');
  const id = await idOf('technician 1');
  const escalation = await admin.post('/api/inventory/escalation', {
    name: 'Nachts',
    plan: {
      severities: null,
      siteIds: null,
      hours: null,
      steps: [{ to: [{ kind: 'person', userId: id }], waitMinutes: 5 }],
      repeat: 1,
    },
  });
  expect(escalation.status).toBe(200);
  const made = CreateReply.parse(escalation.json);
  const refused = await admin.delete(`/api/users/${id}`);
  expect(refused).toMatchObject({
    status: 409,
    json: { reason: 'still-in-plans', blocking: [{ kind: 'escalation', id: made.id, name: 'Nachts' }] },
  });
  expect(await idOf('technician 1')).toBe(id);
  expect((await admin.delete(`/api/inventory/escalation/${made.id}`)).status).toBeLessThan(300);
  expect((await admin.delete(`/api/users/${id}`)).status).toBe(204);
});

it('leaves an administrator, oneself, and asks for a confirmation after a while', async () => {
  const own = await idOf('Admin');
  expect((await admin.delete(`/api/users/${own}`)).status).toBe(409);
  const second = await backend.signedIn('administrator');
  const id = await idOf('administrator 1');
  backend.clock.now += 11 * 60_000;
  expect(await second.delete(`/api/users/${own}`)).toMatchObject({
    status: 403,
    json: { reason: 'confirm' },
  });
  await second.post('/api/account/confirm', { password: testPassword });
  await second.patch(`/api/users/${own}`, { disabled: true });
  // The only one left who can sign in here is not removed by somebody of another source either.
  expect((await second.delete(`/api/users/${id}`)).status).toBe(409);
  expect((await second.delete(`/api/users/${own}`)).status).toBe(204);
  const left = UserList.parse((await second.get('/api/users')).json).users;
  expect(left.map(({ name }) => name)).toEqual(['administrator 1']);
});
