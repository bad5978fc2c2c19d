import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

const none: ReadonlySet<number> = new Set();
const runs = 240;

interface Written {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Sequence to what was appended. */
  readonly appended: ReadonlyMap<number, string>;
  readonly waiting: number;
  readonly id: string;
}

/** What a failing disk or file system may do to a file. Places are shares of the file's used pages. */
const faults = fc.record({
  file: fc.constantFrom('', '', '', '-wal'),
  kind: fc.constantFrom('flip', 'flip', 'flip', 'truncate', 'zeros', 'swap', 'tail'),
  places: fc.array(
    fc.nat(999_999).map((n) => n / 1_000_000),
    { minLength: 2, maxLength: 12 },
  ),
  bit: fc.nat(7),
  header: fc.boolean(),
});
type Fault = typeof faults extends fc.Arbitrary<infer T> ? T : never;

describe('an outbox on a disk that fails', () => {
  let folder: string;
  let closed: Written;
  let killed: Written;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rackhaus-faults-'));
    closed = write('closed');
    killed = write('killed');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Batches of a few bytes up to some pages, many of them gone again. */
  function write(end: 'closed' | 'killed'): Written {
    const file = join(folder, `${end}.sqlite`);
    const outbox = open(file);
    const appended = new Map<number, string>();
    for (let n = 0; n < 150; n++) {
      const body = `${n}/${'abcdefghij'.repeat((n * 37) % 900)}`;
      appended.set(outbox.append(n % 5 === 0 ? 'observations' : 'readings', Buffer.from(body)), body);
    }
    for (const sequence of [...appended.keys()].slice(0, 60)) {
      outbox.settle(
        sequence,
        sequence % 7 === 0 ? { outcome: 'rejected', reason: 'no' } : { outcome: 'accepted' },
      );
    }
    const { id } = outbox;
    const { waiting } = outbox.state();
    if (end === 'closed') outbox.close();
    const files = new Map<string, Buffer>();
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) files.set(suffix, readFileSync(file + suffix));
    outbox.close();
    return { files, appended, waiting, id };
  }

  function open(file: string): Outbox {
    const outbox = new Outbox({
      file,
      now: () => 1_780_000_000_000,
      monotonicMs: () => 0,
      log: pino({ level: 'silent' }),
    });
    outbox.open();
    return outbox;
  }

  /** Opens what the fault has left, reads all of it and goes on. */
  function survive({ files, appended, waiting, id }: Written, fault: Fault): 'whole' | 'less' | 'set aside' {
    const place = mkdtempSync(join(folder, 'run-'));
    const file = join(place, 'outbox.sqlite');
    for (const [suffix, content] of files)
      writeFileSync(file + suffix, suffix === fault.file ? damaged(content, fault) : content);
    const closedEmpty = statSync(file).size === 0 && files.size === 1;
    const outbox = open(file);
    try {
      let found = 0;
      for (let batch = outbox.oldest(none); batch !== null; batch = outbox.oldest(none)) {
        expect(outbox.id).toBe(id);
        expect(Buffer.from(batch.body).toString()).toBe(appended.get(batch.sequence));
        expect(batch.kind).toBe((batch.sequence - 1) % 5 === 0 ? 'observations' : 'readings');
        expect(++found).toBeLessThanOrEqual(appended.size);
        outbox.settle(batch.sequence, { outcome: 'accepted' });
      }
      const sequence = outbox.append('readings', Buffer.from('goes on'));
      expect(outbox.get(sequence)?.sequence).toBe(sequence);
      if (outbox.id === id) expect(appended.has(sequence)).toBe(false);
      const state = outbox.state();
      expect(state.waiting).toBe(1);
      if (outbox.id !== id) {
        const aside = readdirSync(place).filter((name) => /corrupt-.*Z$/.test(name));
        // One that is empty is as good as new.
        expect(aside).toHaveLength(closedEmpty ? 0 : 1);
        expect(state.setAside).toBe(aside.length);
        return 'set aside';
      }
      return found >= waiting ? 'whole' : 'less';
    } finally {
      outbox.close();
      rmSync(place, { recursive: true });
    }
  }

  it(`hands out nothing but what was appended and goes on, ${runs} times damaged at random`, () => {
    const outcomes = { whole: 0, less: 0, 'set aside': 0 };
    fc.assert(
      fc.property(fc.boolean(), faults, (wasClosed, fault) => {
        outcomes[survive(wasClosed ? closed : killed, fault)]++;
      }),
      { seed: 20261123, numRuns: runs, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
    );
    // All three must have been met, else the faults miss what they are for.
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(5);
  }, 120_000);

  it('sets aside no more than ten files, the oldest of them gone', () => {
    const place = mkdtempSync(join(folder, 'many-'));
    const file = join(place, 'outbox.sqlite');
    for (let n = 0; n < 14; n++) {
      writeFileSync(file, `no database ${n}`.repeat(500));
      const outbox = new Outbox({
        file,
        now: () => 1_780_000_000_000 + n * 1000,
        log: pino({ level: 'silent' }),
      });
      outbox.open();
      expect(outbox.state().setAside).toBe(Math.min(n + 1, 10));
      outbox.close();
    }
    const kept = readdirSync(place).filter((name) => name.includes('corrupt'));
    expect(kept.map((name) => readFileSync(join(place, name), 'utf8').slice(0, 14)).sort()).toContain(
      'no database 13',
    );
    expect(kept).toHaveLength(10);
  });
});

const pageBytes = 4096;

function damaged(content: Buffer, { kind, places, bit, header }: Fault): Buffer {
  const used: number[] = [];
  for (let at = 0; at < content.length; at += pageBytes)
    if (content.subarray(at, at + pageBytes).some((byte) => byte !== 0)) used.push(at);
  // Half of the faults hit where pages and the file describe themselves: there is little of it, and most can go wrong.
  const spot = (share: number) => {
    const page = used[Math.floor(share * used.length)] ?? 0;
    const within = header ? 112 : pageBytes;
    return Math.min(content.length - 1, page + (Math.floor(share * used.length * within) % within));
  };
  const bad = Buffer.from(content);
  const [first = 0, second = 0] = places;
  switch (kind) {
    case 'truncate':
      return bad.subarray(0, Math.floor(first * bad.length));
    case 'zeros':
      return bad.fill(0, spot(first), Math.min(bad.length, spot(first) + 512 + bit * 64));
    case 'swap': {
      // A page written to the wrong place.
      const from = used[Math.floor(first * used.length)] ?? 0;
      const to = used[Math.floor(second * used.length)] ?? 0;
      content.copy(bad, to, from, from + pageBytes);
      return bad;
    }
    case 'tail':
      return Buffer.concat([bad, Buffer.alloc(1 + bit * 3000, 0xa5)]);
    default:
      for (const share of places) {
        const at = spot(share);
        bad[at] = (bad[at] ?? 0) ^ (1 << bit);
      }
      return bad;
  }
}
