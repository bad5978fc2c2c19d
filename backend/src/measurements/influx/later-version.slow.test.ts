import type { Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../store.ts';
import { latestReadings, writeReadings } from '../testing.ts';
import { InfluxClient } from './client.ts';
import { InfluxStore } from './store.ts';
import { haveInfluxd, startInflux, type TestInflux } from './testing.ts';
import { startLaterInflux } from './testing-later-version.ts';

const here = haveInfluxd();
if (!here)
  console.warn('influxd is not installed (Debian package influxdb): the rules of later ones are NOT tested.');

const hour = 3_600_000;
const login = { user: 'rackhaus', password: 'a-token==' };
const policies = { rackhaus_raw: '720h', rackhaus_5m: '17544h', rackhaus_1h: '17544h' };

describe.skipIf(!here).each(['in-reply', 'status'] as const)('InfluxDB 2.x refusing by %s', (refusal) => {
  let server: TestInflux;
  let later: Awaited<ReturnType<typeof startLaterInflux>>;
  beforeAll(async () => {
    server = await startInflux();
    later = await startLaterInflux({
      upstream: server.url,
      user: login.user,
      token: login.password,
      refusal,
    });
  }, 30_000);
  afterAll(async () => {
    await later?.close();
    await server?.close();
  });

  /** What its administrator does, without the 2.x rules in between. */
  async function make(database: string, names: readonly string[] = Object.keys(policies)): Promise<void> {
    const direct = new InfluxClient({ url: server.url, database, schema: [] });
    await direct.query(`CREATE DATABASE "${database}"`, 'POST');
    for (const [name, duration] of Object.entries(policies))
      if (names.includes(name))
        await direct.query(
          `CREATE RETENTION POLICY "${name}" ON "${database}" DURATION ${duration} REPLICATION 1`,
          'POST',
        );
  }

  const open = (database: string, log: (message: string) => void = () => undefined) =>
    new InfluxStore({ url: later.url, database, ...login, log });

  it('writes, rolls up and reads in what an administrator has made', async () => {
    await make('made');
    const store = open('made');
    await store.check();
    const start = Math.floor(Date.now() / hour) * hour - 4 * hour;
    const ports = ['1/1/1', 'Tür, "links" = 1', 'back\\slash', ''];
    const readings = Array.from({ length: 120 }, (_, i) =>
      ports.map((entity, k): Reading => {
        const values = { rx: i + k + 0.1, ...(i < 60 ? { tx: i } : {}) };
        return { deviceId: 7, kind: 'port', entity, time: start + i * 60_000, values };
      }),
    ).flat();
    await writeReadings(store, readings);
    const ask = (entity: string, points: number) =>
      store.query({
        deviceId: 7,
        kind: 'port',
        entity,
        metrics: ['rx', 'tx', 'txErrors'],
        from: start,
        to: start + 3 * hour - 1,
        points,
      });
    for (const [k, entity] of ports.entries()) {
      const before = [await ask(entity, 40), await ask(entity, 3)];
      await store.settle(Date.now());
      expect([await ask(entity, 40), await ask(entity, 3)]).toEqual(before);
      const [, hours] = before;
      expect(hours?.columns[0]?.max).toEqual([59 + k + 0.1, 119 + k + 0.1, null]);
      expect(hours?.columns[1]?.mean).toEqual([29.5, null, null]);
      expect(hours?.columns[2]?.mean).toEqual([null, null, null]);
    }
    expect(await latestReadings(store)).toHaveLength(ports.length);
    await store.close();
    expect(later.refused).toEqual([]);
    expect(later.passed).toContain('/write');
  }, 30_000);

  it('keeps roll-ups that are read back from the policies, not made up from readings', async () => {
    await make('kept');
    const store = open('kept');
    const start = Math.floor(Date.now() / hour) * hour - 4 * hour;
    await writeReadings(store, [
      { deviceId: 1, kind: 'fan', entity: '', time: start + 1, values: { speed: 4200 } },
    ]);
    await store.settle(Date.now());
    const direct = new InfluxClient({ url: server.url, database: 'kept', schema: [] });
    for (const name of ['rackhaus_5m', 'rackhaus_1h']) {
      const [series] = await direct.query(`SELECT * FROM "kept"."${name}"."fan"`);
      expect(series?.columns).toEqual(['time', 'd', 'max_speed', 'min_speed', 'n_speed', 'sum_speed']);
      expect(series?.values).toEqual([[start, '1', 4200, 4200, 1, 4200]]);
    }
    await store.close();
  });

  it('says what is missing, and goes on once an administrator has made it', async () => {
    const log = vi.fn<(message: string) => void>();
    const store = open('missing', log);
    const reading: Reading = {
      deviceId: 1,
      kind: 'fan',
      entity: '',
      time: Date.now(),
      values: { speed: 1 },
    };
    const refused = await writeReadings(store, [reading]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(StoreUnavailable);
    // 2.x OSS answers an empty list for a database that it has no mapping of, others that there is none.
    expect(String(refused)).toMatch(
      refusal === 'in-reply'
        ? /not implemented: CREATE RETENTION POLICY.* make the retention policies (.*) in the database missing/
        : /not implemented: CREATE DATABASE.* make the database missing with the retention policies (.*),/,
    );
    expect(String(refused)).toContain('rackhaus_raw (720h), rackhaus_5m (17544h), and rackhaus_1h (17544h)');
    store.start();
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith(expect.stringContaining('has to make')));

    await make('missing', ['rackhaus_raw', 'rackhaus_5m']);
    await expect(writeReadings(store, [reading])).rejects.toThrow(
      'make the retention policies rackhaus_1h (17544h) in the database missing',
    );
    await make('missing', ['rackhaus_1h']);
    await writeReadings(store, [reading]);
    expect(await latestReadings(store)).toEqual([reading]);
    await store.close();
  });

  it('names user and password when they are wrong', async () => {
    const store = new InfluxStore({
      url: later.url,
      database: 'made',
      user: 'rackhaus',
      password: 'other',
      log: () => undefined,
    });
    const checked = store.check();
    await expect(checked).rejects.toThrow(StoreUnavailable);
    await expect(checked).rejects.toThrow(/check user and password/);
    await store.close();
  });
});
