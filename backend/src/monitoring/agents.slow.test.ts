import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgentList,
  Assignment,
  agentHeaders,
  CreatedAgent,
  DevicePolling,
  formatLines,
  PollingReply,
  type Reading,
  Structure,
} from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { setUpDemo } from '../demo-setup.ts';
import { Client } from '../testing/client.ts';
import { enrol } from '../testing/enrol.ts';
import { startTestBackend, type TestBackend } from '../testing/test-backend.ts';

// A real backend with the sample town hall, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const password = 'only-for-this-test';
let backend: TestBackend;
let admin: Client;
const tokens = new Map<number, string>();

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-agents-'));
  await setUpDemo({ dataDir: folder, password: new Secret(password) });
  backend = await startTestBackend({}, folder);
  admin = backend.client();
  await admin.post('/api/session', { user: 'admin', password });
});
afterAll(() => backend.remove());

async function newAgent(name: string): Promise<number> {
  const { id, token } = CreatedAgent.parse((await admin.post('/api/agents', { name })).json);
  tokens.set(id, await enrol(backend.url, token));
  return id;
}
const agentsNow = async () => AgentList.parse((await admin.get('/api/agents')).json).agents;
const patch = (id: number, change: unknown) =>
  admin.send('PATCH', `/api/agents/${id}`, JSON.stringify(change));
const polling = async (query = '') => PollingReply.parse((await admin.get(`/api/polling${query}`)).json);
const devicePolling = async (id: number) =>
  DevicePolling.parse((await admin.get(`/api/devices/${id}/polling`)).json);
const sites = async () => Structure.parse((await admin.get('/api/structure')).json).sites;
const asAgent = (id: number) => ({ authorization: `Bearer ${tokens.get(id)}` });
const assignmentOf = async (id: number) =>
  Assignment.parse((await new Client(backend.url).get('/api/agent/assignment', asAgent(id))).json);

let sequence = 0;
async function deliver(agentId: number, readings: readonly Reading[]): Promise<void> {
  const reply = await fetch(`${backend.url}/api/agent/readings`, {
    method: 'POST',
    headers: {
      ...asAgent(agentId),
      'content-type': 'text/plain; charset=utf-8',
      [agentHeaders.outbox]: `box-${agentId}`,
      [agentHeaders.sequence]: String(++sequence),
    },
    body: formatLines(readings),
  });
  expect(reply.status).toBe(204);
}

describe('sites and standbys', () => {
  let school: number;
  let library: number;
  beforeAll(async () => {
    school = await newAgent('Schule');
    library = await newAgent('Bücherei');
  });

  it('has the devices of a site polled by its agent, the rest by the oldest one', async () => {
    const [, site] = await sites();
    const before = (await polling()).total;
    expect((await patch(school, { siteIds: [site?.id] })).status).toBe(204);
    const [local, theirs] = await agentsNow();
    expect(theirs).toMatchObject({ name: 'Schule', siteIds: [site?.id], standbyAgentId: null, byHand: 0 });
    expect(theirs?.devices).toBeGreaterThan(0);
    expect((local?.devices ?? 0) + (theirs?.devices ?? 0)).toBe(before);
    expect((await assignmentOf(school)).devices).toHaveLength(theirs?.devices ?? -1);
    expect((await polling(`?agent=${school}`)).total).toBe(theirs?.devices);
  });

  it('says whose a site is already, and changes nothing then', async () => {
    const [first, site] = await sites();
    const refused = await patch(library, { siteIds: [first?.id, site?.id], standbyAgentId: school });
    expect(refused.status).toBe(409);
    expect(refused.json).toMatchObject({
      message: `The site "${site?.name}" is polled by the agent "Schule" already. Take it from that agent first.`,
      fields: [{ path: 'siteIds' }],
    });
    expect((await agentsNow())[2]).toMatchObject({ siteIds: [], standbyAgentId: null });
  });

  it.each([
    [{ siteIds: [987_654] }, 'There is no site 987654.'],
    [{ standbyAgentId: 987_654 }, 'There is no agent 987654.'],
    [{ standbyAgentId: 'self' }, 'An agent cannot stand in for itself.'],
  ])('refuses %j by name', async (change, message) => {
    const real =
      'standbyAgentId' in change && change.standbyAgentId === 'self' ? { standbyAgentId: library } : change;
    const refused = await patch(library, real);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ message });
  });

  it('lets one device go to another agent by hand, and back to that of its site', async () => {
    const device = (await polling(`?agent=${school}`)).devices[0];
    const id = device?.deviceId ?? 0;
    const put = (agentId: number | null) =>
      admin.send('PUT', `/api/devices/${id}/agent`, JSON.stringify({ agentId }));
    expect((await put(library)).status).toBe(204);
    expect(await devicePolling(id)).toMatchObject({
      given: library,
      bySite: school,
      polled: { agentId: library },
    });
    expect((await agentsNow())[2]).toMatchObject({ devices: 1, byHand: 1 });
    expect((await put(987_654)).status).toBe(400);
    expect((await put(null)).status).toBe(204);
    expect(await devicePolling(id)).toMatchObject({ given: null, polled: { agentId: school } });
  });

  it('lists how devices were polled, those that ask for a look first, and finds them', async () => {
    const [one, other] = (await polling(`?agent=${school}`)).devices;
    backend.clock.now += 1000;
    const time = backend.clock.now;
    const read = (deviceId: number | undefined, values: Record<string, number>): Reading => ({
      deviceId: deviceId ?? 0,
      kind: 'device',
      entity: '',
      time,
      values,
    });
    await deliver(school, [
      read(one?.deviceId, { reachable: 1, pollDuration: 0.05, pollRequests: 4, pollTimeouts: 0 }),
      read(other?.deviceId, {
        reachable: 1,
        pollDuration: 2.5,
        pollRequests: 9,
        pollTimeouts: 2,
        pollRetries: 2,
      }),
    ]);
    const slowest = await polling('?order=slowest');
    expect(slowest.devices[0]).toMatchObject({
      deviceId: other?.deviceId,
      slow: true,
      silent: false,
      duration: 2.5,
      requests: 9,
      timeouts: 2,
      retries: 2,
      values: null,
    });
    expect(slowest.counts).toMatchObject({ slow: 1, losses: 1, silent: slowest.total - 2 });
    expect((await polling('?filter=losses')).devices.map(({ deviceId }) => deviceId)).toEqual([
      other?.deviceId,
    ]);
    expect((await polling(`?search=${one?.name.toUpperCase()}`)).devices[0]?.deviceId).toBe(one?.deviceId);
    expect((await polling('?page=9999')).devices).toEqual([]);
    expect((await admin.get('/api/polling?order=none')).status).toBe(400);
  });
});

describe('a standby', () => {
  let first: number;
  let second: number;
  let deviceId: number;

  beforeAll(async () => {
    first = await newAgent('Erster');
    second = await newAgent('Zweiter');
    deviceId = (await polling()).devices[0]?.deviceId ?? 0;
    await admin.send('PUT', `/api/devices/${deviceId}/agent`, JSON.stringify({ agentId: first }));
    await patch(first, { standbyAgentId: second });
  });

  const own = (agentId: number) =>
    deliver(agentId, [
      { deviceId: 0, kind: 'agent', entity: '', time: backend.clock.now, values: { queue: 0 } },
    ]);
  const load = (time: number, value: number): Reading => ({
    deviceId,
    kind: 'device',
    entity: '',
    time,
    values: { reachable: 1, load: value },
  });
  /** Lets time pass second by second while these agents speak, and the backend look each time. */
  async function pass(seconds: number, ...speaking: number[]): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      backend.clock.now += 1000;
      for (const agentId of speaking) await own(agentId);
      await looked();
    }
  }
  /** The backend looks every second of real time. */
  const looked = () => new Promise((resolve) => setTimeout(resolve, 1100));
  const loadNow = async () => {
    const reply = await admin.get(
      `/api/series?device=${deviceId}&kind=device&entity=&metrics=load&from=${backend.clock.now - 60_000}&to=${backend.clock.now}&points=100`,
    );
    const { series } = reply.json as { series: { mean: (number | null)[] }[] };
    return new Set(series[0]?.mean.filter((value) => value !== null));
  };

  it('takes over what a silent agent polled, told in the incident, and what each read is taken in by its time', async () => {
    await pass(2, first, second);
    const before = backend.clock.now;
    await pass(13, second);
    expect(await devicePolling(deviceId)).toMatchObject({ given: first, polled: { agentId: second } });
    expect((await assignmentOf(second)).devices.map(({ id }) => id)).toContain(deviceId);
    const over = backend.clock.now;
    await deliver(second, [load(over, 2)]);
    // It was cut off and comes back: what it read before counts, and after not.
    await deliver(first, [load(before + 1000, 1), load(over, 3)]);
    expect(await loadNow()).toEqual(new Set([1, 2]));
    expect((await agentsNow()).find(({ id }) => id === first)?.devices).toBe(1);
  }, 60_000);

  it('gives the devices back after ten seconds, also over a restart of the server in between', async () => {
    await pass(3, first, second);
    expect((await devicePolling(deviceId)).polled?.agentId).toBe(second);
    backend = await backend.restart();
    admin = backend.client();
    await admin.post('/api/session', { user: 'admin', password });
    expect((await devicePolling(deviceId)).polled?.agentId).toBe(second);
    await pass(12, first, second);
    expect((await devicePolling(deviceId)).polled?.agentId).toBe(first);
  }, 60_000);
});
