import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AgentList,
  CreatedAgent,
  CreatedKioskLink,
  KioskLinkList,
  UserList,
} from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend, testPassword } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeEach(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
});
afterEach(() => backend.remove());

async function idOf(name: string): Promise<number> {
  const { users } = UserList.parse((await admin.get('/api/users')).json);
  return users.find((user) => user.name === name)?.id ?? -1;
}
const state = async (client: Client) => (await client.get('/api/session')).json;

describe('people', () => {
  it('have names that differ in more than case', async () => {
    const bernd = { name: 'Bernd Ärmel', password: testPassword, role: 'viewer' };
    expect((await admin.post('/api/users', bernd)).status).toBe(200);
    const again = await admin.post('/api/users', { ...bernd, name: 'bernd a\u0308rmel' });
    expect(again).toMatchObject({ status: 409, json: { code: 'conflict' } });
  });

  it.each([
    ['the account is disabled', { disabled: true }],
    ['the role changes', { role: 'technician' }],
    ['the password changes', { password: 'a different one' }],
  ])('are signed out at once when %s', async (_when, change) => {
    const viewer = await backend.signedIn('viewer');
    expect(await state(viewer)).toMatchObject({ state: 'signed-in', role: 'viewer' });
    expect((await admin.patch(`/api/users/${await idOf('viewer 1')}`, change)).status).toBe(204);
    expect(await state(viewer)).toEqual({ state: 'signed-out' });
  });

  it('cannot sign in while disabled, and are told no more than for a wrong password', async () => {
    await backend.signedIn('viewer');
    const id = await idOf('viewer 1');
    await admin.patch(`/api/users/${id}`, { disabled: true });
    const signIn = () => backend.client().post('/api/session', { user: 'viewer 1', password: testPassword });
    expect((await signIn()).status).toBe(401);
    await admin.patch(`/api/users/${id}`, { disabled: false });
    expect((await signIn()).status).toBe(200);
  });

  it.each([{ disabled: true }, { role: 'viewer' }])(
    'keep a last administrator in spite of %j',
    async (change) => {
      const id = await idOf('Admin');
      expect((await admin.patch(`/api/users/${id}`, change)).status).toBe(409);
      expect(await state(admin)).toMatchObject({ role: 'administrator' });
      await backend.signedIn('administrator');
      expect((await admin.patch(`/api/users/${id}`, change)).status).toBe(204);
    },
  );

  it('are not found when there is no such number', async () => {
    expect((await admin.patch('/api/users/4711', { disabled: true })).status).toBe(404);
    expect((await admin.patch('/api/users/0x1', { disabled: true })).status).toBe(400);
  });
});

describe('a kiosk link', () => {
  it('opens one page for reading until it is revoked, and then at once no more', async () => {
    const created = CreatedKioskLink.parse(
      (await admin.post('/api/kiosk-links', { name: 'Flur', path: '/rooms/1' })).json,
    );
    const { origin, pathname, hash } = new URL(created.url);
    expect([origin, pathname]).toEqual([backend.url, '/kiosk']);

    const screen = backend.client();
    const opened = await screen.post('/api/kiosk-session', { token: hash.slice(1) });
    expect(opened.json).toEqual({ path: '/rooms/1' });
    expect(await state(screen)).toMatchObject({ state: 'signed-in', user: 'Flur', role: 'kiosk' });
    expect((await screen.get('/api/users')).status).toBe(403);

    const { links } = KioskLinkList.parse((await admin.get('/api/kiosk-links')).json);
    expect(links).toMatchObject([{ name: 'Flur', lastUsedAt: backend.clock.now }]);
    expect(JSON.stringify(links)).not.toContain(hash.slice(1));

    expect((await admin.delete(`/api/kiosk-links/${created.id}`)).status).toBe(204);
    expect(await state(screen)).toEqual({ state: 'signed-out' });
    expect((await screen.post('/api/kiosk-session', { token: hash.slice(1) })).status).toBe(401);
    expect((await admin.delete(`/api/kiosk-links/${created.id}`)).status).toBe(404);
  });

  it('outlives a weekend, which a person does not', async () => {
    const created = CreatedKioskLink.parse(
      (await admin.post('/api/kiosk-links', { name: 'Flur', path: '/rooms' })).json,
    );
    const screen = backend.client();
    await screen.post('/api/kiosk-session', { token: new URL(created.url).hash.slice(1) });
    backend.clock.now += 3 * 24 * 3_600_000;
    expect(await state(screen)).toMatchObject({ role: 'kiosk' });
    expect(await state(admin)).toEqual({ state: 'signed-out' });
  });
});

describe('agents', () => {
  it('are made with a token that is shown once, and are revoked', async () => {
    const created = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Schule' })).json);
    expect((await admin.post('/api/agents', { name: 'schule' })).status).toBe(409);
    const list = await admin.get('/api/agents');
    expect(AgentList.parse(list.json).agents.map((agent) => agent.name)).toEqual(['local', 'Schule']);
    expect(list.text).not.toContain(created.token);
    expect((await admin.delete(`/api/agents/${created.id}`)).status).toBe(204);
    expect((await admin.delete(`/api/agents/${created.id}`)).status).toBe(404);
  });

  it('include the one of this machine: its token lies in a file and stays over a restart', async () => {
    const file = join(backend.settings.dataDir, 'local-agent.token');
    const token = await readFile(file, 'utf8');
    expect(token).toMatch(/^rha_[\w-]{43}\n$/);
    backend = await backend.restart();
    expect(await readFile(file, 'utf8')).toBe(token);
    // Lost: the same agent gets another one.
    await rm(file);
    backend = await backend.restart();
    expect(await readFile(file, 'utf8')).not.toBe(token);
    admin = await backend.administrator();
    const { agents } = AgentList.parse((await admin.get('/api/agents')).json);
    expect(agents).toHaveLength(1);
    // Revoked: it stays so.
    await admin.delete(`/api/agents/${agents[0]?.id}`);
    backend = await backend.restart();
    admin = await backend.administrator();
    expect(AgentList.parse((await admin.get('/api/agents')).json).agents).toEqual([]);
  });
});
