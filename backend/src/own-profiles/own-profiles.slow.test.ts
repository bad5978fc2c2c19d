import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ProfileChecked,
  ProfileDetail,
  ProfileList,
  ProfilesForAgent,
  ProfileVersionMade,
} from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

const text = (title: string) =>
  [
    'id: my-probe',
    `title: ${title}`,
    'includes: [system]',
    'match: [{ sysObjectId: [1.3.6.1.4.1.99999] }]',
    'scalars:',
    '  - id: mine',
    '    objects: { value: 1.3.6.1.4.1.99999.1.0 }',
    '    values: [{ metric: sensor.temperature, column: value, scale: 0.1 }]',
  ].join('\n');

let backend: TestBackend;
let admin: Client;
let agent: { authorization: string };
beforeAll(async () => {
  backend = await startTestBackend();
  admin = await backend.administrator();
  const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
  agent = { authorization: `Bearer ${token}` };
});
afterAll(() => backend.remove());

const row = async (id: string) =>
  ProfileList.parse((await admin.get('/api/profiles')).json).profiles.find((each) => each.id === id);
const forAgent = async () =>
  ProfilesForAgent.parse((await backend.client().get('/api/agent/profiles', agent)).json);

it('says by line and key what is wrong, and keeps nothing of it', async () => {
  const broken = text('Mine').replace('column: value', 'column: valeu');
  const { json } = await admin.post('/api/profiles/check', { text: broken });
  expect(ProfileChecked.parse(json)).toEqual({
    problems: [{ line: 8, path: 'scalars.0.values.0.column', message: 'mine: there is no column "valeu"' }],
    summary: null,
  });
  const refused = await admin.post('/api/profiles', { text: broken, activate: true, base: null });
  expect(refused.status).toBe(400);
  expect(refused.json).toMatchObject({
    fields: [{ path: 'text', message: expect.stringContaining('line 8: scalars.0.values.0.column') }],
  });
  expect(await row('my-probe')).toBeUndefined();
});

it('keeps versions, of which agents get the active one', async () => {
  const first = await admin.post('/api/profiles', { text: text('Mine'), activate: true, base: null });
  expect(ProfileVersionMade.parse(first.json)).toEqual({ id: 'my-probe', version: 1 });
  const one = await forAgent();
  expect(one.profiles).toEqual([{ id: 'my-probe', version: 1, text: text('Mine') }]);
  const stale = await admin.post('/api/profiles', { text: text('Other'), activate: true, base: null });
  expect([stale.status, stale.json]).toMatchObject([409, { reason: 'stale' }]);
  await admin.post('/api/profiles', { text: text('Better'), activate: true, base: 1, note: 'In tenths' });
  const two = await forAgent();
  expect(two.hash).not.toBe(one.hash);
  expect(await row('my-probe')).toMatchObject({ source: 'own', activeVersion: 2, title: 'Better' });
  await admin.post('/api/profiles/my-probe/activate', { version: 1 });
  expect(await forAgent()).toEqual(one);
  const detail = ProfileDetail.parse((await admin.get('/api/profiles/my-probe')).json);
  expect(detail.versions.map(({ version, note }) => [version, note])).toEqual([
    [2, 'In tenths'],
    [1, ''],
  ]);
  expect((await admin.get('/api/profiles/my-probe/file?version=2')).text).toBe(text('Better'));
});

it('says which agents have taken it up', async () => {
  const agents = async () => ProfileList.parse((await admin.get('/api/profiles')).json).agents;
  expect(await agents()).toMatchObject([{ state: 'waiting' }]);
  const { hash } = await forAgent();
  const refused = [{ id: 'my-probe', message: 'too new' }];
  await backend.client().post('/api/agent/profiles', { hash, refused }, agent);
  expect(await agents()).toMatchObject([{ state: 'current', refused }]);
});

it('takes it away and brings it back, unless another one needs it', async () => {
  const including = 'id: my-second\ntitle: Second\nincludes: [my-probe]';
  await admin.post('/api/profiles', { text: including, activate: true, base: null });
  const refused = await admin.delete('/api/profiles/my-probe');
  expect([refused.status, refused.json]).toMatchObject([409, { reason: 'in-use' }]);
  await admin.delete('/api/profiles/my-second');
  expect((await admin.delete('/api/profiles/my-probe')).status).toBe(204);
  expect(await forAgent()).toEqual({ hash: '', profiles: [] });
  expect(await row('my-probe')).toBeUndefined();
  await admin.post('/api/profiles/my-probe/restore', undefined);
  expect(await row('my-probe')).toMatchObject({ activeVersion: 1, newestVersion: 2 });
});

it('replaces one that comes with Rackhaus until it is taken back', async () => {
  await admin.post('/api/profiles', {
    text: 'id: generic\ntitle: Ours\nmatch: [{}]',
    activate: true,
    base: null,
  });
  expect(await row('generic')).toMatchObject({ source: 'replaced', title: 'Ours' });
  await admin.post('/api/profiles/generic/activate', { version: null });
  expect(await row('generic')).toMatchObject({ source: 'shipped', newestVersion: 1 });
});

it('is tried on devices that are polled only', async () => {
  const { status, json } = await admin.post('/api/profiles/preview', { text: text('Mine'), deviceId: 4711 });
  expect([status, json]).toMatchObject([400, { reason: 'not-polled' }]);
});

it('may be set by hand where there is one of its id, and stays as long as a device is set to it', async () => {
  const definition = { manufacturer: 'Example', model: 'Probe', slug: 'example-probe', u_height: 1 };
  const made = await admin.post('/api/inventory/batch', {
    operations: [
      { op: 'create', kind: 'device-type', key: 'type', values: { definition } },
      { op: 'create', kind: 'device', key: 'device', values: { name: 'Cellar', typeId: '#type' } },
    ],
  });
  const { ids } = z.object({ ids: z.array(z.int()) }).parse(made.json);
  const set = (profile: string) =>
    admin.post('/api/inventory/monitoring', { deviceId: ids[1], address: '10.0.0.1', profile });
  expect(await set('my-prob')).toMatchObject({
    status: 400,
    json: { reason: 'unknown-profile', fields: [{ path: 'profile' }] },
  });
  expect((await set('my-probe')).status).toBe(200);
  const refused = await admin.delete('/api/profiles/my-probe');
  expect([refused.status, refused.json]).toMatchObject([
    409,
    { reason: 'set-by-hand', message: expect.stringContaining('Cellar') },
  ]);
  const off = await admin.post('/api/profiles/my-probe/activate', { version: null });
  expect([off.status, off.json]).toMatchObject([409, { reason: 'set-by-hand' }]);
});
