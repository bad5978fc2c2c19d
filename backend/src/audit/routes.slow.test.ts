import { AuditPage, AuditState } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../testing/client.ts';
import { startTestBackend, type TestBackend, testPassword } from '../testing/test-backend.ts';

let backend: TestBackend;
let admin: Client;
beforeAll(async () => {
  backend = await startTestBackend({ POLLED_NETWORKS: '192.0.2.0/24' });
  admin = await backend.administrator();
});
afterAll(() => backend.remove());

async function entries(query = ''): Promise<AuditPage['entries']> {
  const reply = await admin.get(`/api/audit?limit=200${query}`);
  return AuditPage.parse(reply.json).entries;
}

describe('the log of a running server', () => {
  it('notes a change with its number, who made it and from where, and not its content', async () => {
    const made = await admin.post('/api/inventory/site', { name: 'Rathaus', address: 'Unter den Linden 7' });
    expect(made.text).toContain('changeId');
    const [entry] = await entries('&kind=change');
    expect(entry).toMatchObject({
      action: 'change',
      outcome: 'done',
      by: { kind: 'person', name: 'Admin' },
      subject: { kind: 'site', name: 'Rathaus' },
      detail: { change: 1, source: 'person' },
    });
    expect(entry?.address).toMatch(/127\.0\.0\.1$/);
    expect(JSON.stringify(entry)).not.toContain('Linden');
  });

  it('notes one row for a change that is refused by nobody, and none for one that does nothing', async () => {
    const before = (await entries()).length;
    expect((await admin.post('/api/inventory/site', { name: '' })).status).toBe(400);
    expect((await entries()).length).toBe(before);
  });

  it('notes who is refused by the table of permissions, once a minute', async () => {
    const viewer = await backend.signedIn('viewer');
    for (let index = 0; index < 5; index++) expect((await viewer.get('/api/audit')).status).toBe(403);
    const refused = (await entries('&kind=refusal')).filter((entry) => entry.by.name === 'viewer 1');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      action: 'access',
      outcome: 'refused',
      detail: { route: 'GET /api/audit' },
    });
    expect((await backend.client().get('/api/audit')).status).toBe(401);
    expect((await entries('&kind=refusal'))[0]).toMatchObject({ by: { kind: 'nobody' } });
  });

  it('notes a wrong sign-in without what was typed as the name of nobody', async () => {
    await backend.client().post('/api/session', { user: 'S3cret-typed-as-name', password: 'wrong one here' });
    const refused = (await entries('&kind=sign-in')).filter((entry) => entry.outcome === 'refused');
    expect(refused).toHaveLength(1);
    expect(JSON.stringify(refused)).not.toContain('S3cret');
  });

  it('notes tests of credentials with whom, which and where, and not the secret', async () => {
    await admin.post('/api/credentials/test', {
      address: '192.0.2.9',
      secret: { version: '2c', community: 'S3cret-community' },
    });
    const [entry] = await entries('&kind=credential');
    expect(entry).toMatchObject({
      action: 'credential.tested',
      detail: { target: '192.0.2.9:161', credential: null },
    });
    await admin.post('/api/credentials/test', {
      address: '203.0.113.9',
      secret: { version: '2c', community: 'S3cret-community' },
    });
    expect((await entries('&kind=credential'))[0]).toMatchObject({
      outcome: 'refused',
      detail: { target: '203.0.113.9:161' },
    });
    expect(JSON.stringify(await entries())).not.toContain('S3cret');
  });

  it('notes exports, and its own', async () => {
    expect((await admin.get('/api/inventory/site/export?format=csv')).status).toBe(200);
    expect((await entries('&kind=export'))[0]).toMatchObject({ action: 'export', subject: { kind: 'site' } });
    const csv = await admin.get('/api/audit/export?format=csv');
    expect(csv.status).toBe(200);
    expect((await entries('&kind=log'))[0]).toMatchObject({
      action: 'log.exported',
      detail: { format: 'csv' },
    });
    const lines = await admin.get('/api/audit/export?format=json&kind=change');
    expect(lines.text).toContain('Rathaus');
  });

  it('finds rows by kind, outcome, person, what it was and words, and pages without repeating', async () => {
    expect((await entries('&person=admin')).every((entry) => entry.by.name === 'Admin')).toBe(true);
    expect((await entries('&subject=rathaus')).length).toBeGreaterThan(0);
    expect((await entries('&search=%25')).length).toBe(0);
    const all = (await entries()).map((entry) => entry.number);
    const paged: number[] = [];
    for (let before: number | null = all.length + 100; before !== null; ) {
      const page = AuditPage.parse((await admin.get(`/api/audit?limit=3&before=${before}`)).json);
      paged.push(...page.entries.map((entry) => entry.number));
      before = page.next;
    }
    expect(new Set(paged).size).toBe(paged.length);
    expect(paged.filter((number) => all.includes(number))).toEqual(all);
  });

  it('checks the chain while it serves, says so, and keeps each kind as long as is set', async () => {
    expect((await admin.send('POST', '/api/audit/check')).status).toBe(200);
    await expect
      .poll(async () => AuditState.parse((await admin.get('/api/audit/state')).json).check.state)
      .toBe('intact');
    const { retention } = AuditState.parse((await admin.get('/api/audit/state')).json);
    const set = (days: number) =>
      admin.put('/api/audit/retention', {
        ...retention,
        days: { ...retention.days, refusal: days },
      });
    expect((await set(7)).status).toBe(400);
    expect((await set(60)).status).toBe(200);
    expect((await entries('&kind=log'))[0]).toMatchObject({
      action: 'log.retention',
      detail: { refusal: '90 > 60' },
    });
  });

  it('goes on with the same chain after a restart', async () => {
    backend = await backend.restart();
    admin = backend.client();
    await admin.post('/api/session', { user: 'Admin', password: testPassword });
    expect((await entries()).some((entry) => entry.action === 'server.started')).toBe(true);
    await admin.send('POST', '/api/audit/check');
    await expect
      .poll(async () => AuditState.parse((await admin.get('/api/audit/state')).json).check.state)
      .toBe('intact');
  });
});
