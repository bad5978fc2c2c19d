import { request } from 'node:http';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { agentHeaders, formatLines, type Reading } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeasurementStore } from '../measurements/index.ts';
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

let sequence = 0;
function headers(more: Record<string, string> = {}) {
  return {
    authorization: `Bearer ${agent.token}`,
    [agentHeaders.outbox]: 'box-1',
    [agentHeaders.sequence]: String(++sequence),
    ...more,
  };
}

function post(body: string | Uint8Array, more: Record<string, string> = {}) {
  return fetch(`${server.url}/api/agent/readings`, {
    method: 'POST',
    headers: headers(more),
    body: typeof body === 'string' ? body : Uint8Array.from(body),
  });
}

const port = (time: number, values: Record<string, number>, entity = '1'): Reading => ({
  deviceId: 1,
  kind: 'port',
  entity,
  time,
  values,
});
const send = (...readings: Reading[]) => post(formatLines(readings));
const statesOf = async () =>
  (await latestReadings(server.store)).map(({ entity, time, values }) => ({ entity, time, values }));

describe('bodies', () => {
  it('come packed with zstd as well as with gzip', async () => {
    const time = Date.now() - 1000;
    const lines = (rx: number) => formatLines([port(time + rx, { rx })]);
    expect((await post(zstdCompressSync(lines(1)), { 'content-encoding': 'zstd' })).status).toBe(204);
    expect((await post(gzipSync(lines(2)), { 'content-encoding': 'gzip' })).status).toBe(204);
    expect(await statesOf()).toEqual([{ entity: '1', time: time + 2, values: { rx: 2 } }]);
  });

  it('that grow beyond the limit when unpacked are refused, whatever they are packed with', async () => {
    const bomb = Buffer.alloc(20_000_000, '#');
    for (const [encoding, packed] of [
      ['zstd', zstdCompressSync(bomb)],
      ['gzip', gzipSync(bomb)],
    ] as const) {
      expect(packed.length).toBeLessThan(50_000);
      expect((await post(packed, { 'content-encoding': encoding })).status).toBe(413);
    }
    expect((await post(zstdCompressSync('x'), { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('of which some lines are broken leave the others whole', async () => {
    const time = Date.now() - 1000;
    const good = ['1', '2', '3'].map((entity) => formatLines([port(time, { rx: 1 }, entity)]));
    const body = [good[0], 'port,d=1,e=9 rx=1,tx=', good[1], '\u0000', `port,d=1 rx="x ${time}`, good[2]];
    expect((await post(body.join('\n'))).status).toBe(204);
    expect((await statesOf()).map(({ entity }) => entity).sort()).toEqual(['1', '2', '3']);
    const refused = await post('port,d=1 rx=\nport');
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('line 1: ')]);
  });
});

describe('order', () => {
  it('does not matter: late readings are stored, and never decide what newer ones have decided', async () => {
    const newest = Date.now() - 1000;
    const late = newest - 60_000;
    expect((await send(heard(1, newest), port(newest, { oper: 1, rx: 9 }))).status).toBe(204);
    expect((await send(port(late, { oper: 2, rx: 5 }), heard(1, late, 0))).status).toBe(204);
    const live = Array.from(server.monitoring.previewed(), ({ entities }) => [...entities])[0];
    expect(live?.find(({ kind }) => kind === 'port')).toMatchObject({
      time: newest,
      values: { oper: 1, rx: 9 },
    });
    expect(server.monitoring.conditions.standing(1).standing).toBe('answers');
    expect(server.monitoring.conditions.all().filter(({ deviceId }) => deviceId === 1)).toEqual([]);
    const series = await server.store.query({
      deviceId: 1,
      kind: 'port',
      entity: '1',
      metrics: ['rx'],
      from: late,
      to: newest,
      points: 100,
    });
    expect([...(series.columns[0]?.mean ?? [])].filter((mean) => mean === 5 || mean === 9)).toEqual([5, 9]);
  });
});

describe('a store that is slow', () => {
  it('has senders hold their batches, before these are read, until it has caught up', async () => {
    const { store, release } = slowed(server.store);
    const slow = await startTestServer({ devices: server.devices, store, mostWaiting: 6 });
    const first = server;
    server = slow;
    agent = await slow.agent('local');
    try {
      const time = Date.now() - 1000;
      const waiting = [0, 1, 2].map((at) => send(port(time, { rx: 1, tx: 2 }, String(at))));
      await vi.waitFor(() => expect(store.waiting).toBeGreaterThanOrEqual(2));
      const refused = await withoutBody();
      expect(refused).toEqual({ status: 429, retryAfter: '2' });
      release();
      const statuses = (await Promise.all(waiting)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 204).length).toBeGreaterThanOrEqual(2);
      expect((await send(port(time, { rx: 1 }))).status).toBe(204);
    } finally {
      release();
      await slow.close();
      server = first;
    }
  });
});

/** The store, whose writes wait until they are released. */
function slowed(store: MeasurementStore) {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { store: behind(gate, store), release: () => release() };
}

function behind(gate: Promise<void>, store: MeasurementStore): MeasurementStore & { waiting: number } {
  const slow = {
    waiting: 0,
    entities: store.entities,
    write: async (batch: Parameters<MeasurementStore['write']>[0]) => {
      slow.waiting++;
      await gate;
      await store.write(batch);
    },
    latest: () => store.latest(),
    query: (asked: Parameters<MeasurementStore['query']>[0]) => store.query(asked),
    listEntities: () => store.listEntities(),
    kept: (...asked: Parameters<MeasurementStore['kept']>) => store.kept(...asked),
    check: () => store.check(),
    // It is the other server's.
    close: async () => undefined,
  };
  return slow;
}

/** Announces a body of which nothing is ever sent. */
function withoutBody(): Promise<{ status: number | undefined; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${server.url}/api/agent/readings`,
      { method: 'POST', headers: headers({ 'content-length': '1000' }) },
      (reply) => {
        resolve({ status: reply.statusCode, retryAfter: reply.headers['retry-after'] });
        outgoing.destroy();
      },
    );
    outgoing.once('error', reject);
    outgoing.flushHeaders();
  });
}
