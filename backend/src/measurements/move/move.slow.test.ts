import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbeddedStore } from '../embedded/store.ts';
import { InfluxStore } from '../influx/store.ts';
import { haveInfluxd, startInflux } from '../influx/testing.ts';
import { type MeasurementStore, type Series, StoreUnavailable } from '../store.ts';
import { writeReadings } from '../testing.ts';
import { VictoriaStore } from '../victoria/store.ts';
import { haveVictoria, showVictoria, startVictoria } from '../victoria/testing.ts';
import { move } from './move.ts';
import type { Position } from './plan.ts';
import { meanTolerance } from './thin.ts';
import { verify } from './verify.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Math.floor(Date.now() / hour) * hour;
const since = now - 400 * day;

interface Place {
  readonly store: MeasurementStore;
  settle(): Promise<void>;
  close(): Promise<void>;
}

async function embedded(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'rackhaus-move-'));
  const store = new EmbeddedStore({ file: join(folder, 'samples.sqlite'), log: () => undefined });
  await store.start();
  return {
    store,
    settle: () => store.tidy(Date.now()),
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function influx(): Promise<Place> {
  const server = await startInflux();
  const store = new InfluxStore({ url: server.url, database: 'test', log: () => undefined });
  return {
    store,
    settle: () => store.settle(Date.now()),
    close: async () => {
      await store.close();
      await server.close();
    },
  };
}

async function victoria(): Promise<Place> {
  const server = await startVictoria();
  const store = new VictoriaStore({ url: server.url, log: () => undefined });
  return {
    store,
    settle: () => showVictoria(server.url),
    close: async () => {
      await store.close();
      await server.close();
    },
  };
}

const places = { embedded, influx, victoria } as const;
const here = { embedded: true, influx: haveInfluxd(), victoria: haveVictoria() };
type Name = keyof typeof places;

/** Three days of now, and four of 80 days ago: every 30 seconds to 5 minutes, with a gap, spikes and fractions. */
function history(deviceId: number): Reading[] {
  const readings: Reading[] = [];
  const add = (kind: Reading['kind'], entity: string, time: number, values: Record<string, number>) =>
    readings.push({ deviceId, kind, entity, time, values });
  for (const start of [now - 80 * day, now - 3 * day])
    for (let time = start; time < start + 2 * day; time += 2 * minute) {
      const i = Math.round((time - start) / minute);
      if (i > 600 && i < 700) continue;
      add('port', '1/1/1', time + (i % 7) * 1000, { rx: i % 97 === 0 ? 1e9 : 1000 + (i % 13), tx: i % 5 });
      if (i % 10 === 0) add('sensor', 'Schrank "A" \\ 1', time, { temperature: 20 + (i % 31) / 10 });
    }
  return readings;
}

const hours80DaysAgo = { from: now - 80 * day, to: now - 80 * day + 6 * hour, points: 400 };
const requests = [
  { from: now - 3 * day, to: now - 3 * day + 6 * hour, points: 400 },
  hours80DaysAgo,
  { from: now - 7 * day, to: now, points: 400 },
  { from: now - 84 * day, to: now - 77 * day, points: 400 },
  { from: now - 365 * day, to: now, points: 400 },
];

async function charts(store: MeasurementStore, asked = requests): Promise<Series[]> {
  const answers: Series[] = [];
  for (const request of asked)
    for (const [kind, entity, metrics] of [
      ['port', '1/1/1', ['rx', 'tx']],
      ['sensor', 'Schrank "A" \\ 1', ['temperature']],
    ] as const)
      for (const deviceId of [1, 2])
        answers.push(await store.query({ deviceId, kind, entity, metrics, ...request }));
  return answers;
}

/**
 * Sums come in another order from another store: the last digit of a mean may differ. With `thinned`, means of buckets of more
 * than 5 minutes may be off by the width of a line.
 */
function expectSame(found: readonly Series[], expected: readonly Series[], thinned = false): void {
  expect(found.map(({ start, step }) => ({ start, step }))).toEqual(
    expected.map(({ start, step }) => ({ start, step })),
  );
  for (const [i, series] of expected.entries())
    for (const [c, column] of series.columns.entries()) {
      const other = found[i]?.columns[c];
      expect(other?.min).toEqual(column.min);
      expect(other?.max).toEqual(column.max);
      for (const [k, mean] of column.mean.entries()) {
        const line =
          thinned && series.step > 5 * minute
            ? meanTolerance * ((column.max[k] ?? 0) - (column.min[k] ?? 0))
            : 0;
        if (mean === null) expect(other?.mean[k] ?? null).toBe(null);
        else
          expect(Math.abs((other?.mean[k] ?? Number.NaN) - mean)).toBeLessThanOrEqual(
            line + 1e-9 * Math.abs(mean),
          );
      }
    }
}

const pairs: [Name, Name][] = [
  ['embedded', 'influx'],
  ['embedded', 'victoria'],
  ['influx', 'embedded'],
  ['influx', 'victoria'],
  ['victoria', 'embedded'],
  ['victoria', 'influx'],
];

for (const [a, b] of pairs)
  describe.skipIf(!here[a] || !here[b])(`history moved from ${a} to ${b}`, () => {
    let source: Place;
    let target: Place;
    beforeAll(async () => {
      source = await places[a]();
      target = await places[b]();
    });
    afterAll(async () => {
      await source?.close();
      await target?.close();
    });

    it('gives the same charts, also when it is moved again', async () => {
      await writeReadings(source.store, [...history(1), ...history(2)]);
      await source.settle();
      // VictoriaMetrics keeps readings for years; elsewhere what is that old is kept as 5 minutes.
      const asked = a === 'victoria' ? requests.filter((request) => request !== hours80DaysAgo) : requests;
      const expected = await charts(source.store, asked);
      const stores = { from: source.store, to: target.store, since, until: now };
      let shares: number[] = [];
      const values = await move({ ...stores, onStored: (_, { share }) => void shares.push(share) });
      await target.settle();
      expect(values).toBeGreaterThan(8000);
      expect(shares.at(-1)).toBe(1);
      expectSame(await charts(target.store, asked), expected, b === 'victoria');
      expect(await verify(stores)).toEqual({ entities: 4, values, wrong: [] });

      shares = [];
      await move(stores);
      await target.settle();
      expectSame(await charts(target.store, asked), expected, b === 'victoria');
      expect(await verify(stores)).toEqual({ entities: 4, values, wrong: [] });
    });
  });

describe('a move', () => {
  it('goes on where it was interrupted, and waits for a store that is away', async () => {
    const source = await embedded();
    const target = await embedded();
    await writeReadings(source.store, [...history(1), ...history(2), ...history(3)]);
    await source.settle();
    const stores = { from: source.store, to: target.store, since, until: now };
    const stop = new AbortController();
    stop.abort();
    let reached: Position | undefined;
    const onStored = (position: Position) => {
      reached = position;
    };
    await move({ ...stores, signal: stop.signal, onStored });
    expect(reached?.entity).toContain('/port/');

    const waits: number[] = [];
    let failures = 2;
    const flaky: MeasurementStore = {
      entities: target.store.entities,
      write: (batch) =>
        failures-- > 0 ? Promise.reject(new StoreUnavailable('away')) : target.store.write(batch),
      latest: () => target.store.latest(),
      query: (request) => target.store.query(request),
      listEntities: () => target.store.listEntities(),
      kept: (entity, from, to) => target.store.kept(entity, from, to),
      check: () => target.store.check(),
      close: () => target.store.close(),
    };
    const wait = async (ms: number) => void waits.push(ms);
    await move({ ...stores, to: flaky, wait, ...(reached ? { reached } : {}) });
    expect(waits).toEqual([1000, 2000]);
    await target.settle();
    expect((await verify(stores)).wrong).toEqual([]);
    await source.close();
    await target.close();
  });

  it('says what the target lacks', async () => {
    const source = await embedded();
    const target = await embedded();
    await writeReadings(source.store, history(1));
    const { wrong } = await verify({
      from: source.store,
      to: target.store,
      since,
      until: now,
      wait: async () => undefined,
    });
    expect(wrong[0]).toMatch(/device 1, port "1\/1\/1": rx at 20.*: none of \d+ values is there/);
    await source.close();
    await target.close();
  });
});
