import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StoreUnavailable } from '../store.ts';
import { checkFile } from './check-file.ts';
import { EmbeddedStore } from './store.ts';
import { checkedBatch, wrongReadings } from './testing.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rackhaus-kills-'));
  file = join(folder, 'samples.db');
});
afterEach(() => rm(folder, { recursive: true }));

const hour = 3_600_000;
/** A day ago, so that windows are over and are rolled up while they are written. */
const start = Math.floor(Date.now() / hour) * hour - 24 * hour;
const url = (name: string) => JSON.stringify(join(import.meta.dirname, name));

/** Writes from a sequence number on, several batches at a time, and tells which were acknowledged. */
const writer = () => `
  import { EmbeddedStore } from ${url('store.ts')};
  import { checkedBatch } from ${url('testing.ts')};
  const store = new EmbeddedStore({ file: ${JSON.stringify(file)}, log: () => undefined });
  await store.start();
  const told = [];
  for (let i = Number(process.argv[2]); ; i += 4) {
    await Promise.all([0, 1, 2, 3].map((k) =>
      store.write(checkedBatch(store.entities, ${start}, i + k)).then(() => process.stdout.write(i + k + '\\n'))));
    if (i % 40 < 4) void store.tidy(Date.now());
  }`;

it('has every acknowledged reading, once, after its process was killed 36 times', {
  timeout: 240_000,
}, async () => {
  const script = join(folder, 'writer.mjs');
  await writeFile(script, writer());
  const acknowledged = new Set<number>();
  for (let kill = 0; kill < 36; kill++) {
    const before = acknowledged.size;
    // Each begins a little before where the last one ended: repeats must change nothing.
    const child = spawn(process.execPath, [script, String(Math.max(0, ...acknowledged) - 8)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    const wanted = 1 + Math.floor(Math.random() * 120);
    const exited = once(child, 'exit');
    for await (const chunk of child.stdout) {
      text += String(chunk);
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) acknowledged.add(Number(line));
      if (acknowledged.size - before >= wanted) child.kill('SIGKILL');
    }
    await exited;
  }
  const logged: string[] = [];
  const store = new EmbeddedStore({ file, log: (message) => logged.push(message) });
  await store.start();
  const sequences = [...acknowledged].filter((sequence) => sequence >= 0);
  expect(await wrongReadings(store, start, sequences)).toEqual([]);
  await store.tidy(Date.now());
  expect(await wrongReadings(store, start, sequences)).toEqual([]);
  await store.close();
  expect(await checkFile(file)).toEqual([]);
  expect(logged).toEqual([]);
});

it('has every acknowledged reading, once, after its worker was ended 40 times', {
  timeout: 240_000,
}, async () => {
  let worker: Worker | undefined;
  const note = (started: Worker) => {
    worker = started;
  };
  process.on('worker', note);
  const store = new EmbeddedStore({ file, log: () => undefined });
  await store.start();
  const acknowledged = new Set<number>();
  let sequence = 0;
  for (let kill = 0; kill < 40; kill++) {
    await expect.poll(() => store.check().then(() => 'well', String), { timeout: 20_000 }).toBe('well');
    let refused = 0;
    const write = (own: number) =>
      store.write(checkedBatch(store.entities, start, own)).then(
        () => acknowledged.add(own),
        (error: unknown) => {
          expect(error).toBeInstanceOf(StoreUnavailable);
          refused++;
        },
      );
    for (let round = Math.floor(Math.random() * 8); round >= 0; round--) {
      await Promise.all([write(sequence++), write(sequence++), write(sequence++)]);
      if (round === 3) void store.tidy(Date.now()).catch(() => undefined);
    }
    const last = Array.from({ length: 12 }, () => write(sequence++));
    if (kill % 2 === 0) await last[Math.floor(Math.random() * 4)];
    await worker?.terminate();
    await Promise.all(last);
    sequence -= Math.min(refused, 3);
  }
  await expect.poll(() => store.check().then(() => 'well', String), { timeout: 20_000 }).toBe('well');
  process.off('worker', note);
  expect(acknowledged.size).toBeGreaterThan(40);
  expect(await wrongReadings(store, start, acknowledged)).toEqual([]);
  await store.tidy(Date.now());
  expect(await wrongReadings(store, start, acknowledged)).toEqual([]);
  await store.close();
  expect(await checkFile(file)).toEqual([]);
});
