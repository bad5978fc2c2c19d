import type { Sightings } from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../testing/eventually.ts';
import { FakeBackend } from '../testing/fake-backend.ts';
import { BackendClient } from './backend-client.ts';
import { SightingsSender } from './sightings-sender.ts';

const never = new AbortController().signal;
const Lot = z.array(z.object({ deviceId: z.number(), time: z.number() }));

const seen = (deviceId: number, time: number, mac = '02:00:00:00:00:01'): Sightings => ({
  deviceId,
  time,
  ports: [{ name: '1', count: 1, macs: [{ mac, vlan: null }] }],
  addresses: [],
});

describe('SightingsSender', () => {
  let backend: FakeBackend;
  let client: BackendClient;
  let sender: SightingsSender;
  beforeEach(async () => {
    backend = new FakeBackend();
    await backend.start();
    client = new BackendClient({ server: backend.url, token: () => 'token' });
    sender = new SightingsSender({ client, now: () => Date.now(), log: pino({ level: 'silent' }) });
  });
  afterEach(async () => {
    await sender.stop();
    client.close();
    await backend.stop();
  });
  const lots = () =>
    backend.received.map(({ text }) =>
      Lot.parse(JSON.parse(text)).map(({ deviceId, time }) => [deviceId, time]),
    );

  it('sends what comes up within a moment in one lot, and nothing that did not change', async () => {
    sender.offer(seen(1, 10));
    sender.offer(seen(2, 10));
    await eventually('a lot', () => backend.received.length === 1);
    sender.offer(seen(1, 20));
    sender.offer(seen(2, 20, '02:00:00:00:00:02'));
    await eventually('another lot', () => backend.received.length === 2);
    expect(lots()).toEqual([
      [
        [1, 10],
        [2, 10],
      ],
      [[2, 20]],
    ]);
  });

  it('delivers what somebody waits for at once, also when nothing changed', async () => {
    expect(await sender.deliver(seen(1, 10), never)).toBe(true);
    const startedAt = performance.now();
    expect(await sender.deliver(seen(1, 20), never)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(lots()).toEqual([[[1, 10]], [[1, 20]]]);
  });

  it('keeps the newest of each device while the backend is away', async () => {
    backend.mood = () => ({ status: 503 });
    sender.offer(seen(1, 10));
    await eventually('an attempt', () => backend.requests > 0);
    sender.offer(seen(1, 20, '02:00:00:00:00:02'));
    backend.mood = () => ({ status: 204 });
    expect(await sender.deliver(seen(2, 20), never)).toBe(true);
    await eventually('the newest', () => lots().flat().length === 2);
    expect(lots().flat().sort()).toEqual([
      [1, 20],
      [2, 20],
    ]);
  });

  it('waits no longer than whoever waits, and says that it did not arrive', async () => {
    backend.mood = () => 'silent';
    expect(await sender.deliver(seen(1, 10), AbortSignal.timeout(50))).toBe(false);
    const waiting = sender.deliver(seen(2, 10), never);
    await sender.stop();
    expect(await waiting).toBe(false);
  });

  it('does not send again and again what the backend refuses for good', async () => {
    backend.mood = () => ({ status: 400 });
    expect(await sender.deliver(seen(1, 10), never)).toBe(false);
    backend.mood = () => ({ status: 204 });
    expect(await sender.deliver(seen(2, 10), never)).toBe(true);
    expect(lots()).toEqual([[[2, 10]]]);
  });
});
