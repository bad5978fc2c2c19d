import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { columnsOfRows } from '../buckets.ts';
import { EmbeddedStore } from '../embedded/store.ts';
import { InfluxStore } from '../influx/store.ts';
import { haveInfluxd, startInflux } from '../influx/testing.ts';
import { keptColumnsOf } from '../kept.ts';
import { fiveMinutes, oneHour } from '../steps.ts';
import type { MeasurementStore, Rollups } from '../store.ts';
import { writeReadings } from '../testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const entity = { deviceId: 3, kind: 'port', entity: 'Tür, "1" \\' } as const;
const start = Math.floor(Date.now() / oneHour) * oneHour - 60 * 24 * oneHour;

const bucket = (time: number, n: number, sum: number) => ({
  time,
  n: [n, 0],
  sum: [sum, 0],
  min: [1, 0],
  max: [9, 0],
});
const rollups: Rollups[] = [
  {
    entity,
    resolution: 'five-minutes',
    metrics: ['rx', 'tx'],
    rows: columnsOfRows(2, [bucket(start, 4, 20), bucket(start + fiveMinutes, 3, 13)]),
  },
  { entity, resolution: 'hour', metrics: ['rx', 'tx'], rows: columnsOfRows(2, [bucket(start, 7, 33)]) },
  {
    entity,
    resolution: 'hour',
    metrics: ['rx'],
    rows: columnsOfRows(1, [{ time: start + 2 * oneHour, n: [60], sum: [300], min: [2], max: [8] }]),
  },
];

function settle(store: MeasurementStore): Promise<void> | undefined {
  return store instanceof EmbeddedStore ? store.tidy(Date.now()) : store.settle?.(Date.now());
}

async function holds(store: MeasurementStore, reopen: () => Promise<MeasurementStore>): Promise<void> {
  // Of its own, before: they stay.
  await writeReadings(store, [{ ...entity, time: start + fiveMinutes + 5, values: { rx: 5, tx: 7 } }]);
  await settle(store);
  for (let i = 0; i < 2; i++) await store.putRollups?.(rollups);
  const again = await reopen();
  expect(await again.listEntities()).toEqual([entity]);
  const kept = await keptColumnsOf(again, entity, start, start + 3 * oneHour);
  expect(kept.metrics).toEqual(['rx', 'tx']);
  expect([...kept.fiveMinutes.times]).toEqual([start, start + fiveMinutes]);
  expect(kept.fiveMinutes.n[0]).toEqual(Float64Array.of(4, 1));
  expect(kept.fiveMinutes.sum[0]).toEqual(Float64Array.of(20, 5));
  expect(kept.fiveMinutes.max[1]?.[1]).toBe(7);
  expect([...kept.hours.times]).toEqual([start + 2 * oneHour]);
  expect(kept.hours.sum[0]).toEqual(Float64Array.of(300));
  const request = { ...entity, metrics: ['rx'], from: start, to: start + 3 * oneHour - 1, points: 3 };
  expect((await again.query(request)).columns[0]?.mean).toEqual([5, null, 5]);
  await again.close();
}

describe('roll-ups from elsewhere fill holes, once, and are there after a restart', () => {
  it('embedded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rackhaus-rollups-'));
    const open = async () => {
      const store = new EmbeddedStore({ file: join(folder, 'samples.sqlite'), log: () => undefined });
      await store.start();
      return store;
    };
    const store = await open();
    // Of now, so that the rest is of long ago.
    await writeReadings(store, [{ ...entity, time: Date.now(), values: { rx: 1 } }]);
    await store.tidy(Date.now());
    await holds(store, async () => {
      await store.tidy(Date.now());
      await store.close();
      return await open();
    });
    await rm(folder, { recursive: true });
  });

  it.skipIf(!haveInfluxd())('influx', async () => {
    const server = await startInflux();
    const open = () => new InfluxStore({ url: server.url, database: 'test', log: () => undefined });
    const store = open();
    await holds(store, async () => {
      await store.close();
      return open();
    });
    await server.close();
  });
});
