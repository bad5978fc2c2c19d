import { gzipSync } from 'node:zlib';
import {
  Assignment,
  agentHeaders,
  formatLines,
  type Observation,
  type Reading,
  SeriesReply,
} from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { latestReadings } from '../measurements/testing.ts';
import { heard, startTestServer, TestDevices, type TestServer, testDevice } from './testing.ts';

// Real servers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let server: TestServer;
let agent: { id: number; token: string };

beforeEach(async () => {
  server = await startTestServer({ devices: new TestDevices([testDevice(1), testDevice(2)]) });
  agent = await server.agent('local');
});
afterEach(() => server.close());

function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  sequence: number,
  headers: Record<string, string> = {},
) {
  return fetch(new URL(path, server.url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${agent.token}`,
      'content-type': 'text/plain; charset=utf-8',
      [agentHeaders.outbox]: 'box-1',
      [agentHeaders.sequence]: String(sequence),
      ...headers,
    },
    body,
  });
}

const send = (readings: readonly Reading[], sequence: number) =>
  post('/api/agent/readings', formatLines(readings), sequence);

async function series(device: number, from: number, to: number) {
  const query = new URLSearchParams({
    device: String(device),
    kind: 'port',
    entity: '1',
    metrics: 'rx',
    from: String(from),
    to: String(to),
  });
  const reply = await fetch(`${server.url}/api/series?${query}`, {
    headers: { cookie: await server.cookie() },
  });
  expect(reply.status).toBe(200);
  return SeriesReply.parse(await reply.json());
}

describe('ingest', () => {
  it('stores a batch, compressed or not, and acknowledges a repeat without storing it again', async () => {
    const time = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
    const readings = [0, 5, 10].map(
      (s): Reading => ({ deviceId: 1, kind: 'port', entity: '1', time: time + s * 1000, values: { rx: s } }),
    );
    const body = formatLines(readings);
    expect(
      (await post('/api/agent/readings', gzipSync(body), 1, { 'content-encoding': 'gzip' })).status,
    ).toBe(204);
    expect((await post('/api/agent/readings', body, 1)).status).toBe(204);
    const reply = await series(1, time, time + 10_000);
    expect(reply.step).toBe(5000);
    expect(reply.series[0]).toMatchObject({ metric: 'rx', unit: 'bit/s', mean: [0, 5, 10] });
  });

  it('keeps what is good of a batch and drops the rest', async () => {
    const now = Date.now();
    const time = now - 5000;
    const lines = [
      formatLines([{ deviceId: 1, kind: 'port', entity: '1', time, values: { rx: 5 } }]),
      formatLines([{ deviceId: 77, kind: 'port', entity: '1', time, values: { rx: 5 } }]), // nobody's device
      formatLines([{ deviceId: 1, kind: 'port', entity: '1', time: now + 3_600_000, values: { rx: 9 } }]),
      formatLines([{ deviceId: 1, kind: 'port', entity: '1', time: time + 1, values: { rx: -5, tx: 6 } }]),
      `port,d=1,e=1 fromTheFuture=1 ${time}`,
    ];
    expect((await post('/api/agent/readings', lines.join('\n'), 1)).status).toBe(204);
    const latest = await latestReadings(server.store);
    expect(latest).toEqual([{ deviceId: 1, kind: 'port', entity: '1', time: time + 1, values: { tx: 6 } }]);
  });

  it('refuses what can never be read, and who may not send', async () => {
    expect((await post('/api/agent/readings', 'nonsense', 1)).status).toBe(400);
    expect((await post('/api/agent/readings', 'x', 1, { [agentHeaders.sequence]: 'one' })).status).toBe(400);
    expect((await post('/api/agent/readings', 'x', 1, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post('/api/agent/readings', 'x', 1, { authorization: '' })).status).toBe(401);
    const bomb = gzipSync('#'.repeat(20_000_000));
    expect((await post('/api/agent/readings', bomb, 2, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it('does not acknowledge what the store did not take', async () => {
    await server.store.close();
    const reply = await send([heard(1, Date.now())], 1);
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('2');
  });

  it('recognises repeats after a restart, and takes one that it does not recognise without harm', async () => {
    const { folder, devices } = server;
    const reading = heard(1, Date.now() - 3000);
    expect((await send([reading], 41)).status).toBe(204);
    await server.monitoring.stop();
    // As after a crash between storing and acknowledging: the same again under a number that was never saved.
    expect((await send([reading], 42)).status).toBe(204);
    const second = await startTestServer({ devices, folder, store: server.store });
    const first = server;
    server = second;
    expect((await send([{ ...reading, values: { reachable: 0 } }], 41)).status).toBe(204);
    expect(await latestReadings(second.store)).toEqual([reading]);
    expect((await send([reading], 42)).status).toBe(204);
    expect(await latestReadings(second.store)).toEqual([reading]);
    await first.close().catch(() => undefined); // its store goes with the second one
  });
});

describe('assignment', () => {
  const ask = (known?: string, token = agent.token) =>
    fetch(`${server.url}/api/agent/assignment${known === undefined ? '' : `?known=${known}`}`, {
      headers: { authorization: `Bearer ${token}` },
    }).then(async (reply) => Assignment.parse(await reply.json()));

  it('gives all devices to the oldest agent, and wakes who waits when something changes', async () => {
    const first = await ask();
    expect(first.agent).toEqual({ id: agent.id, name: 'local' });
    expect(first.devices.map((device) => device.id)).toEqual([1, 2]);
    expect(first.devices[0]?.snmp?.credentials).toEqual({ version: '2c', community: 'public' });

    const waiting = ask(first.version);
    server.devices.set([testDevice(1), testDevice(3), testDevice(4, { monitoring: null })]);
    const second = await waiting;
    expect(second.version).not.toBe(first.version);
    expect(second.devices.map((device) => device.id)).toEqual([1, 3]);
  });

  it('gives devices to another agent when told so', async () => {
    const other = await server.agent('school');
    await server.access.users.create({
      name: 'Boss',
      password: 'correct horse battery',
      role: 'administrator',
    });
    const userId = await server.access.users.authenticate('Boss', 'correct horse battery');
    const cookie =
      (await server.access.sessions.open({ userId: userId ?? 0 }, undefined)).split(';')[0] ?? '';
    const given = await fetch(`${server.url}/api/agents/${other.id}/devices`, {
      method: 'PUT',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ devices: [2] }),
    });
    expect(given.status).toBe(204);
    expect((await ask()).devices.map((device) => device.id)).toEqual([1]);
    expect((await ask(undefined, other.token)).devices.map((device) => device.id)).toEqual([2]);
    expect((await send([heard(2, Date.now())], 5)).status).toBe(204);
    expect(await latestReadings(server.store)).toEqual([]);
  });
});

describe('observations', () => {
  const observation = (time: number, name: string): Observation => ({
    deviceId: 1,
    time,
    profile: 'generic',
    identity: {
      os: null,
      vendor: null,
      model: null,
      serial: null,
      firmware: null,
      name,
      description: null,
      location: null,
    },
    ports: [],
    entities: [],
    neighbours: [],
  });
  const put = (list: Observation[], sequence: number) =>
    post('/api/agent/observations', JSON.stringify(list), sequence, { 'content-type': 'application/json' });

  it('keeps the newest of each device, whatever the order', async () => {
    expect((await put([observation(2000, 'new')], 1)).status).toBe(204);
    expect(
      (await put([observation(1000, 'old'), { ...observation(5000, 'x'), deviceId: 99 }], 2)).status,
    ).toBe(204);
    expect((await server.monitoring.observations.of(1))?.identity.name).toBe('new');
    expect(await server.monitoring.observations.of(99)).toBeNull();
    expect((await put([observation(3000, 'newer')], 3)).status).toBe(204);
    expect((await server.monitoring.observations.of(1))?.identity.name).toBe('newer');
  });
});
