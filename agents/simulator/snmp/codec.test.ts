import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BerError, BerReader, element, Tag } from './ber.ts';
import { compareOids, decodeOid, encodeOid, isOid } from './oid.ts';
import { counter32, counter64, gauge32, integer, timeTicks } from './value.ts';

const subIdentifier = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffffffff }));
const oid = fc
  .tuple(fc.constantFrom(0, 1, 2), fc.nat(39), fc.array(subIdentifier, { maxLength: 30 }))
  .map(([first, second, rest]) => [first, second, ...rest]);

describe('object identifiers', () => {
  it('survive a round trip, in the one shortest form', () => {
    fc.assert(
      fc.property(oid, (numbers) => {
        const bytes = encodeOid(numbers.join('.'));
        expect(decodeOid(bytes)).toBe(numbers.join('.'));
        expect(isOid(bytes, 0, bytes.length)).toBe(true);
      }),
    );
  });

  it('are ordered by their numbers, not by their bytes', () => {
    const byNumbers = (a: readonly number[], b: readonly number[]) => {
      for (let at = 0; at < Math.min(a.length, b.length); at++)
        if (a[at] !== b[at]) return (a[at] ?? 0) - (b[at] ?? 0);
      return a.length - b.length;
    };
    fc.assert(
      fc.property(oid, oid, fc.nat(30), (a, other, shared) => {
        const b = [...a.slice(0, shared), ...other.slice(shared)];
        const [x, y] = [encodeOid(a.join('.')), encodeOid(b.join('.'))];
        expect(Math.sign(compareOids(x, 0, x.length, y, 0, y.length))).toBe(Math.sign(byNumbers(a, b)));
      }),
    );
    const [small, large] = [encodeOid('1.3.16383.9'), encodeOid('1.3.16384')];
    expect(compareOids(small, 0, small.length, large, 0, large.length)).toBeLessThan(0);
  });

  it('are refused when they are none', () => {
    for (const text of ['', '1..3', '3.1', '1.40', '1.3.4294967296', '1.3.x', `1.3${'.1'.repeat(127)}`])
      expect(() => encodeOid(text)).toThrow(BerError);
    for (const bytes of [[], [0x2b, 0x80, 0x01], [0x2b, 0x81], [0x2b, 0x90, 0x80, 0x80, 0x80, 0x00]])
      expect(isOid(Uint8Array.from(bytes), 0, bytes.length)).toBe(false);
  });
});

describe('numbers', () => {
  it('survive a round trip', () => {
    fc.assert(
      fc.property(fc.integer({ min: -0x80000000, max: 0x7fffffff }), (value) => {
        expect(new BerReader(integer(value)).integer()).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        expect(new BerReader(gauge32(value)).integer(Tag.gauge32)).toBe(value);
        expect(new BerReader(counter32(value)).integer(Tag.counter32)).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const content = new BerReader(counter64(value)).octets(Tag.counter64);
        expect(BigInt(`0x${Buffer.from(content).toString('hex')}`)).toBe(value);
        expect(content.length > 1 && content[0] === 0 && (content[1] ?? 0) < 0x80).toBe(false);
      }),
    );
  });

  it('wrap or stay at their limits as their types say', () => {
    expect(new BerReader(counter32(2 ** 32 + 5)).integer(Tag.counter32)).toBe(5);
    expect(new BerReader(timeTicks(2 ** 32 + 5)).integer(Tag.timeTicks)).toBe(5);
    expect(new BerReader(gauge32(2 ** 33)).integer(Tag.gauge32)).toBe(0xffffffff);
    expect(new BerReader(integer(2 ** 40)).integer()).toBe(0x7fffffff);
  });
});

describe('the reader', () => {
  it('never reads outside of its part, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const reader = new BerReader(bytes);
        try {
          while (!reader.done) reader.skip();
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
        expect(reader.at).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  it('reads lengths of all sizes', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = new Uint8Array(length).fill(7);
      expect(new BerReader(element(Tag.octets, content)).octets()).toHaveLength(length);
    }
  });
});
