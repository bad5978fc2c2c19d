import type { Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestServer } from '../server-testing.ts';
import { StoreUnavailable } from '../store.ts';
import { latestReadings, writeReadings } from '../testing.ts';
import { VictoriaStore } from './store.ts';
import { haveVictoria, showVictoria, startVictoria } from './testing.ts';
import { startCluster, type TestCluster } from './testing-cluster.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });
const here = haveVictoria();
if (!here) console.warn('victoria-metrics is not installed: its outages and a cluster are NOT tested here.');

const log = () => undefined;
const reading = (time: number, rx: number): Reading => ({
  deviceId: 1,
  kind: 'port',
  entity: '1/1/1',
  time,
  values: { rx },
});

describe.skipIf(!here)('a VictoriaMetrics', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startVictoria();
  });
  afterAll(() => server?.close());

  it('that is away is said to be, and is written to again as soon as it is back', async () => {
    const store = new VictoriaStore({ url: server.url, log });
    const now = Date.now();
    await writeReadings(store, [reading(now - 2000, 1)]);
    await showVictoria(server.url);
    await server.restart(async () => {
      await expect(writeReadings(store, [reading(now, 2)])).rejects.toThrow(StoreUnavailable);
      await expect(store.check()).rejects.toThrow(/ECONNREFUSED/);
    });
    await store.check();
    await writeReadings(store, [reading(now, 3)]);
    await showVictoria(server.url);
    expect(await latestReadings(store)).toEqual([reading(now, 3)]);
    await store.close();
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
  });

  it('that is none says which setting to look at', async () => {
    const store = new VictoriaStore({ url: `${server.url}/elsewhere`, log });
    await expect(store.check()).rejects.toThrow(/please check VICTORIA_URL, and VICTORIA_ACCOUNT/);
    const cluster = new VictoriaStore({ url: server.url, account: '0', log });
    await expect(cluster.check()).rejects.toThrow(/VICTORIA_ACCOUNT, which is set for a cluster/);
  });

  it('that keeps repeats is told of; means count them twice', async () => {
    const twice = await startVictoria([]);
    const says = vi.fn<(message: string) => void>();
    const store = new VictoriaStore({ url: twice.url, log: says });
    store.start();
    await vi.waitFor(
      () => expect(says).toHaveBeenCalledWith(expect.stringMatching(/dedup\.minScrapeInterval/)),
      {
        timeout: 30_000,
        interval: 500,
      },
    );
    await store.close();
    await twice.close();
  });
});

describe.skipIf(!here)('a cluster of VictoriaMetrics', () => {
  let server: TestServer;
  let cluster: TestCluster;
  beforeAll(async () => {
    server = await startVictoria();
    cluster = await startCluster({ upstream: server.url, account: '7:1', authorization: 'Bearer a-token' });
  });
  afterAll(async () => {
    await cluster?.close();
    await server?.close();
  });

  const open = (password = 'a-token') =>
    new VictoriaStore({ url: cluster.url, account: '7:1', password, log });

  it('is written and read on the paths of its tenant only', async () => {
    const store = open();
    await store.check();
    const time = Math.floor(Date.now() / 60_000) * 60_000 - 120_000;
    await writeReadings(store, [reading(time, 5), reading(time + 1000, 7)]);
    await showVictoria(server.url);
    const key = { deviceId: 1, kind: 'port', entity: '1/1/1' } as const;
    const from = Math.floor(time / 300_000) * 300_000;
    const series = await store.query({ ...key, metrics: ['rx'], from, to: from + 299_999, points: 1 });
    expect(series.columns[0]).toEqual({ metric: 'rx', mean: [6], min: [5], max: [7] });
    expect(await store.listEntities()).toEqual([key]);
    expect((await store.kept(key, from, from + 3_600_000)).rows).toHaveLength(2);
    expect(await latestReadings(store)).toEqual([reading(time + 1000, 7)]);
    expect(cluster.refused).toEqual([]);
    await store.close();
  });

  it('is away while one of its storage nodes is', async () => {
    const store = open();
    cluster.away = true;
    await expect(store.check()).rejects.toThrow(/503 cannot read from vmstorage/);
    await expect(writeReadings(store, [reading(Date.now(), 1)])).rejects.toThrow(StoreUnavailable);
    cluster.away = false;
    await store.check();
    await store.close();
  });

  it('names user and password when they are wrong, and the setting when it is no cluster path', async () => {
    await expect(open('other').check()).rejects.toThrow(/VICTORIA_USER and VICTORIA_PASSWORD/);
    const single = new VictoriaStore({ url: cluster.url, password: 'a-token', log });
    await expect(single.check()).rejects.toThrow(/VICTORIA_ACCOUNT/);
  });
});
