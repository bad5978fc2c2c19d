import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import type { Reading } from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seriesOf } from '../buckets.ts';
import { batchOf, EntityNumbers } from '../reading-batch.ts';
import { StoreUnavailable } from '../store.ts';
import { latestReadings, writeReadings } from '../testing.ts';
import { isDamage, openSamples } from './database.ts';
import { Samples } from './samples.ts';
import { EmbeddedStore } from './store.ts';

// Real servers on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let folder: string;
let file: string;
const logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-samples-'));
  file = join(folder, 'samples.db');
  logged.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

async function open(): Promise<EmbeddedStore> {
  const store = new EmbeddedStore({ file, log: (message) => logged.push(message) });
  await store.start();
  return store;
}

const hour = 3_600_000;
const day = 24 * hour;
const reading = (time: number, rx: number, entity = '1'): Reading => ({
  deviceId: 1,
  kind: 'port',
  entity,
  time,
  values: { rx },
});

describe('embedded store', () => {
  it('keeps its files from others, also one that others could read before', async () => {
    await writeFile(file, '', { mode: 0o644 });
    const store = await open();
    await writeReadings(store, [reading(Date.now(), 1)]);
    for (const suffix of ['', '-wal', '-shm']) expect((await stat(file + suffix)).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('has kept what it acknowledged when the process is killed', async () => {
    const writer = `
      import { EmbeddedStore } from ${JSON.stringify(join(import.meta.dirname, 'store.ts'))};
      import { writeReadings } from ${JSON.stringify(join(import.meta.dirname, '..', 'testing.ts'))};
      const store = new EmbeddedStore({ file: ${JSON.stringify(file)}, log: () => undefined });
      await store.start();
      for (let i = 1; ; i++) {
        await writeReadings(store, [{ deviceId: 1, kind: 'port', entity: '1', time: Date.now() + i, values: { rx: i } }]);
        process.stdout.write(i + '\\n');
      }`;
    const script = join(folder, 'writer.mjs');
    await writeFile(script, writer);
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = 0;
    await new Promise<void>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const lines = text.split('\n');
        acknowledged = Number(lines.at(-2));
        if (acknowledged > 200) resolve();
      });
    });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const store = await open();
    const [latest] = await latestReadings(store);
    expect(latest?.values.rx).toBeGreaterThanOrEqual(acknowledged);
    await store.close();
  });

  it.each([
    ['is no database', (path: string) => writeFile(path, 'x'.repeat(10_000))],
    [
      'has lost its middle',
      async (path: string) => {
        const store = new EmbeddedStore({ file: path, log: () => undefined });
        await store.start();
        await writeReadings(
          store,
          Array.from({ length: 2000 }, (_, i) => reading(Date.now() - i, i, `p${i}`)),
        );
        await store.close();
        const bytes = await stat(path);
        const { open: openFile } = await import('node:fs/promises');
        const handle = await openFile(path, 'r+');
        await handle.write(Buffer.alloc(bytes.size - 8192, 0xaa), 0, bytes.size - 8192, 4096);
        await handle.close();
      },
    ],
  ])('puts a file aside that %s, says so, and goes on', async (_, damage) => {
    await damage(file);
    const store = await open();
    // Damage may show only when the damaged part is read; then one request fails, and the next finds a new file.
    await writeReadings(store, [reading(Date.now(), 5)]).catch((error: unknown) => {
      expect(error).toBeInstanceOf(StoreUnavailable);
      return writeReadings(store, [reading(Date.now(), 5)]);
    });
    expect((await latestReadings(store))[0]?.values).toEqual({ rx: 5 });
    await store.close();
    expect(logged.join()).toContain('damaged');
    expect((await readdir(folder)).some((name) => name.startsWith('samples.db.damaged-'))).toBe(true);
  });

  it('does not put aside a file of a newer version', async () => {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(open()).rejects.toThrow(StoreUnavailable);
    expect(logged.join()).toContain('version 99');
    expect(await readdir(folder)).toContain('samples.db');
  });

  it('refuses what was waiting when its worker dies, and starts another', async () => {
    let worker: Worker | undefined;
    process.once('worker', (started) => {
      worker = started;
    });
    const store = await open();
    await writeReadings(store, [reading(Date.now() - 1000, 1)]);
    const lost = writeReadings(
      store,
      Array.from({ length: 5000 }, (_, i) => reading(Date.now(), i, `p${i}`)),
    );
    const refused = expect(lost).rejects.toThrow(StoreUnavailable);
    await worker?.terminate();
    await refused;
    await expect(writeReadings(store, [reading(Date.now(), 2)])).rejects.toThrow(StoreUnavailable);
    await expect.poll(() => store.check().then(() => 'well', String), { timeout: 10_000 }).toBe('well');
    expect((await latestReadings(store)).find(({ entity }) => entity === '1')?.values).toEqual({ rx: 1 });
    await store.close();
  });

  it('refuses when it is closed', async () => {
    const store = await open();
    await store.close();
    await expect(writeReadings(store, [reading(1, 1)])).rejects.toThrow(StoreUnavailable);
    await expect(latestReadings(store)).rejects.toThrow(StoreUnavailable);
  });
});

describe('samples', () => {
  const now = 1_800_000_000_000;
  const retention = { rawMs: 30 * day, rollupMs: 731 * day };
  const numbers = new EntityNumbers();
  const samples = () => {
    const database = openSamples(join(folder, 'samples.db'), now, (message) => logged.push(message));
    return new Samples({ database, retention, log: (message) => logged.push(message) });
  };
  const write = (subject: Samples, readings: readonly Reading[], at: number) => {
    const batch = batchOf(numbers, readings);
    subject.define(
      0,
      Array.from({ length: numbers.size }, (_, i) => numbers.at(i)),
    );
    subject.write([batch], at);
  };
  const mean = async (subject: Samples, from: number, to: number, points: number) => {
    const series = seriesOf(
      await subject.query({
        deviceId: 1,
        kind: 'port',
        entity: '1',
        metrics: ['rx'],
        from,
        to,
        points,
      }),
    );
    return { step: series.step, values: series.columns[0]?.mean.filter((value) => value !== null) };
  };

  it('keeps readings a month and roll-ups two years, and shows what is left of the past', async () => {
    const subject = samples();
    for (let d = 0; d < 60; d++) {
      const start = now - (60 - d) * day;
      const readings = Array.from({ length: 24 * 12 }, (_, i) => reading(start + i * 300_000, d));
      write(subject, readings, start + day);
      subject.tidy(start + day + hour);
    }
    const old = now - 50 * day;
    expect(await mean(subject, old, old + hour, 3600)).toMatchObject({ step: 300_000 });
    expect((await mean(subject, old, old + hour, 3600)).values).toHaveLength(13);
    // Closed history: a late reading fills holes and changes nothing that is there.
    write(subject, [reading(old, 999_999)], now);
    subject.tidy(now);
    expect((await mean(subject, old, old + hour, 100)).values).not.toContain(999_999);
    write(subject, [reading(now - 100 * day, 7)], now);
    subject.tidy(now);
    expect((await mean(subject, now - 100 * day, now - 100 * day + hour, 100)).values).toEqual([7]);
    // Nothing comes any more: then nothing goes.
    subject.tidy(now + 731 * day);
    expect((await mean(subject, old, old + hour, 100)).values).not.toEqual([]);
    write(subject, [reading(now + 731 * day, 1)], now + 731 * day);
    subject.tidy(now + 731 * day);
    expect((await mean(subject, old, old + hour, 100)).values).toEqual([]);
  });

  it('knows damage when it sees it', () => {
    expect(isDamage(Object.assign(new Error('x'), { errcode: 11 }))).toBe(true);
    expect(isDamage(Object.assign(new Error('x'), { errcode: 267 }))).toBe(true); // SQLITE_CORRUPT_VTAB
    expect(isDamage(Object.assign(new Error('x'), { errcode: 5 }))).toBe(false);
  });
});
