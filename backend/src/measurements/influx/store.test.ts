import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../store.ts';
import { latestReadings, writeReadings } from '../testing.ts';
import { identifier, stringLiteral } from './client.ts';
import { InfluxStore } from './store.ts';
import { haveInfluxd, startInflux, type TestInflux } from './testing.ts';

const here = haveInfluxd();
if (!here)
  console.warn('influxd is not installed (Debian package influxdb): its outages are NOT tested here.');

describe.skipIf(!here)('influx store', () => {
  let server: TestInflux;
  beforeAll(async () => {
    server = await startInflux();
  }, 30_000);
  afterAll(() => server?.close());

  it('says when the server is away, and is there again with it, at once', async () => {
    const store = new InfluxStore({ url: server.url, database: 'outage', log: () => undefined });
    const time = Date.now();
    const write = (rx: number) =>
      writeReadings(store, [{ deviceId: 1, kind: 'port', entity: '1', time: time + rx, values: { rx } }]);
    await write(1);
    await server.restart(async () => {
      for (let i = 0; i < 5; i++) await expect(write(2)).rejects.toThrow(StoreUnavailable);
      await expect(store.check()).rejects.toThrow(StoreUnavailable);
    });
    await write(3);
    expect((await latestReadings(store))[0]?.values).toEqual({ rx: 3 });
    await store.close();
  }, 30_000);

  it('rolls up after a restart what was noted before it', async () => {
    const hour = 3_600_000;
    const start = Math.floor(Date.now() / hour) * hour - 5 * hour;
    const settings = { url: server.url, database: 'restart', log: () => undefined };
    const first = new InfluxStore(settings);
    await writeReadings(
      first,
      Array.from({ length: 60 }, (_, i) => ({
        deviceId: 1,
        kind: 'port' as const,
        entity: '',
        time: start + i * 60_000,
        values: { rx: i },
      })),
    );
    await first.close();
    const second = new InfluxStore(settings);
    const ask = () =>
      second.query({
        deviceId: 1,
        kind: 'port',
        entity: '',
        metrics: ['rx'],
        from: start,
        to: start + 3 * hour,
        points: 10,
      });
    const before = await ask();
    expect(before.columns[0]?.mean.slice(0, 2)).toEqual([14.5, 44.5]);
    await second.settle(Date.now());
    expect(await ask()).toEqual(before);
    await second.close();
  });

  it('starts without the server', async () => {
    const store = new InfluxStore({ url: 'http://127.0.0.1:9', database: 'x', log: () => undefined });
    store.start();
    await expect(latestReadings(store)).rejects.toThrow(StoreUnavailable);
    await store.close();
  });
});

it('writes names so that they cannot become part of a query', () => {
  expect(stringLiteral("a' OR 'x'='x")).toBe("'a\\' OR \\'x\\'=\\'x'");
  expect(stringLiteral('end\\')).toBe("'end\\\\'");
  expect(identifier('a"; DROP DATABASE "b')).toBe('"a\\"; DROP DATABASE \\"b"');
});
