import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { BerWriter } from '../snmp/ber.ts';
import { encodeOid } from '../snmp/oid.ts';
import { UsmFormat } from '../snmp/usm.ts';
import { decodeTrap } from './decode.ts';
import { Traps } from './traps.ts';
import { V3Traps } from './v3.ts';

const linkDown = '1.3.6.1.6.3.1.1.5.3';

function v2(type: number, trap: string, community = 'public'): Buffer {
  const writer = new BerWriter(1024);
  const message = writer.mark;
  for (const [name, tag, content] of [
    ['1.3.6.1.2.1.2.2.1.1.7', 0x02, Uint8Array.of(7)],
    ['1.3.6.1.6.3.1.1.4.1.0', 0x06, encodeOid(trap)],
    ['1.3.6.1.2.1.1.3.0', 0x43, Uint8Array.of(1, 2)],
  ] as const) {
    const varbind = writer.mark;
    writer.element(tag, content);
    writer.element(0x06, encodeOid(name));
    writer.wrap(0x30, varbind);
  }
  writer.wrap(0x30, message);
  writer.integer(0);
  writer.integer(0);
  writer.integer(99);
  writer.wrap(type, message);
  writer.element(0x04, Buffer.from(community));
  writer.integer(1);
  writer.wrap(0x30, message);
  return writer.take();
}

function v1(generic: number): Buffer {
  const writer = new BerWriter(1024);
  const message = writer.mark;
  writer.element(0x30, new Uint8Array());
  writer.element(0x43, Uint8Array.of(1));
  writer.integer(0);
  writer.integer(generic);
  writer.element(0x40, Uint8Array.of(10, 0, 0, 1));
  writer.element(0x06, encodeOid('1.3.6.1.4.1.9'));
  writer.wrap(0xa4, message);
  writer.element(0x04, Buffer.from('public'));
  writer.integer(0);
  writer.wrap(0x30, message);
  return writer.take();
}

describe('decodeTrap', () => {
  it('tells links from everything else, in all versions', () => {
    expect(decodeTrap(v2(0xa7, linkDown))).toMatchObject({ community: 'public', kind: 'link' });
    expect(decodeTrap(v2(0xa7, '1.3.6.1.6.3.1.1.5.4')).kind).toBe('link');
    expect(decodeTrap(v2(0xa7, '1.3.6.1.6.3.1.1.5.5')).kind).toBe('authentication');
    expect(decodeTrap(v1(2)).kind).toBe('link');
    expect(decodeTrap(v1(4)).kind).toBe('authentication');
    expect(decodeTrap(v1(6)).kind).toBe('other');
  });

  it('finds where an inform becomes its answer', () => {
    const datagram = v2(0xa6, linkDown);
    const { informAt } = decodeTrap(datagram);
    expect(datagram[informAt ?? 0]).toBe(0xa6);
  });

  it('refuses requests and answers', () => {
    for (const type of [0xa0, 0xa2, 0xa5])
      expect(() => decodeTrap(v2(type, linkDown))).toThrow(/no notification/);
  });

  it('is not hurt by 10,000 broken datagrams', () => {
    const read: number[] = [];
    const v3Traps = new V3Traps({
      openEngine: () => ({ id: Buffer.alloc(9, 7), boots: 1 }),
      monotonicMs: () => 0,
    });
    v3Traps.start();
    const traps = new Traps({
      where: { port: 0, insisted: false },
      readNow: async (id) => read.push(id),
      monotonicMs: () => 0,
      v3: v3Traps,
      log: pino({ level: 'silent' }),
    });
    const v3 = new UsmFormat({
      engine: { id: Buffer.alloc(9, 5), boots: 1, time: 1, learntAt: 0 },
      user: 'anna',
      context: '',
      auth: null,
      priv: null,
    });
    const good = [v2(0xa7, linkDown), v2(0xa6, linkDown), v1(2), v3.answer(7, Uint8Array.of(0xa7, 0))];
    fc.assert(
      fc.property(
        fc.nat(3),
        fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 6 }),
        fc.nat(120),
        fc.uint8Array({ maxLength: 40 }),
        (which, changes, cut, more) => {
          const broken = Buffer.concat([(good[which] ?? Buffer.alloc(0)).subarray(0, cut), more]);
          for (const [at, byte] of changes) if (at < broken.length) broken[at] = byte;
          traps.receive(broken, '10.0.0.1');
        },
      ),
      { numRuns: 10_000 },
    );
    expect(read).toEqual([]);
    expect(traps.counts.hints).toBe(0);
    expect(traps.counts.broken).toBeGreaterThan(1000);
    traps.stop();
  });
});
