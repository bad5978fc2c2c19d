import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  AgentList,
  Assignment,
  CreatedAgent,
  DevicePolling,
  ImportJob,
  ImportRows,
  PolledNetworksReply,
  Structure,
} from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { setUpDemo } from '../demo-setup.ts';
import { Client } from '../testing/client.ts';
import { enrol } from '../testing/enrol.ts';
import { testPassword as password, startTestBackend, type TestBackend } from '../testing/test-backend.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const path = '/api/polled-networks';
const Made = z.object({ ids: z.array(z.int()) });
let backend: TestBackend;
let admin: Client;
/** Devices of two sites that are not polled yet, and one that is. */
let here: number;
let there: number;
let sites: Structure['sites'];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-polled-'));
  await setUpDemo({ dataDir: folder, password: new Secret(password) });
  backend = await startTestBackend({}, folder);
  admin = backend.client();
  await admin.post('/api/session', { user: 'admin', password });
  sites = Structure.parse((await admin.get('/api/structure')).json).sites;
  here = await device('am Ort', 0);
  there = await device('woanders', 1);
});
afterAll(() => backend.remove());

/** A new device that stands in a room of that site. */
async function device(name: string, site: number): Promise<number> {
  const [room] = (sites[site]?.buildings ?? []).flatMap(({ floors }) => floors.flatMap(({ rooms }) => rooms));
  const types = z.object({ records: z.array(z.object({ id: z.int() })) });
  const [type] = types.parse((await admin.get('/api/inventory/device-type?size=1')).json).records;
  const made = await admin.post('/api/inventory/device', {
    ...{ name, typeId: type?.id, roomId: room?.id, role: 'other' },
  });
  expect(made.status, made.text).toBe(200);
  return z.object({ id: z.int() }).parse(made.json).id;
}
const allow = (...networks: { network: string; siteId: number | null; note?: string }[]) =>
  admin.send('PUT', path, JSON.stringify({ networks }));
const now = async () => PolledNetworksReply.parse((await admin.get(path)).json);
const monitor = (deviceId: number, address: string) =>
  admin.post('/api/inventory/monitoring', { deviceId, address });
const refused = (address: string) => ({
  status: 400,
  json: { code: 'invalid', reason: 'network-not-allowed', network: address, fields: [{ path: 'address' }] },
});

describe('the networks that may be polled', () => {
  it('are those of the setting and those of administrators, who alone see them', async () => {
    const before = await now();
    expect(before).toMatchObject({ fixed: ['127.0.0.0/8', '::1/128'], outside: [] });
    // Until somebody says otherwise: what is private.
    expect(before.networks.map(({ network }) => network)).toContain('10.0.0.0/8');
    const set = await allow({ network: '10.20.0.0/16', siteId: null, note: 'Verwaltung' });
    expect(set.status, set.text).toBe(200);
    expect((await now()).networks).toEqual([{ network: '10.20.0.0/16', siteId: null, note: 'Verwaltung' }]);
    for (const role of ['viewer', 'technician'] as const) {
      const person = backend.client();
      const name = `Netze ${role}`;
      await admin.post('/api/users', { name, password, role });
      await person.post('/api/session', { user: name, password });
      expect((await person.get(path)).status).toBe(403);
      expect((await person.send('PUT', path, JSON.stringify({ networks: [] }))).status).toBe(403);
    }
  });

  it.each([
    ['10.20.3.4/16', 'with zeros behind the prefix'],
    ['10.20.0.0/33', 'is not a network'],
    ['nirgends', 'is not a network'],
    ['', 'is not a network'],
  ])('refuse %j by its place, and keep what was', async (network, sentence) => {
    const before = await now();
    const reply = await allow({ network: '10.30.0.0/16', siteId: null }, { network, siteId: null });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ fields: [{ path: expect.stringContaining('networks.1.network') }] });
    expect(reply.text).toContain(sentence);
    expect(await now()).toEqual(before);
  });

  it('refuse a site that is not there', async () => {
    const reply = await allow({ network: '10.30.0.0/16', siteId: 987_654 });
    expect(reply).toMatchObject({ status: 400, json: { fields: [{ path: 'networks.0.siteId' }] } });
  });
});

describe('an address outside of them', () => {
  const far = '198.51.100.7';

  it('is refused in a record, new or changed', async () => {
    expect(await monitor(here, far)).toMatchObject(refused(far));
    const made = await monitor(here, '10.20.0.1');
    expect(made.status, made.text).toBe(200);
    const { id, version } = z.object({ id: z.int(), version: z.int() }).parse(made.json);
    const change = await admin.send(
      'PATCH',
      `/api/inventory/monitoring/${id}`,
      JSON.stringify({ address: far }),
      { 'content-type': 'application/json', 'if-match': `"${version}"` },
    );
    expect(change).toMatchObject(refused(far));
    expect((await admin.get(`/api/inventory/monitoring/${id}`)).text).not.toContain(far);
  });

  it('is refused in a batch, of which nothing is done then', async () => {
    const create = (kind: string, values: unknown) => ({ op: 'create', kind, values });
    const before = (await admin.get('/api/inventory/note?size=1')).json;
    const reply = await admin.post('/api/inventory/batch', {
      operations: [
        create('note', { subjectKind: 'device', subjectId: there, text: 'aus dem Stapel' }),
        create('monitoring', { deviceId: there, address: far }),
      ],
    });
    expect(reply).toMatchObject({ status: 400, json: { reason: 'network-not-allowed', network: far } });
    expect((await admin.get('/api/inventory/note?size=1')).json).toEqual(before);
    const fine = await admin.post('/api/inventory/batch', {
      operations: [create('note', { subjectKind: 'device', subjectId: there, text: 'aus dem Stapel' })],
    });
    expect(Made.safeParse(fine.json).success, fine.text).toBe(true);
  });

  it('is refused in its row of a list, before anything is written', async () => {
    const list = `Gerätename;Hersteller;Modell;Raum;Standort;IP-Adresse\nfern-1;Musterwerk;Kiste;Netzraum;${sites[0]?.name};${far}\nnah-1;Musterwerk;Kiste;Netzraum;${sites[0]?.name};10.20.0.9\n`;
    const upload = await admin.send('POST', '/api/imports', new Uint8Array(new TextEncoder().encode(list)), {
      'content-type': 'application/octet-stream',
      'x-file-name': 'Liste.csv',
    });
    const settled = async (id: string): Promise<ImportJob> => {
      for (;;) {
        const job = ImportJob.parse((await admin.get(`/api/imports/${id}`)).json);
        if (!['reading', 'planning', 'applying'].includes(job.state)) return job;
        // Not to take the processor from what is waited for.
        await setTimeout(20);
      }
    };
    const job = await settled(ImportJob.parse(upload.json).id);
    const monitor = { options: { ...job.table?.options, monitor: true } };
    const again = await admin.send('PATCH', `/api/imports/${job.id}`, JSON.stringify(monitor));
    expect(again.status, again.text).toBe(200);
    expect((await settled(job.id)).preview?.counts).toMatchObject({ problem: 1 });
    const rows = ImportRows.parse((await admin.get(`/api/imports/${job.id}/rows?`)).json);
    expect(JSON.stringify(rows)).toContain('network-not-allowed');
  });

  it('is not asked for anybody who tries credentials, and the question is not handed out', async () => {
    const test = { address: far, secret: { version: '2c', community: 'never sent anywhere' } };
    expect(await admin.post('/api/credentials/test', test)).toMatchObject(refused(far));
  });
});

describe('a network for one site', () => {
  it('is for devices that stand there and for no others, and goes to agents of that site alone', async () => {
    const [first, second] = sites;
    const inside = '10.40.0.5';
    await allow(
      { network: '10.20.0.0/16', siteId: null },
      { network: '10.40.0.0/16', siteId: second?.id ?? 0 },
    );
    const wrong = await device('falscher Ort', 0);
    expect(await monitor(wrong, inside)).toMatchObject(refused(inside));
    expect((await monitor(there, inside)).status).toBe(200);
    const made = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Außenstelle' })).json);
    const key = await enrol(backend.url, made.token);
    const networks = async () =>
      Assignment.parse(
        (
          await new Client(backend.url).get('/api/agent/assignment', {
            authorization: `Bearer ${key}`,
            'x-rackhaus-speaks': '2',
          })
        ).json,
      ).networks;
    await admin.send('PATCH', `/api/agents/${made.id}`, JSON.stringify({ siteIds: [first?.id] }));
    expect(await networks()).not.toContain('10.40.0.0/16');
    await admin.send('PATCH', `/api/agents/${made.id}`, JSON.stringify({ siteIds: [second?.id] }));
    await expect.poll(networks).toContain('10.40.0.0/16');
    expect(AgentList.parse((await admin.get('/api/agents')).json).agents).toHaveLength(2);
  });

  it('that is taken away ends the polling there, and says so of the device', async () => {
    await allow({ network: '10.20.0.0/16', siteId: null });
    expect((await now()).outside).toEqual([{ deviceId: there, name: 'woanders', address: '10.40.0.5' }]);
    const polling = async () =>
      DevicePolling.parse((await admin.get(`/api/devices/${there}/polling`)).json).outside;
    expect(await polling()).toBe('10.40.0.5');
    await allow({ network: '10.20.0.0/16', siteId: null }, { network: '10.40.0.5', siteId: null });
    expect((await now()).outside).toEqual([]);
    expect(await polling()).toBeUndefined();
  });
});
