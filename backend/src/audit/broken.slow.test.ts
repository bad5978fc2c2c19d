import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { dataFiles } from '../data-files.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.remove());

const Incidents = z.object({ incidents: z.array(z.object({ title: z.unknown() })) });

it('tells of a log that somebody has changed: by an incident, and where health is asked', async () => {
  const admin = await backend.administrator();
  expect((await admin.get('/api/health')).json).toEqual({ status: 'ok' });
  const db = new DatabaseSync(dataFiles(backend.settings.dataDir).database);
  db.exec("drop trigger audit_log_no_update; update audit_log set outcome = 'refused' where number = 1");
  db.close();
  expect((await admin.post('/api/audit/check', undefined)).status).toBe(200);
  await vi.waitFor(
    async () => {
      expect((await admin.get('/api/health')).json).toEqual({ status: 'ok', attention: ['log-broken'] });
      const { incidents } = Incidents.parse((await admin.get('/api/incidents')).json);
      expect(JSON.stringify(incidents)).toContain('Nummer 1 nicht mehr unversehrt');
    },
    { timeout: 40_000, interval: 500 },
  );
}, 60_000);
