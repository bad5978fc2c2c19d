import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutboxUnusableError } from './file.ts';
import { Outbox } from './outbox.ts';

const none: ReadonlySet<number> = new Set();
const hour = 3_600_000;

describe('Outbox', () => {
  let folder: string;
  let file: string;
  let time: number;
  let monotonic: number;
  let logged: string;
  const opened: Outbox[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-outbox-'));
    file = join(folder, 'outbox.sqlite');
    time = 1_780_000_000_000;
    monotonic = 5000;
    logged = '';
  });
  afterEach(() => {
    for (const outbox of opened.splice(0)) outbox.close();
    rmSync(folder, { recursive: true });
  });

  function open(limits: { maxBytes?: number; maxAgeMs?: number } = {}): Outbox {
    const write = (text: string) => {
      logged += text;
    };
    const outbox = new Outbox({
      file,
      now: () => time,
      monotonicMs: () => monotonic,
      log: pino({ level: 'info' }, { write }),
      ...limits,
    });
    outbox.open();
    opened.push(outbox);
    return outbox;
  }
  function passes(ms: number): void {
    time += ms;
    monotonic += ms;
  }
  const body = (text: string) => Buffer.from(text);
  const textOf = (outbox: Outbox, which: 'newest' | 'oldest', except = none) => {
    const batch = outbox[which](except);
    return batch === null ? null : Buffer.from(batch.body).toString();
  };
  const quarantined = () =>
    readdirSync(folder).filter((name) => /corrupt-[^-]+-\d\d-\d\dT[\d.Z-]+$/.test(name));

  it('hands out the newest and the oldest, passing over what is under way', () => {
    const outbox = open();
    const sequences = ['a', 'b', 'c'].map((text) => outbox.append('readings', body(text)));
    expect(textOf(outbox, 'newest')).toBe('c');
    expect(textOf(outbox, 'oldest')).toBe('a');
    expect(textOf(outbox, 'oldest', new Set(sequences.slice(0, 2)))).toBe('c');
    expect(textOf(outbox, 'newest', new Set(sequences))).toBeNull();
    expect(outbox.oldest(none)).toMatchObject({ kind: 'readings', time });
  });

  it('lets accepted batches go, keeps kept ones, and counts and sets aside rejected ones', () => {
    const outbox = open();
    const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map((text) => outbox.append('observations', body(text)));
    outbox.settle(a, { outcome: 'accepted' });
    outbox.settle(b, { outcome: 'rejected', reason: '400 no' });
    outbox.settle(c, { outcome: 'kept' });
    expect(outbox.state()).toEqual({
      waiting: 1,
      bytes: 1,
      oldestTime: time,
      dropped: 0,
      rejected: 1,
      setAside: 0,
    });
    outbox.close();
    const database = new DatabaseSync(file);
    const rows = database.prepare('SELECT sequence, reason FROM rejected').all();
    database.close();
    expect(rows.map((row) => ({ ...row }))).toEqual([{ sequence: b, reason: '400 no' }]);
  });

  it('never gives a sequence twice, keeps its id and its counts', () => {
    let outbox = open();
    const { id } = outbox;
    const first = outbox.append('readings', body('a'));
    outbox.settle(first, { outcome: 'rejected', reason: 'no' });
    outbox.close();
    outbox = open();
    expect(outbox.append('readings', body('b'))).toBeGreaterThan(first);
    expect(outbox.id).toBe(id);
    expect(outbox.state().rejected).toBe(1);
  });

  it('drops the oldest and counts them when it holds too many bytes', () => {
    const outbox = open({ maxBytes: 10_000 });
    for (let n = 0; n < 25; n++) outbox.append('readings', Buffer.alloc(1000, n));
    expect(outbox.state()).toMatchObject({ waiting: 10, bytes: 10_000, dropped: 15 });
    expect(outbox.oldest(none)?.body[0]).toBe(15);
    outbox.close();
    expect(open({ maxBytes: 10_000 }).state()).toMatchObject({ waiting: 10, bytes: 10_000, dropped: 15 });
    expect(logged).toContain('oldest batches dropped');
  });

  it('drops what is too old', () => {
    const outbox = open();
    outbox.append('readings', body('old'));
    passes(71 * hour);
    outbox.append('readings', body('younger'));
    passes(2 * hour);
    outbox.append('readings', body('new'));
    expect(outbox.state()).toMatchObject({ waiting: 2, dropped: 1 });
    expect(textOf(outbox, 'oldest')).toBe('younger');
  });

  it('drops nothing because a clock was set, and keeps the times that it was given', () => {
    let outbox = open();
    const began = time;
    outbox.append('readings', body('before'));
    time += 72 * hour + 1;
    outbox.append('readings', body('ahead'));
    time -= 96 * hour;
    outbox.append('readings', body('behind'));
    expect(outbox.state()).toMatchObject({ waiting: 3, dropped: 0, oldestTime: began });
    // Another start of the agent, of the machine even: the monotonic clock begins anew.
    outbox.close();
    monotonic = 100;
    time += 200 * hour;
    outbox = open();
    outbox.append('readings', body('after a start'));
    expect(outbox.state()).toMatchObject({ waiting: 4, dropped: 0, oldestTime: began });
    expect(outbox.oldest(none)).toMatchObject({ time: began });
    passes(72 * hour + 1);
    outbox.append('readings', body('days later'));
    expect(outbox.state()).toMatchObject({ waiting: 1, dropped: 4 });
  });

  it('goes on with what an earlier version left, gzip without a checksum', () => {
    const before = new DatabaseSync(file);
    before.exec(`
      CREATE TABLE batches (sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,
        time INTEGER NOT NULL, body BLOB NOT NULL);
      CREATE TABLE rejected (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, time INTEGER NOT NULL,
        reason TEXT NOT NULL, body BLOB NOT NULL);
      CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
      INSERT INTO facts VALUES ('id', '3f0e6c1a-0d7a-4a44-9d6a-0123456789ab');
    `);
    const insert = before.prepare(`INSERT INTO batches (kind, time, body) VALUES ('readings', ?, ?)`);
    const sound = gzipSync('from before');
    insert.run(time, sound);
    const broken = Buffer.from(sound);
    broken[broken.length - 6] = (broken[broken.length - 6] ?? 0) ^ 1;
    insert.run(time, broken);
    before.close();
    const outbox = open();
    expect(quarantined()).toEqual([]);
    expect(outbox.id).toBe('3f0e6c1a-0d7a-4a44-9d6a-0123456789ab');
    expect(Buffer.from(outbox.oldest(none)?.body ?? [])).toEqual(sound);
    expect(outbox.append('readings', body('new'))).toBeGreaterThan(2);
    expect(outbox.get(2)).toBeNull();
    expect(outbox.state()).toMatchObject({ waiting: 2, dropped: 1 });
    expect(textOf(outbox, 'newest')).toBe('new');
  });

  it('keeps at most a hundred rejected batches', () => {
    const outbox = open();
    for (let n = 0; n < 130; n++)
      outbox.settle(outbox.append('readings', body('x')), { outcome: 'rejected', reason: 'no' });
    outbox.close();
    const database = new DatabaseSync(file);
    expect(
      database.prepare('SELECT count(*) AS n, min(sequence) AS first FROM rejected').get(),
    ).toMatchObject({
      n: 100,
      first: 31,
    });
    database.close();
  });

  it('gives the disk space back after an outage', () => {
    const outbox = open();
    const sequences = Array.from({ length: 400 }, () => outbox.append('readings', Buffer.alloc(50_000)));
    for (const sequence of sequences) outbox.settle(sequence, { outcome: 'accepted' });
    outbox.close();
    expect(statSync(file).size).toBeLessThan(7_000_000);
  });

  it('is readable by its owner only', () => {
    open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not opened twice, and not set aside because of it', () => {
    const outbox = open();
    outbox.append('readings', body('a'));
    expect(() => open()).toThrow(OutboxUnusableError);
    expect(quarantined()).toEqual([]);
    expect(textOf(outbox, 'oldest')).toBe('a');
  });

  it('says what is wrong when the folder cannot be made', () => {
    writeFileSync(join(folder, 'in-the-way'), '');
    file = join(folder, 'in-the-way', 'outbox.sqlite');
    expect(() => open()).toThrow(/in-the-way/);
  });

  describe('damaged', () => {
    function fill(): string {
      const outbox = open();
      for (let n = 0; n < 200; n++) outbox.append('readings', Buffer.alloc(3000, n));
      const { id } = outbox;
      outbox.close();
      return id;
    }

    it.each([
      ['overwritten with something else', () => writeFileSync(file, 'this is no database'.repeat(1000))],
      ['truncated in the middle', () => truncateSync(file, Math.floor(statSync(file).size / 2))],
      ['with flipped bits in its pages', () => flip(file)],
    ])('%s, is set aside and made anew under a new id', (_, damage) => {
      const id = fill();
      damage();
      const outbox = open();
      expect(quarantined()).toHaveLength(1);
      expect(outbox.id).not.toBe(id);
      expect(outbox.state().waiting).toBe(0);
      outbox.append('readings', body('goes on'));
      expect(textOf(outbox, 'oldest')).toBe('goes on');
      expect(logged).toContain('was set aside');
    });

    it('while it is open, is replaced without losing the batch at hand', () => {
      const outbox = open();
      const { id } = outbox;
      // More than SQLite keeps in memory.
      for (let n = 0; n < 200; n++) outbox.append('readings', Buffer.alloc(50_000, n));
      outbox.close();
      outbox.open();
      flip(file);
      let appended = 0;
      for (let n = 0; n < 300 && outbox.id === id; n++) {
        appended = outbox.append('readings', body(`new ${n}`));
        outbox.oldest(none);
      }
      expect(outbox.id).not.toBe(id);
      expect(quarantined()).toHaveLength(1);
      expect(appended).toBeGreaterThan(0);
    });

    it('survives any single damage without an exception', () => {
      fill();
      const good = readFileSync(file);
      for (let n = 0; n < 16; n++) {
        const bad = Buffer.from(good);
        const at = Math.floor((n * bad.length) / 16) + (n % 7);
        bad.fill(0xa5 ^ n, at, at + 64);
        writeFileSync(file, bad);
        const outbox = open();
        for (let batch = outbox.oldest(none); batch !== null; batch = outbox.oldest(none))
          outbox.settle(batch.sequence, { outcome: 'accepted' });
        const sequence = outbox.append('readings', body('x'));
        expect(outbox.get(sequence)).not.toBeNull();
        outbox.close();
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
      }
    }, 30_000);
  });
});

/** Flips bits all over the file except in its first two pages, so that it still looks like a database. */
function flip(file: string): void {
  const size = statSync(file).size;
  const handle = openSync(file, 'r+');
  for (let at = 8192; at < size; at += 4096) writeSync(handle, Buffer.alloc(64, 0xa5), 0, 64, at);
}
