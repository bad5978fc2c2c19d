import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Reading } from '@rackhaus/config/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../store.ts';
import { latestReadings, writeReadings } from '../testing.ts';
import { checkFile } from './check-file.ts';
import { EmbeddedStore } from './store.ts';
import { checkedBatch, flipBit, flipBitIn, wrongReadings } from './testing.ts';
import { rowidOf } from './tiers.ts';
import { ByteWriter } from './varint.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 });

let folder: string;
let file: string;
const logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-damage-'));
  file = join(folder, 'samples.db');
  logged.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const hour = 3_600_000;
const start = Math.floor(Date.now() / (24 * hour)) * 24 * hour - 48 * hour;

async function open(path = file): Promise<EmbeddedStore> {
  const store = new EmbeddedStore({ file: path, log: (message) => logged.push(message) });
  await store.start();
  return store;
}

/** Writes batches one by one; every one is a part of the journal of its own. */
async function filled(batches: number, packed: boolean): Promise<number[]> {
  const store = await open();
  const sequences = Array.from({ length: batches }, (_, i) => i);
  for (const sequence of sequences) await store.write(checkedBatch(store.entities, start, sequence));
  if (packed) await store.tidy(Date.now());
  await store.close();
  return sequences;
}

function bytesIn(sql: string): Uint8Array {
  const database = new DatabaseSync(file, { readOnly: true });
  const bytes = database.prepare(sql).get()?.bytes;
  database.close();
  if (!(bytes instanceof Uint8Array)) throw new Error('no bytes');
  return bytes;
}

it('loses one part of the journal, and nothing else, to a flipped bit in it', async () => {
  const sequences = await filled(20, false);
  flipBitIn(file, bytesIn('SELECT part AS bytes FROM journal WHERE id = 8'));
  expect((await checkFile(file)).join()).toContain('Row 8 of journal');
  const store = await open();
  expect(logged.join()).toContain('row 8 of journal is damaged');
  expect(
    await wrongReadings(
      store,
      start,
      sequences.filter((sequence) => sequence !== 7),
    ),
  ).toEqual([]);
  expect((await wrongReadings(store, start, [7])).length).toBe(6);
  await store.tidy(Date.now());
  await store.close();
  expect((await checkFile(file)).join()).toBe('1 damaged row was put aside earlier.');
});

it('loses one pack, and nothing else, to a flipped bit in it', async () => {
  const sequences = await filled(1500, true);
  const window = Math.floor(start / (2 * hour));
  flipBitIn(file, bytesIn(`SELECT pack AS bytes FROM raw WHERE id = ${rowidOf(window, 2)}`));
  expect((await checkFile(file)).join()).toContain(`Row ${rowidOf(window, 2)} of raw`);
  const store = await open();
  const later = sequences.filter((sequence) => sequence * 7000 >= 2 * hour);
  const wrong = await wrongReadings(store, start, later);
  expect(logged.join()).toContain('of raw is damaged');
  // Where readings are lost, what is left are their roll-ups.
  expect(wrong.every((text) => text.startsWith('1/1/1 '))).toBe(true);
  await store.close();
  expect(await readdir(folder)).toEqual(['samples.db']);
});

it('starts, whatever bit is flipped and wherever the file ends', async () => {
  await filled(300, true);
  const good = join(folder, 'good');
  await copyFile(file, good);
  const { size } = await stat(good);
  for (let i = 0; i < 16; i++) {
    const one = join(folder, `${i}`, 'samples.db');
    await mkdir(join(folder, `${i}`));
    await copyFile(good, one);
    if (i % 4 === 3) await truncate(one, Math.floor(Math.random() * size));
    else flipBit(one, i === 0 ? 20 : Math.floor(Math.random() * size), i % 8);
    const store = await open(one);
    const write = () => store.write(checkedBatch(store.entities, Date.now() - hour, 1));
    await store.latest().catch((error: unknown) => expect(error).toBeInstanceOf(StoreUnavailable));
    await expect.poll(() => write().then(() => 'well', String), { timeout: 20_000 }).toBe('well');
    await store.close();
  }
});

it('starts with a log of SQLite that is cut off or has a flipped bit', async () => {
  const store = await open();
  for (let i = 0; i < 50; i++) await store.write(checkedBatch(store.entities, start, i));
  const [main, wal] = [await readFile(file), await readFile(`${file}-wal`)];
  await store.close();
  for (let i = 0; i < 6; i++) {
    const one = join(folder, `wal-${i}.db`);
    await writeFile(one, main);
    await writeFile(
      `${one}-wal`,
      i % 2 === 0 ? wal.subarray(0, Math.floor(Math.random() * wal.length)) : wal,
    );
    if (i % 2 === 1) flipBit(`${one}-wal`, Math.floor(Math.random() * wal.length), i);
    const again = await open(one);
    await again.write(checkedBatch(again.entities, start, 99));
    expect(await wrongReadings(again, start, [99])).toEqual([]);
    await again.close();
  }
});

it.skipIf(process.getuid?.() !== 0)(
  'refuses while the disk is full, loses nothing, and goes on',
  async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]);
    try {
      const path = join(disk, 'samples.db');
      const store = await open(path);
      await writeFile(join(disk, 'other'), Buffer.alloc(1_500_000));
      const acknowledged: number[] = [];
      let refused = 0;
      for (let i = 0; i < 20_000 && refused < 3; i++) {
        await store.write(checkedBatch(store.entities, start, i)).then(
          () => acknowledged.push(i),
          (error: unknown) => {
            expect(error).toBeInstanceOf(StoreUnavailable);
            refused++;
          },
        );
      }
      expect(refused).toBe(3);
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(await wrongReadings(store, start, acknowledged)).toEqual([]);
      await rm(join(disk, 'other'));
      await store.write(checkedBatch(store.entities, start, 30_000));
      acknowledged.push(30_000);
      await store.tidy(Date.now());
      await store.close();
      const again = await open(path);
      expect(await wrongReadings(again, start, acknowledged)).toEqual([]);
      await again.close();
      expect(await checkFile(path)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  },
);

it('copies itself while it is written, whole', async () => {
  const store = await open();
  let stop = false;
  const acknowledged: number[] = [];
  const writing = (async () => {
    for (let i = 0; !stop; i++) {
      await store.write(checkedBatch(store.entities, start, i));
      acknowledged.push(i);
    }
  })();
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(100);
  const before = [...acknowledged];
  const copy = join(folder, 'copy.db');
  await store.copyTo(copy);
  stop = true;
  await writing;
  await store.close();
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  expect(await checkFile(copy)).toEqual([]);
  const copied = await open(copy);
  expect(await wrongReadings(copied, start, before)).toEqual([]);
  await copied.close();
});

it('takes over a file of the first version', async () => {
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE entity (id INTEGER PRIMARY KEY, device INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (device, kind, name)) STRICT;
    CREATE TABLE field (id INTEGER PRIMARY KEY, metric TEXT NOT NULL UNIQUE, decimals INTEGER NOT NULL) STRICT;
    CREATE TABLE recent (entity INTEGER NOT NULL, time INTEGER NOT NULL, readings BLOB NOT NULL, PRIMARY KEY (entity, time)) STRICT, WITHOUT ROWID;
    CREATE TABLE raw (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
    CREATE TABLE five_minutes (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
    CREATE TABLE hour (id INTEGER PRIMARY KEY, pack BLOB NOT NULL) STRICT;
    PRAGMA user_version = 1;
    INSERT INTO entity VALUES (1, 7, 'port', '1/1/1'), (2, 7, 'port', '1/1/2');
    INSERT INTO field VALUES (1, 'port.rx', 0), (2, 'port.tx', 0);`);
  // As the first version packed it: format, rows, first time, distances, and a complete column of differences.
  const pack = (time: number, field: number, first: number, second: number) => {
    const out = new ByteWriter();
    out.byte(1);
    out.unsigned(2);
    out.signed(time);
    out.signed(60_000);
    out.unsigned(field);
    out.byte(1);
    out.signed(first);
    out.signed(second - first);
    return out.finish();
  };
  const windows = (ms: number) => 2 * 2 ** 22 + Math.floor(start / ms);
  database.prepare('INSERT INTO raw VALUES (?, ?)').run(windows(2 * hour), pack(start, 1, 500, 700));
  const values = new ByteWriter();
  values.unsigned(1);
  values.signed(-3);
  values.unsigned(2);
  values.signed(9);
  const recent = database.prepare('INSERT INTO recent VALUES (?, ?, ?)');
  recent.run(1, start + 5 * hour, values.finish());
  recent.run(2, start + 120_000, values.finish());
  database.close();

  const store = await open();
  const of = async (entity: string) =>
    (await store.kept({ deviceId: 7, kind: 'port', entity }, 0, start + 9 * hour)).rows;
  const check = async () => {
    expect((await of('1/1/2')).map(({ time, sum }) => [time - start, sum[0]])).toEqual([
      [0, 500],
      [60_000, 700],
      [120_000, -3],
    ]);
    expect((await of('1/1/1')).map(({ time, sum }) => [time - start, ...sum])).toEqual([[5 * hour, -3, 9]]);
  };
  await check();
  const latest: Reading[] = await latestReadings(store);
  expect(latest.find(({ entity }) => entity === '1/1/2')).toMatchObject({
    time: start + 120_000,
    values: { rx: -3, tx: 9 },
  });
  await store.tidy(Date.now());
  await check();
  await writeReadings(store, [
    { deviceId: 7, kind: 'port', entity: '1/1/3', time: Date.now(), values: { rx: 1 } },
  ]);
  expect(await store.listEntities()).toHaveLength(3);
  await store.close();
  expect(await checkFile(file)).toEqual([]);
});

it('deletes nothing because the clock is in 2106 for a moment', async () => {
  const sequences = await filled(50, true);
  const store = await open();
  await store.tidy(Date.UTC(2106, 1, 7));
  await store.write(checkedBatch(store.entities, start, 60));
  expect(await wrongReadings(store, start, [...sequences, 60])).toEqual([]);
  await store.close();
});
