import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestBackend, type TestBackend } from './testing/test-backend.ts';

let backend: TestBackend;
beforeEach(async () => {
  backend = await startTestBackend();
});
afterEach(() => backend.remove());

it('closes within seconds while agents wait and screens are connected, and may be closed twice', async () => {
  const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${token}` };
  const first = await backend.client().get('/api/agent/assignment', headers);
  const { version } = JSON.parse(first.text);
  const waiting = get(`${backend.url}/api/agent/assignment?known=${version}`, { headers });
  const ended = new Promise((resolve) => waiting.once('close', resolve));
  waiting.on('error', () => undefined); // the connection is broken off, which is what this is about

  const admin = await backend.administrator();
  const socket = new WebSocket(`${backend.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const socketEnded = once(socket, 'close');
  await once(socket, 'open');
  expect(admin.cookie).toBeDefined();

  const started = performance.now();
  await backend.close();
  await backend.close();
  expect(performance.now() - started).toBeLessThan(4000);
  await Promise.all([ended, socketEnded]);
});

it('closes again what it had opened when it cannot start', async () => {
  const port = new URL(backend.url).port;
  await expect(startTestBackend({ PORT: port })).rejects.toThrow(/is in use/);
  expect((await backend.client().get('/api/health')).json).toEqual({ status: 'ok' });
});
