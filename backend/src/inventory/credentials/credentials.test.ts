import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Assignment, CredentialList, CredentialTestReply, type ProbeAnswer } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Client } from '../../testing/client.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { type CredentialRule, credentialFor } from './assigned.ts';

const Written = z.object({ id: z.int(), version: z.int() });
const BatchDone = z.object({ ids: z.array(z.int()) });
const community = 'a-very-secret-community';

describe('which credentials a device gets', () => {
  const rule = (credential_id: number, site_id: number | null, role: CredentialRule['role']) => ({
    credential_id,
    site_id,
    role,
  });
  const rules = [rule(1, null, null), rule(2, null, 'switch'), rule(3, 7, null), rule(4, 7, 'switch')];
  it.each([
    [9, { credentialId: 9, siteId: 7, role: 'switch' }],
    [4, { credentialId: null, siteId: 7, role: 'switch' }],
    [3, { credentialId: null, siteId: 7, role: 'ups' }],
    [2, { credentialId: null, siteId: 8, role: 'switch' }],
    [2, { credentialId: null, siteId: null, role: 'switch' }],
    [1, { credentialId: null, siteId: 8, role: 'ups' }],
  ] as const)('%s: %j', (expected, device) => expect(credentialFor(rules, device)).toBe(expected));
  it('none without a rule that fits', () =>
    expect(
      credentialFor([rule(4, 7, 'switch')], { credentialId: null, siteId: 8, role: 'switch' }),
    ).toBeNull());
});

describe('credentials over the API', () => {
  let backend: TestBackend;
  let admin: Client;
  let technician: Client;
  /** Calls as the agent of this machine. */
  let agent: (method: string, path: string, body?: unknown) => ReturnType<Client['send']>;
  let device = 0;

  beforeAll(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
    technician = await backend.signedIn('technician');
    const token = (await readFile(join(backend.settings.dataDir, 'local-agent.token'), 'utf8')).trim();
    agent = (method, path, body) =>
      new Client(backend.url).send(method, path, body === undefined ? undefined : JSON.stringify(body), {
        authorization: `Bearer ${token}`,
      });
    const definition = { manufacturer: 'Aruba', model: '6200F', slug: 'aruba-6200f', u_height: 1 };
    const made = await admin.post('/api/inventory/batch', {
      operations: [
        { op: 'create', kind: 'device-type', key: 'type', values: { definition } },
        { op: 'create', kind: 'device', values: { name: 'SW-1', typeId: '#type', role: 'switch' } },
      ],
    });
    device = BatchDone.parse(made.json).ids[1] ?? 0;
  });
  afterAll(() => backend.remove());

  async function makeSet(name: string): Promise<number> {
    const made = await admin.post('/api/credentials', { name, secret: { version: '2c', community } });
    expect(made.status, made.text).toBe(200);
    return Written.parse(made.json).id;
  }

  it('are made, renamed and replaced, and never say their secret', async () => {
    const id = await makeSet('Switches');
    expect(
      await admin.post('/api/credentials', { name: 'Switches', secret: { version: '2c', community } }),
    ).toMatchObject({
      status: 409,
      json: { reason: 'taken' },
    });
    const secret = { version: '3', user: 'u', auth: { protocol: 'sha256', key: 'another-secret' } };
    expect((await admin.patch(`/api/credentials/${id}`, { name: 'Core', secret })).status).toBe(200);
    const list = await technician.get('/api/credentials');
    expect(CredentialList.parse(list.json).credentials).toContainEqual(
      expect.objectContaining({ id, name: 'Core', protocol: '3', devices: 0, used: 0, rules: 0 }),
    );
    const everything = [
      list.text,
      (await admin.get(`/api/inventory/credential/${id}`)).text,
      (await admin.get('/api/inventory/credential')).text,
      (await admin.get(`/api/history/credential/${id}`)).text,
      (await admin.get('/api/changes')).text,
    ].join('\n');
    expect(everything).toContain('Core');
    expect(everything).not.toMatch(/another-secret|very-secret|sealed|v1\./);
    expect((await technician.post('/api/credentials', { name: 'x', secret })).status).toBe(403);
    expect((await technician.patch(`/api/credentials/${id}`, { name: 'x' })).status).toBe(403);
    expect((await technician.delete(`/api/inventory/credential/${id}`)).status).toBe(403);
    expect((await admin.post('/api/credentials', { name: 'x', secret: { version: '2c' } })).status).toBe(400);
  });

  it('reach the agent at once when monitoring is saved, by rule or by the device itself', async () => {
    const id = await makeSet('by rule');
    const known = Assignment.parse((await agent('GET', '/api/agent/assignment')).json).version;
    const next = agent('GET', `/api/agent/assignment?known=${known}`);
    const startedAt = performance.now();
    await technician.post('/api/inventory/monitoring', { deviceId: device, address: '10.0.0.1' });
    const pinged = Assignment.parse((await next).json);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(pinged.devices).toMatchObject([{ id: device, address: '10.0.0.1', snmp: null }]);

    const after = agent('GET', `/api/agent/assignment?known=${pinged.version}`);
    const rule = await admin.post('/api/inventory/credential-rule', { credentialId: id, role: 'switch' });
    expect(rule.status, rule.text).toBe(200);
    expect(Assignment.parse((await after).json).devices).toMatchObject([
      { snmp: { credentials: { community } } },
    ]);
    expect(CredentialList.parse((await admin.get('/api/credentials')).json).credentials).toContainEqual(
      expect.objectContaining({ id, devices: 0, used: 1, rules: 1 }),
    );
    expect((await technician.post('/api/inventory/credential-rule', { credentialId: id })).status).toBe(403);
    expect(
      await admin.post('/api/inventory/credential-rule', { credentialId: id, role: 'switch' }),
    ).toMatchObject({
      status: 409,
      json: { reason: 'taken' },
    });
  });

  /** An agent that answers one probe like this. */
  async function answering(answer: Omit<ProbeAnswer, 'id'>): Promise<Assignment> {
    const { version } = Assignment.parse((await agent('GET', '/api/agent/assignment')).json);
    const assignment = Assignment.parse((await agent('GET', `/api/agent/assignment?known=${version}`)).json);
    for (const { id } of assignment.probes ?? [])
      expect((await agent('POST', '/api/agent/probes', { id, ...answer })).status).toBe(204);
    return assignment;
  }
  const identity = {
    os: null,
    vendor: 'Aruba',
    model: '6200F',
    serial: 'S1',
    firmware: '10.1',
    name: 'sw',
    description: null,
    location: null,
  };
  const silent = { outcome: 'silent', ms: null, pings: null, identity: null, detail: null } as const;

  it('are tested by an agent, which gets the secret and says what answers', async () => {
    const id = await makeSet('tested');
    const working = answering({ outcome: 'answers', ms: 40.2, pings: null, identity, detail: null });
    const test = await technician.post('/api/credentials/test', { address: '10.0.0.9', credentialId: id });
    expect((await working).probes).toMatchObject([
      { address: '10.0.0.9', port: 161, credentials: { community } },
    ]);
    expect(CredentialTestReply.parse(test.json)).toMatchObject({
      outcome: 'answers',
      device: 'Aruba 6200F',
      ms: 40,
      serial: 'S1',
      message: 'Answers as Aruba 6200F in 40 ms.',
    });
    expect(test.text).not.toContain(community);
  });

  it.each([
    [{ ...silent, pings: true }, 'The community is wrong (devices do not answer a wrong one)'],
    [{ ...silent, pings: false }, 'cannot reach this address'],
    [{ ...silent, outcome: 'wrong-user' as const }, 'does not know this SNMPv3 user'],
    [{ ...silent, outcome: 'unknown-host' as const }, 'is unknown to the agent'],
  ])('say why not: %j', async (answer, message) => {
    const working = answering(answer);
    const secret = { version: '2c', community: 'x' };
    const test = await technician.post('/api/credentials/test', { address: 'sw9.example', secret });
    await working;
    expect(CredentialTestReply.parse(test.json)).toMatchObject({
      outcome: answer.outcome,
      message: expect.stringContaining(message),
    });
  });

  it('use what is assigned to the device when nothing else is given', async () => {
    const working = answering(silent);
    await technician.post('/api/credentials/test', { address: '10.0.0.1', deviceId: device });
    expect((await working).probes).toMatchObject([{ credentials: { community } }]);
    const other = Written.parse(
      (await technician.post('/api/inventory/device', { name: 'UPS-1', typeId: 1, role: 'ups' })).json,
    ).id;
    expect(
      (await technician.post('/api/credentials/test', { address: '10.0.0.1', deviceId: other })).json,
    ).toMatchObject({
      outcome: 'no-credentials',
    });
    expect((await technician.post('/api/credentials/test', { address: '-x', credentialId: 1 })).status).toBe(
      400,
    );
    expect((await technician.post('/api/credentials/test', { address: 'x', credentialId: 99 })).status).toBe(
      404,
    );
  });
});
