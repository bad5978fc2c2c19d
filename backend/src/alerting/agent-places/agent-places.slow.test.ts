import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentPlaces } from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setUpDemo } from '../../demo-setup.ts';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
const password = 'only-for-this-test';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-places-'));
  await setUpDemo({ dataDir: folder, password: new Secret(password) });
  backend = await startTestBackend({}, folder);
  admin = backend.client();
  await admin.post('/api/session', { user: 'admin', password });
});
afterAll(() => backend.remove());

const places = async () => AgentPlaces.parse((await admin.get('/api/agent-places')).json).places;

const put = (body: unknown) => admin.send('PUT', '/api/agent-places', JSON.stringify(body));

test('in the demo, server and agent run on the same documented device', async () => {
  const [server, agent, ...more] = await places();
  expect(more).toEqual([]);
  expect(server).toMatchObject({ agentId: 0, deviceId: expect.any(Number) });
  expect(agent?.deviceId).toBe(server?.deviceId);
});

test('a place is changed alone, forgotten, and kept over a restart', async () => {
  const [, agent] = await places();
  const agentId = agent?.agentId ?? -1;
  const other = (agent?.deviceId ?? 0) + 1;
  await put({ places: [{ agentId, deviceId: other }] });
  expect((await places()).map(({ deviceId }) => deviceId)).toEqual([agent?.deviceId, other]);
  await put({ places: [{ agentId: 0, deviceId: null }] });
  backend = await backend.restart();
  admin = backend.client();
  await admin.post('/api/session', { user: 'admin', password });
  expect((await places()).map(({ deviceId }) => deviceId)).toEqual([null, other]);
});

test('what there is not is named, and nothing is kept of it', async () => {
  const before = await places();
  const reply = await put({
    places: [
      { agentId: 0, deviceId: 1 },
      { agentId: 77, deviceId: 1 },
    ],
  });
  expect(reply.status).toBe(400);
  expect(reply.json).toMatchObject({
    fields: [{ path: 'places.1.agentId', message: 'There is no agent 77.' }],
  });
  expect(await places()).toEqual(before);
});
