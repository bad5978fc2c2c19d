import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Observation, parseLines, type Reading } from '@rackhaus/config/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { decompress } from './body.ts';
import { Gatherer } from './gatherer.ts';
import { type Batch, Outbox } from './outbox.ts';

const reading = (entity: string, values: Reading['values'] = { rx: 1 }): Reading => ({
  deviceId: 1,
  kind: 'port',
  entity,
  time: 1_780_000_000_000,
  values,
});

const observation: Observation = {
  deviceId: 1,
  time: 1_780_000_000_000,
  profile: 'standard',
  identity: {
    os: null,
    vendor: null,
    model: null,
    serial: null,
    firmware: null,
    name: 'sw',
    description: null,
    location: null,
  },
  ports: [],
  entities: [],
  neighbours: [],
};

describe('Gatherer', () => {
  let folder: string;
  let outbox: Outbox;
  let gatherer: Gatherer;
  let appended: number[];
  let logged: string;
  let waitMs: number;

  function openIn(where: string): void {
    const write = (text: string) => {
      logged += text;
    };
    const log = pino({ level: 'info' }, { write });
    outbox = new Outbox({ file: join(where, 'outbox.sqlite'), now: () => 1_780_000_000_000, log });
    outbox.open();
    gatherer = new Gatherer({ outbox, waitMs: () => waitMs, appended: (n) => void appended.push(n), log });
  }
  const textOf = (batch: Batch | null) => (batch === null ? '' : decompress(batch.body));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-gather-'));
    appended = [];
    logged = '';
    waitMs = 30;
  });
  afterEach(() => {
    gatherer.flush();
    outbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes one batch of what comes within its wait', async () => {
    openIn(folder);
    gatherer.add([reading('1'), reading('2')]);
    gatherer.add([reading('3'), reading('empty', {})]);
    expect(outbox.state().waiting).toBe(0);
    await eventually('a batch', () => appended.length === 1);
    expect(parseLines(textOf(outbox.oldest(new Set()))).map(({ entity }) => entity)).toEqual(['1', '2', '3']);
  });

  it('lets a change of state wait a moment only', async () => {
    openIn(folder);
    waitMs = 60_000;
    const ports = (oper: number) =>
      [1, 2, 3].map((n) => reading(`${n}`, { rx: Math.random(), oper: n === 2 ? oper : 1 }));
    gatherer.add(ports(1));
    gatherer.add(ports(1));
    expect(appended).toEqual([]);
    gatherer.add(ports(2));
    // Long before the minute that others wait.
    await eventually('a batch', () => appended.length === 1, 5000);
    gatherer.add(ports(2));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(appended).toHaveLength(1);
  });

  it('does not make a batch of every reading when a state flickers', async () => {
    openIn(folder);
    for (let n = 0; n < 40; n++) {
      gatherer.add([reading('1', { oper: 1 + (n % 2) })]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    waitMs = 60_000;
    expect(appended.length).toBeLessThanOrEqual(10);
  });

  it('keeps observations in batches of their own', () => {
    openIn(folder);
    gatherer.add([reading('1')]);
    gatherer.addObservation(observation);
    gatherer.flush();
    expect(outbox.newest(new Set())?.kind).toBe('observations');
    expect(JSON.parse(textOf(outbox.newest(new Set())))).toEqual([observation]);
  });

  it('does not wait when a batch is large, and never makes one over the limit of the wire', () => {
    openIn(folder);
    gatherer.add(Array.from({ length: 30_000 }, (_, n) => reading(`Gebäude ${n}`, { rx: n, tx: 1.5 })));
    gatherer.flush();
    expect(appended.length).toBeGreaterThan(2);
    let readings = 0;
    for (const sequence of appended) {
      const text = textOf(outbox.get(sequence));
      expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
      readings += parseLines(text).length;
    }
    expect(readings).toBe(30_000);
  });

  it('writes nothing when there is nothing', () => {
    openIn(folder);
    gatherer.add([reading('1', {})]);
    gatherer.flush();
    expect(appended).toEqual([]);
  });

  const small = mountSmallDisk();
  if (small === null) console.warn('no small file system can be mounted here: the full disk is not tried');
  it.skipIf(small === null)(
    'goes on with its reserve when the disk is full, then keeps readings in memory',
    () => {
      if (small === null) return;
      try {
        openIn(small);
        writeUntilFull(join(small, 'ballast'));
        const readAndFlush = () => {
          gatherer.add(Array.from({ length: 500 }, () => reading(`${Math.random()}`, { rx: Math.random() })));
          gatherer.flush();
        };
        for (let n = 0; n < 50; n++) {
          readAndFlush();
          outbox.settle(appended.at(-1) ?? 0, { outcome: 'accepted' });
        }
        expect(appended).toHaveLength(50);
        expect(() => {
          for (;;) outbox.append('readings', Buffer.alloc(50_000));
        }).toThrow(/full/);
        const { waiting } = outbox.state();
        for (let n = 0; n < 20; n++) readAndFlush();
        expect(appended.length).toBeLessThan(70);
        expect(logged.match(/is the disk full/g)).toHaveLength(1);
        rmSync(join(small, 'ballast'));
        readAndFlush();
        expect(appended).toHaveLength(71);
        expect(gatherer.lost).toBe(0);
        expect(outbox.state().waiting).toBe(waiting + 21);
      } finally {
        outbox.close();
        spawnSync('umount', [small]);
        openIn(folder);
      }
    },
  );
});

function mountSmallDisk(): string | null {
  const where = mkdtempSync(join(tmpdir(), 'rackhaus-small-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', where]).status === 0;
  if (!mounted) rmSync(where, { recursive: true });
  return mounted ? where : null;
}

function writeUntilFull(file: string): void {
  for (const size of [500_000, 4096]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
