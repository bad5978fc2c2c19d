import { Assignment, type Sightings } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PollsNow } from './polls-now.ts';
import { startTestServer, TestDevices, type TestServer, testDevice } from './testing.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

describe('devices to be read out of turn', () => {
  it('are handed to their agent once, for all who wait, and answered by nobody else', async () => {
    const polls = new PollsNow();
    let added = 0;
    polls.onAdded(() => added++);
    const asked = [polls.ask(1, 7), polls.ask(1, 7), polls.ask(1, 8)];
    expect(added).toBe(3);
    expect(polls.has(2)).toBe(false);
    const [seven, eight, ...others] = polls.take(1);
    expect(others).toEqual([]);
    expect(polls.has(1)).toBe(false);
    // What was handed out may have been read already: who comes later is read for again.
    const later = polls.ask(1, 7);
    expect(polls.take(1)).toHaveLength(1);
    polls.answer(2, { id: seven?.id ?? '', deviceId: 7, time: 1 });
    polls.answer(1, { id: seven?.id ?? '', deviceId: 7, time: 2 });
    polls.answer(1, { id: eight?.id ?? '', deviceId: 8, time: null });
    expect(await Promise.all(asked)).toEqual([2, 2, null]);
    polls.stop();
    expect(await later).toBeNull();
  });

  it('end without an answer in time, and when nobody waits any more', async () => {
    const polls = new PollsNow();
    expect(await polls.ask(1, 7, { timeoutMs: 10 })).toBeNull();
    const gone = new AbortController();
    const asked = polls.ask(1, 7, { signal: gone.signal });
    gone.abort();
    expect(await asked).toBeNull();
    expect(await polls.ask(1, 7, { signal: gone.signal })).toBeNull();
    expect(polls.take(1)).toEqual([]);
  });
});

describe('what agents tell', () => {
  let server: TestServer;
  let agent: { id: number; token: string };
  beforeEach(async () => {
    server = await startTestServer({ devices: new TestDevices([testDevice(1), testDevice(2)]) });
    agent = await server.agent('local');
  });
  afterEach(() => server.close());

  const post = (path: string, body: unknown) =>
    fetch(new URL(path, server.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ask = async (known: string) => {
    const reply = await fetch(`${server.url}/api/agent/assignment?known=${known}`, {
      headers: { authorization: `Bearer ${agent.token}` },
    });
    return Assignment.parse(await reply.json());
  };

  it('a question that waits is answered at once with what to read, and who asked hears of it', async () => {
    const { version } = await ask('');
    const waiting = ask(version);
    const polled = server.monitoring.pollNow([1, 2, 2, 99]);
    const { now = [] } = await waiting;
    expect(now.map(({ deviceId }) => deviceId)).toEqual([1, 2]);
    for (const { id, deviceId } of now)
      await post('/api/agent/polled', { id, deviceId, time: deviceId === 1 ? 5 : null });
    expect([...(await polled)]).toEqual([
      [1, 5],
      [2, null],
      [99, null],
    ]);
  });

  it('the newest sightings of each device it polls are kept, also over a restart', async () => {
    const seen = (deviceId: number, time: number): Sightings => ({
      deviceId,
      time,
      ports: [{ name: '1', count: 1, macs: [{ mac: '02:00:00:00:00:01', vlan: 10 }] }],
      addresses: [{ address: '10.0.0.1', mac: '02:00:00:00:00:01' }],
    });
    const told: number[][] = [];
    server.monitoring.sightings.onChange((ids) => told.push([...ids]));
    expect((await post('/api/agent/sightings', [seen(1, 20), seen(99, 20)])).status).toBe(204);
    expect((await post('/api/agent/sightings', [seen(1, 10)])).status).toBe(204);
    expect(told).toEqual([[1]]);
    expect(await server.monitoring.sightings.of(1)).toEqual(seen(1, 20));
    expect(await server.monitoring.sightings.of(99)).toBeNull();
    expect((await post('/api/agent/sightings', [{ ...seen(1, 30), ports: 'x' }])).status).toBe(400);
    const again = await startTestServer({ devices: server.devices, folder: server.folder });
    expect([...(await again.monitoring.sightings.all())]).toEqual([[1, seen(1, 20)]]);
    await again.close();
  });
});
