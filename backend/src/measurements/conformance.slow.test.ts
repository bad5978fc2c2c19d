import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@rackhaus/config/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbeddedStore } from './embedded/store.ts';
import { InfluxStore } from './influx/store.ts';
import { haveInfluxd, startInflux } from './influx/testing.ts';
import type { MeasurementStore, Series } from './store.ts';
import { latestReadings, writeReadings } from './testing.ts';
import { VictoriaStore } from './victoria/store.ts';
import { haveVictoria, showVictoria, startVictoria } from './victoria/testing.ts';

// Real servers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const influxIsHere = haveInfluxd();
if (!influxIsHere)
  console.warn('influxd is not installed (Debian package influxdb): the InfluxDB store is NOT tested here.');
const victoriaIsHere = haveVictoria();
if (!victoriaIsHere)
  console.warn('victoria-metrics is not installed: the VictoriaMetrics store is NOT tested here.');

interface Subject {
  readonly store: MeasurementStore;
  /** Makes visible at once what was written, where the store takes a second or two. */
  show?(): Promise<void>;
  /** Packs and rolls up what is due, as the store does by itself in time. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const implementations: { name: string; open: (() => Promise<Subject>) | undefined }[] = [
  {
    name: 'embedded',
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'rackhaus-samples-'));
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
    },
  },
  {
    name: 'influx',
    open: influxIsHere
      ? async () => {
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
      : undefined,
  },
  {
    name: 'victoria',
    open: victoriaIsHere
      ? async () => {
          const server = await startVictoria();
          const store = new VictoriaStore({ url: server.url, log: () => undefined });
          return {
            store,
            show: () => showVictoria(server.url),
            settle: async () => undefined,
            close: async () => {
              await store.close();
              await server.close();
            },
          };
        }
      : undefined,
  },
];

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** An hour sharp, four hours ago: old enough to be packed when the store settles. */
const base = Math.floor(Date.now() / hour) * hour - 4 * hour;

const port = (deviceId: number, time: number, values: Record<string, number>, entity = '1/1/1'): Reading => ({
  deviceId,
  kind: 'port',
  entity,
  time,
  values,
});

let device = 100;

for (const { name, open } of implementations) {
  describe.skipIf(!open)(`measurement store: ${name}`, () => {
    let subject: Subject;
    let store: MeasurementStore;
    beforeAll(async () => {
      if (!open) return;
      subject = await open();
      store = subject.store;
    }, 30_000);
    afterAll(() => subject?.close());

    async function write(readings: readonly Reading[]): Promise<void> {
      await writeReadings(store, readings);
      await subject.show?.();
    }

    /** Asks before and after the store has tidied up: the answers must be the same. */
    async function ask(
      deviceId: number,
      from: number,
      to: number,
      points: number,
      metrics = ['rx'],
      entity = '1/1/1',
    ): Promise<Series> {
      const request = { deviceId, kind: 'port', entity, metrics, from, to, points } as const;
      const before = await store.query(request);
      await subject.settle();
      const after = await store.query(request);
      expect(after).toEqual(before);
      return after;
    }

    it('is ready', async () => {
      await store.check();
    });

    it('gives back what was written, gaps as gaps', async () => {
      const id = device++;
      const readings = [0, 1, 2, 3, 4, 8, 9, 10].map((i) =>
        port(id, base + i * minute, { rx: i * 100, tx: 7 }),
      );
      await write(readings);
      const series = await ask(id, base, base + 11 * minute, 12, ['rx', 'tx']);
      expect(series).toMatchObject({ start: base, step: minute });
      const rx = [0, 100, 200, 300, 400, null, null, null, 800, 900, 1000, null];
      expect(series.columns[0]).toEqual({ metric: 'rx', mean: rx, min: rx, max: rx });
      expect(series.columns[1]?.mean).toEqual(rx.map((v) => (v === null ? null : 7)));
    });

    it('aligns buckets to multiples of the step and keeps spikes in max', async () => {
      const id = device++;
      const readings = Array.from({ length: 180 }, (_, i) =>
        port(id, base + i * 20_000 + 137, { rx: i === 77 ? 1e9 : 1000 + (i % 3) }),
      );
      await write(readings);
      const series = await ask(id, base + 90_000, base + 59 * minute, 13);
      expect(series.step).toBe(5 * minute);
      expect(series.start).toBe(base);
      expect(series.columns[0]?.mean).toHaveLength(12);
      expect(series.columns[0]?.max[5]).toBe(1e9);
      expect(series.columns[0]?.min[5]).toBe(1000);
      expect(series.columns[0]?.mean[4]).toBeCloseTo(1001, 9);
      expect(series.columns[0]?.mean[5]).toBeCloseTo((1e9 + 14 * 1001) / 15, -1);
    });

    it('takes late, repeated and unordered readings as if they had come in time', async () => {
      const id = device++;
      const all = Array.from({ length: 120 }, (_, i) => port(id, base + i * 30_000, { rx: (i * 37) % 91 }));
      await write(all.filter((_, i) => i % 3 !== 1).toReversed());
      await subject.settle();
      await write(all.filter((_, i) => i % 3 === 1));
      await write(all.slice(20, 60));
      await subject.settle();
      await write(all.slice(0, 5));
      const series = await ask(id, base, base + hour - 1, 20);
      expect(series.step).toBe(5 * minute);
      for (let bucket = 0; bucket < 12; bucket++) {
        const values = all.slice(bucket * 10, bucket * 10 + 10).map((r) => r.values.rx ?? 0);
        expect(series.columns[0]?.mean[bucket]).toBeCloseTo(values.reduce((a, b) => a + b) / 10, 9);
        expect(series.columns[0]?.min[bucket]).toBe(Math.min(...values));
        expect(series.columns[0]?.max[bucket]).toBe(Math.max(...values));
      }
    });

    it('joins values of the same entity and time', async () => {
      const id = device++;
      await write([port(id, base, { rx: 5 })]);
      await write([port(id, base, { tx: 6 })]);
      const series = await ask(id, base, base + minute, 100, ['rx', 'tx']);
      expect(series.columns.map((c) => c.mean.filter((v) => v !== null))).toEqual([[5], [6]]);
    });

    it('rolls up over days', async () => {
      const id = device++;
      const start = Math.floor((base - 3 * day) / day) * day;
      const readings = Array.from({ length: 3 * 24 * 12 }, (_, i) =>
        port(id, start + i * 5 * minute, { rx: i % 12 }),
      );
      await write(readings);
      const series = await ask(id, start, start + 3 * day - 1, 72);
      expect(series.step).toBe(hour);
      expect(series.columns[0]?.mean).toEqual(new Array(72).fill(5.5));
      expect(series.columns[0]?.min).toEqual(new Array(72).fill(0));
      expect(series.columns[0]?.max).toEqual(new Array(72).fill(11));
    });

    it('never chooses a step finer than the readings', async () => {
      const id = device++;
      // Once a minute, a moment late each time, so that now and then a minute has none.
      await write(Array.from({ length: 30 }, (_, i) => port(id, base + i * 61_500, { rx: 10 })));
      const series = await ask(id, base, base + 30 * minute, 2000);
      expect(series.step).toBeGreaterThanOrEqual(minute);
      expect(series.columns[0]?.mean.slice(0, 29)).not.toContain(null);
    });

    it('shows what was read more seldom for a while without gaps, but keeps outages', async () => {
      const id = device++;
      const seldom = Array.from({ length: 20 }, (_, i) => base + i * minute);
      const often = Array.from({ length: 300 }, (_, i) => base + 20 * minute + i * 2000);
      const afterOutage = often.map((time) => time + 15 * minute);
      await write([...seldom, ...often, ...afterOutage].map((time) => port(id, time, { rx: 1 })));
      const { columns, step } = await ask(id, base, base + 45 * minute - 1, 300);
      expect(step).toBe(10_000);
      const mean = columns[0]?.mean ?? [];
      const at = (minutes: number) => mean.slice(minutes * 6, minutes * 6 + 6);
      for (const minutes of [0, 10, 18, 25]) expect(at(minutes)).not.toContain(null);
      for (const minutes of [31, 34]) expect(at(minutes)).toEqual(new Array(6).fill(null));
    });

    it('answers for what it does not know with gaps', async () => {
      const series = await ask(999_999, base, base + hour, 60);
      expect(series.columns[0]?.mean.every((v) => v === null)).toBe(true);
      expect(series.columns[0]?.mean.length).toBeGreaterThan(10);
      const id = device++;
      await write([port(id, base, { rx: 1 })]);
      const other = await ask(id, base, base + hour, 60, ['txErrors']);
      expect(other.columns[0]?.max.every((v) => v === null)).toBe(true);
    });

    it('keeps names with spaces, commas, quotes and umlauts apart', async () => {
      const id = device++;
      const names = ['Tür, "links" = 1', "Tür, 'links' = 2", 'back\\slash', '', '💧 Wasser'];
      await write(names.map((entity, i) => port(id, base, { rx: i }, entity)));
      for (const [i, entity] of names.entries()) {
        const series = await ask(id, base, base + minute, 10, ['rx'], entity);
        expect(series.columns[0]?.mean.find((v) => v !== null)).toBe(i);
      }
    });

    it('keeps the exact value of small and large, negative and fractional numbers', async () => {
      const id = device++;
      await write([
        {
          deviceId: id,
          kind: 'sensor',
          entity: 'a',
          time: base,
          values: { temperature: -12.3, power: -0.05 },
        },
        {
          deviceId: id,
          kind: 'storage',
          entity: '/',
          time: base,
          values: { used: 123_456_789_012_000, fill: 0.931 },
        },
      ]);
      const value = async (kind: 'sensor' | 'storage', entity: string, metric: string) => {
        const request = {
          deviceId: id,
          kind,
          entity,
          metrics: [metric],
          from: base,
          to: base + minute,
          points: 10,
        };
        return (await store.query(request)).columns[0]?.mean.find((v) => v !== null);
      };
      expect(await value('sensor', 'a', 'temperature')).toBe(-12.3);
      expect(await value('sensor', 'a', 'power')).toBe(-0.05);
      expect(await value('storage', '/', 'used')).toBe(123_456_789_012_000);
      expect(await value('storage', '/', 'fill')).toBe(0.931);
    });

    it('knows the newest reading of thousands of entities', async () => {
      const first = 10_000;
      const readings: Reading[] = [];
      for (let i = 0; i < 3000; i++) {
        readings.push(port(first + (i % 60), base + 2 * minute, { rx: i, oper: 1 }, `p${i}`));
        readings.push(port(first + (i % 60), base + minute, { rx: 1 }, `p${i}`));
      }
      await write(readings);
      const check = async () => {
        const latest = (await latestReadings(store)).filter(
          (r) => r.deviceId >= first && r.deviceId < first + 60,
        );
        expect(latest).toHaveLength(3000);
        const one = latest.find((r) => r.entity === 'p2345');
        expect(one).toEqual(port(first + (2345 % 60), base + 2 * minute, { rx: 2345, oper: 1 }, 'p2345'));
      };
      await check();
      await subject.settle();
      await check();
      // One that comes late does not become the newest.
      await write([port(first + 5, base, { rx: 99 }, 'p5')]);
      await check();
    }, 30_000);

    it('accepts nothing to write', async () => {
      await write([]);
    });

    it('keeps names apart that would be part of a query or of a line', async () => {
      const id = device++;
      const names = [
        `a' OR 'x'='x`,
        'a"} or {x="',
        '$__name__ {{e}} $x',
        '.*',
        'a|b',
        '[a-z]+(?i)^$',
        'end\\',
        'end\\\\',
        'a\nb',
        'a\r\nb',
        'a\tb',
        '\\n',
        ' ',
        ' a ',
        '#comment',
        '/* c */ -- ;DROP DATABASE test',
        'ü😀ﬀ\u0010',
        'x'.repeat(255),
        'x'.repeat(254),
      ];
      await write(names.map((entity, i) => port(id, base + minute, { rx: i }, entity)));
      const check = async () => {
        for (const [i, entity] of names.entries()) {
          const series = await ask(id, base, base + 3 * minute, 10, ['rx'], entity);
          expect(
            series.columns[0]?.mean.filter((v) => v !== null),
            entity,
          ).toEqual([i]);
          const kept = await store.kept({ deviceId: id, kind: 'port', entity }, base, base + hour);
          expect(kept).toEqual({
            metrics: ['rx'],
            rows: [{ time: base + minute, resolution: 'raw', n: [1], sum: [i], min: [i], max: [i] }],
          });
        }
        const listed = (await store.listEntities()).filter(({ deviceId }) => deviceId === id);
        expect(listed.map(({ entity }) => entity).toSorted()).toEqual(names.toSorted());
        const latest = (await latestReadings(store)).filter(({ deviceId }) => deviceId === id);
        expect(latest.map(({ entity }) => entity).toSorted()).toEqual(names.toSorted());
      };
      await check();
    }, 60_000);

    it('says what it keeps, as readings while they are there', async () => {
      const id = device++;
      const key = { deviceId: id, kind: 'port', entity: '1/1/1' } as const;
      expect((await store.listEntities()).some(({ deviceId }) => deviceId === id)).toBe(false);
      expect(await store.kept(key, base, base + hour)).toEqual({ metrics: [], rows: [] });
      await write([
        port(id, base + hour, { tx: 1 }),
        port(id, base, { rx: 5 }),
        port(id, base + 7, { tx: 2 }),
      ]);
      for (let i = 0; i < 2; i++) {
        const { metrics, rows } = await store.kept(key, base, base + hour);
        const value = (row: (typeof rows)[number] | undefined, metric: string) => {
          const m = metrics.indexOf(metric);
          return row?.n[m] === 1 ? row.sum[m] : undefined;
        };
        expect(metrics.toSorted()).toEqual(['rx', 'tx']);
        expect(rows.map(({ time, resolution }) => [time, resolution])).toEqual([
          [base, 'raw'],
          [base + 7, 'raw'],
        ]);
        expect([value(rows[0], 'rx'), value(rows[0], 'tx')]).toEqual([5, undefined]);
        expect([value(rows[1], 'rx'), value(rows[1], 'tx')]).toEqual([undefined, 2]);
        expect(await store.listEntities()).toContainEqual(key);
        await subject.settle();
      }
    });

    it('counts once what comes twice, in one batch or in several', async () => {
      const id = device++;
      const one = port(id, base + minute, { rx: 10, tx: 1 });
      const other = port(id, base + 2 * minute, { rx: 40 });
      await write([one, other, one, one]);
      await write([one]);
      await subject.settle();
      await write([other, one]);
      const { columns } = await ask(id, base, base + 5 * minute - 1, 1, ['rx', 'tx']);
      expect(columns.map(({ mean }) => mean)).toEqual([[25], [1]]);
      const { rows } = await store.kept({ deviceId: id, kind: 'port', entity: '1/1/1' }, base, base + hour);
      expect(rows).toHaveLength(2);
    });

    it('survives what is no number, and keeps what came with it', async () => {
      const id = device++;
      const bad = { rx: Number.NaN, tx: Number.POSITIVE_INFINITY };
      await write([
        port(id, base, bad),
        port(id, base + minute, { ...bad, rxErrors: 3, txErrors: Number.NEGATIVE_INFINITY }),
        port(id, base + 2 * minute, { rx: 7 }),
      ]);
      const metrics = ['rx', 'tx', 'rxErrors', 'txErrors'];
      const { columns } = await ask(id, base, base + 3 * minute - 1, 3, metrics);
      expect(columns.map(({ mean }) => mean.filter((v) => v !== null))).toEqual([[7], [], [3], []]);
    });

    it('keeps huge and tiny values', async () => {
      const id = device++;
      const used = [2 ** 52, 1e15, 999_999_999_999_000, 1000];
      for (const [i, value] of used.entries())
        await write([
          { deviceId: id, kind: 'storage', entity: String(i), time: base, values: { used: value } },
        ]);
      const fine = [0.001, 0.999];
      for (const [i, value] of fine.entries())
        await write([
          { deviceId: id, kind: 'storage', entity: `f${i}`, time: base, values: { fill: value } },
        ]);
      const value = async (entity: string, metric: string) => {
        const request = { deviceId: id, kind: 'storage', entity, metrics: [metric] } as const;
        const series = await store.query({ ...request, from: base, to: base + minute, points: 10 });
        return series.columns[0]?.mean.find((v) => v !== null);
      };
      for (const [i, expected] of used.entries()) {
        const found = (await value(String(i), 'used')) ?? Number.NaN;
        // The catalogue keeps it in thousands.
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(500);
      }
      for (const [i, expected] of fine.entries()) expect(await value(`f${i}`, 'fill')).toBe(expected);
    });

    it('takes a hundred thousand values at once', async () => {
      const id = device++;
      const readings: Reading[] = [];
      for (let p = 0; p < 100; p++)
        for (let i = 0; i < 250; i++)
          readings.push(port(id, base + i * 10_000, { rx: i + p, tx: 2 * i, rxErrors: 0, oper: 1 }, `p${p}`));
      await write(readings);
      const { columns } = await ask(id, base, base + 250 * 10_000 - 1, 2000, ['rx', 'oper'], 'p77');
      const rx = columns[0]?.mean.filter((v) => v !== null) ?? [];
      expect(rx).toEqual(Array.from({ length: 250 }, (_, i) => i + 77));
    }, 60_000);

    it('answers while it is written to', async () => {
      const id = device++;
      const batches = Array.from({ length: 12 }, (_, b) =>
        Array.from({ length: 200 }, (_, i) => port(id, base + (b * 200 + i) * 1000, { rx: b }, `p${i % 4}`)),
      );
      const request = { deviceId: id, kind: 'port', entity: 'p1', metrics: ['rx'] } as const;
      const asking = batches.map(async () => {
        for (let i = 0; i < 5; i++)
          await store.query({ ...request, from: base, to: base + 3000 * 1000, points: 100 });
      });
      await Promise.all([...batches.map((batch) => writeReadings(store, batch)), ...asking]);
      await subject.show?.();
      const { rows } = await store.kept({ deviceId: id, kind: 'port', entity: 'p1' }, base, base + hour);
      expect(rows).toHaveLength(600);
    }, 60_000);
  });
}
