import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgentList,
  Assignment,
  agentHeaders,
  CreatedAgent,
  formatLines,
  IncidentList,
  PollingReply,
  type Reading,
  Structure,
} from '@rackhaus/config/contract';
import { Secret } from '@rackhaus/config/settings';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { setUpDemo } from '../demo-setup.ts';
import { connected, next, type Client as Socket, watch } from '../live/testing.ts';
import { Client } from '../testing/client.ts';
import { enrol } from '../testing/enrol.ts';
import { testPassword as password, startTestBackend, type TestBackend } from '../testing/test-backend.ts';

// A real backend with the sample town hall, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Member {
  readonly id: number;
  readonly key: string;
}

let backend: TestBackend;
let admin: Client;
let screen: Socket;
/** Whose key was stolen, with one device, and who polls another site. */
let thief: Member;
let victim: Member;
let own: number;
let foreign: number;

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
async function joined(name: string): Promise<Member> {
  const made = CreatedAgent.parse((await admin.post('/api/agents', { name })).json);
  return { id: made.id, key: await enrol(backend.url, made.token) };
}
const call = (who: Member, method: string, path: string, body?: unknown, headers = {}) =>
  new Client(backend.url).send(method, path, body === undefined ? undefined : JSON.stringify(body), {
    ...bearer(who.key),
    ...headers,
  });
let sequence = 0;
const batch = () => ({ [agentHeaders.outbox]: 'box', [agentHeaders.sequence]: String(++sequence) });
async function deliver(who: Member, ...readings: Reading[]): Promise<void> {
  const reply = await fetch(`${backend.url}/api/agent/readings`, {
    method: 'POST',
    headers: { ...bearer(who.key), ...batch(), 'content-type': 'text/plain; charset=utf-8' },
    body: formatLines(readings),
  });
  expect(reply.status).toBe(204);
}
const load = (deviceId: number, value: number, time = backend.clock.now): Reading => ({
  deviceId,
  kind: 'device',
  entity: '',
  time,
  values: { reachable: 1, load: value },
});
/** What is stored of a device. */
async function stored(deviceId: number): Promise<unknown> {
  const { now } = backend.clock;
  const reply = await admin.get(
    `/api/series?device=${deviceId}&kind=device&entity=&metrics=load&from=${now - 120_000}&to=${now + 1000}&points=100`,
  );
  const { series } = reply.json as { series: { mean: (number | null)[] }[] };
  return series.flatMap(({ mean }) => mean.filter((value) => value !== null));
}
const assignmentOf = async (who: Member) =>
  Assignment.parse((await call(who, 'GET', '/api/agent/assignment')).json);
/** What is counted of the thief, as the card of the agent shows it. */
async function counted(): Promise<number> {
  const { items } = await watch(screen, 'overview');
  const card = items.find((item) => item.type === 'agent' && item.id === thief.id);
  return card?.type === 'agent' ? (card.foreign ?? 0) : -1;
}
/** Much else may be going on beside a test. */
const patience = { timeout: 10_000 };
/** The card follows every second. */
const countedSince = (before: number, more: number) =>
  expect.poll(async () => (await counted()) - before, patience).toBe(more);

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-stolen-'));
  await setUpDemo({ dataDir: folder, password: new Secret(password) });
  backend = await startTestBackend({}, folder);
  admin = backend.client();
  await admin.post('/api/session', { user: 'admin', password });
  victim = await joined('Schule');
  thief = await joined('Bauhof');
  const sites = Structure.parse((await admin.get('/api/structure')).json).sites;
  await admin.send('PATCH', `/api/agents/${victim.id}`, JSON.stringify({ siteIds: [sites[1]?.id] }));
  const polled = async (agentId: number) =>
    PollingReply.parse((await admin.get(`/api/polling?agent=${agentId}`)).json).devices;
  foreign = (await polled(victim.id))[0]?.deviceId ?? 0;
  const local = AgentList.parse((await admin.get('/api/agents')).json).agents[0]?.id ?? 0;
  own = (await polled(local))[0]?.deviceId ?? 0;
  await admin.send('PUT', `/api/devices/${own}/agent`, JSON.stringify({ agentId: thief.id }));
  screen = io(backend.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie: admin.cookie ?? '' },
  });
  await connected(screen);
});
afterAll(async () => {
  screen?.disconnect();
  await backend?.remove();
});

describe("with a stolen agent key, another agent's devices", () => {
  it('are not told of, nor their addresses and credentials', async () => {
    const mine = await assignmentOf(thief);
    expect(mine.devices.map(({ id }) => id)).toEqual([own]);
    const theirs = await assignmentOf(victim);
    expect(theirs.devices.map(({ id }) => id)).toContain(foreign);
    for (const { id } of theirs.devices) expect(JSON.stringify(mine)).not.toContain(`"id":${id},`);
  });

  it('get no readings: nothing stored, nothing live, each counted; its own are taken in', async () => {
    const before = await counted();
    await watch(screen, `device:${foreign}`);
    await watch(screen, `device:${own}`);
    const live: unknown[] = [];
    screen.on('update', ({ items }) =>
      live.push(...items.filter((item) => item.type === 'reading' && item.deviceId === foreign)),
    );
    const shown = next(screen, (item) => item.type === 'reading' && item.deviceId === own);
    await deliver(
      thief,
      load(foreign, 0.99),
      load(own, 0.5),
      load(foreign, 0.98, backend.clock.now - 60_000),
    );
    await shown;
    expect(await stored(own)).toEqual([0.5]);
    expect(await stored(foreign)).toEqual([]);
    expect(live).toEqual([]);
    await countedSince(before, 2);
  });

  it('get no observations and no sightings', async () => {
    const before = await counted();
    const { now: time } = backend.clock;
    const identity = {
      ...{ os: null, vendor: 'Fremd', model: null, serial: null, firmware: null },
      ...{ name: null, description: null, location: null },
    };
    const observation = (deviceId: number) => ({
      ...{ deviceId, time, profile: 'generic', identity },
      ...{ ports: [], entities: [], neighbours: [] },
    });
    const observed = await call(
      thief,
      'POST',
      '/api/agent/observations',
      [observation(foreign), observation(own)],
      batch(),
    );
    expect(observed.status, observed.text).toBe(204);
    expect((await admin.get(`/api/devices/${own}`)).text).toContain('Fremd');
    expect((await admin.get(`/api/devices/${foreign}`)).text).not.toContain('Fremd');
    const sighting = (deviceId: number, last: number) => ({
      ...{ deviceId, time, ports: [] },
      addresses: [{ address: `10.9.9.${last}`, mac: `02:00:00:00:00:0${last}` }],
    });
    const sighted = await call(thief, 'POST', '/api/agent/sightings', [
      sighting(foreign, 9),
      sighting(own, 8),
    ]);
    expect(sighted.status, sighted.text).toBe(204);
    const behind = async (text: string) => (await admin.get(`/api/search?q=${text}`)).text;
    expect(await behind('02:00:00:00:00:09')).not.toContain(`"id":${foreign},"name"`);
    await countedSince(before, 2);
  });

  it('get no answers to questions that their agent was asked', async () => {
    const before = await counted();
    const asking = admin.post('/api/credentials/test', {
      address: '127.0.0.1',
      agentId: victim.id,
      secret: { version: '2c', community: 'only for the other agent' },
    });
    let id = '';
    await expect
      .poll(async () => {
        id = (await assignmentOf(victim)).probes?.[0]?.id ?? '';
        return id;
      })
      .not.toBe('');
    expect((await call(thief, 'GET', '/api/agent/assignment')).text).not.toContain('only for the other');
    const answer = (outcome: string) => ({
      ...{ id, outcome, ms: 1, pings: null, identity: null, detail: null },
    });
    expect((await call(thief, 'POST', '/api/agent/probes', answer('answers'))).status).toBe(204);
    await countedSince(before, 1);
    expect((await call(victim, 'POST', '/api/agent/probes', answer('silent'))).status).toBe(204);
    expect((await asking).json).toMatchObject({ outcome: 'silent', agent: 'Schule' });
  });

  it('are written by a standby only while it stands in', async () => {
    const standby = { standbyAgentId: thief.id };
    expect((await admin.send('PATCH', `/api/agents/${victim.id}`, JSON.stringify(standby))).status).toBe(204);
    const alive = (who: Member) =>
      deliver(who, { deviceId: 0, kind: 'agent', entity: '', time: backend.clock.now, values: { queue: 0 } });
    const polledBy = async () =>
      z
        .object({ polled: z.object({ agentId: z.number().nullable() }) })
        .parse((await admin.get(`/api/devices/${foreign}/polling`)).json).polled.agentId;
    await alive(victim);
    await deliver(thief, load(foreign, 0.91));
    expect(await stored(foreign)).toEqual([]);
    // The backend looks every second whether somebody is silent.
    await expect
      .poll(
        async () => {
          // Whoever is to stand in has to have spoken a moment ago.
          backend.clock.now += 2000;
          await alive(thief);
          return polledBy();
        },
        { interval: 1100, timeout: 30_000 },
      )
      .toBe(thief.id);
    backend.clock.now += 1000;
    await deliver(thief, load(foreign, 0.2));
    expect(await stored(foreign)).toEqual([0.2]);
    await expect
      .poll(
        async () => {
          backend.clock.now += 1000;
          await alive(thief);
          await alive(victim);
          return polledBy();
        },
        { interval: 1100, timeout: 30_000 },
      )
      .toBe(victim.id);
    backend.clock.now += 1000;
    await deliver(thief, load(foreign, 0.93));
    expect(await stored(foreign)).toEqual([0.2]);
  }, 90_000);
});

describe('the use of a replaced key', () => {
  it('is a critical incident until somebody has looked at it', async () => {
    const open = async () =>
      IncidentList.parse((await admin.get('/api/incidents?state=open')).json).incidents.filter(({ title }) =>
        title.de.includes('abgelöster Schlüssel'),
      );
    expect(await open()).toEqual([]);
    const renewed = `rha_${'r'.repeat(43)}`;
    await call(thief, 'POST', '/api/agent/key', { key: renewed });
    expect((await call({ ...thief, key: renewed }, 'GET', '/api/agent/assignment')).status).toBe(200);
    backend.clock.now += 120_000;
    expect((await call(thief, 'GET', '/api/agent/assignment')).status).toBe(401);
    await expect.poll(open).toMatchObject([{ severity: 'critical' }]);
    expect(JSON.stringify(await open())).toContain('Bauhof');
    await admin.post(`/api/agents/${thief.id}/misuse-seen`, undefined);
    await expect.poll(open, patience).toEqual([]);
  });
});
