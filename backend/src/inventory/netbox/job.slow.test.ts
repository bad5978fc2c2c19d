import { ImportJob, ImportRows } from '@rackhaus/config/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { type ReplayServer, sampleNetbox, startNetbox } from './testing.ts';

const token = '0123456789abcdef';
let backend: TestBackend;
let server: ReplayServer;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  server = await startNetbox(sampleNetbox('4.5'), { token });
  admin = await backend.administrator();
});
afterAll(async () => {
  await server.close();
  await backend.remove();
});

const job = async (id: string) => ImportJob.parse((await admin.get(`/api/imports/${id}`)).json);
const until = (id: string, state: ImportJob['state']) =>
  vi.waitFor(async () => {
    const now = await job(id);
    expect(now.state).toBe(state);
    return now;
  }, 20_000);
const begin = async () =>
  ImportJob.parse((await admin.post('/api/imports/netbox', { url: server.url, token })).json);

test('a NetBox is fetched, shown, brought in as one change and taken back', async () => {
  server.fault = (path, offset) => (path === 'dcim/cables' && offset === 0 ? 'refused' : null);
  const { id } = await begin();
  const failed = await until(id, 'failed');
  expect(failed.problem).toMatchObject({ reason: 'netbox-refused' });
  server.fault = null;
  server.requests.length = 0;
  await admin.post(`/api/imports/${id}/again`, {});
  const ready = await until(id, 'ready');
  expect(server.requests).toEqual(['dcim/cables 0']);
  expect(ready).toMatchObject({ source: 'netbox', preview: { counts: { problem: 0 } } });
  const { rows } = ImportRows.parse((await admin.get(`/api/imports/${id}/rows?outcome=left&size=100`)).json);
  expect(rows.map((row) => row.hints[0]?.message)).toContain('is left out: it is planned in NetBox');

  await admin.post(`/api/imports/${id}/apply`, {});
  const done = await until(id, 'done');
  expect((await admin.get('/api/search?q=sw-1')).json).toMatchObject({
    results: expect.arrayContaining([expect.objectContaining({ kind: 'device', name: 'sw-1' })]),
  });
  expect(JSON.stringify(done)).not.toContain(token);

  const again = await begin();
  const same = await until(again.id, 'ready');
  expect(same.preview?.counts).toMatchObject({ create: 0, change: 0 });

  const undone = await admin.post(`/api/changes/${done.result?.changeId}/undo`, {});
  expect(undone.status).toBe(200);
  expect((await admin.get('/api/search?q=sw-1')).json).toEqual({ results: [] });
});

test('who may not import is refused, and a wrong address is said', async () => {
  const technician = await backend.signedIn('technician');
  expect((await technician.post('/api/imports/netbox', { url: server.url, token })).status).toBe(403);
  const wrong = await admin.post('/api/imports/netbox', { url: 'netbox', token });
  expect(wrong).toMatchObject({ status: 400, json: { reason: 'netbox-url' } });
});
