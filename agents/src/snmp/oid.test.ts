import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareOids, decodeIndex, decodeOid, encodeOid, isBelow } from './oid.ts';

const oid = fc
  .tuple(fc.constantFrom(0, 1, 2), fc.nat(39), fc.array(fc.nat(0xffff_ffff), { maxLength: 12 }))
  .map(([a, b, rest]) => [a, b, ...rest]);

it('text and octets are the same OID', () => {
  fc.assert(
    fc.property(oid, (parts) => {
      expect(decodeOid(encodeOid(parts.join('.'))), '').toBe(parts.join('.'));
    }),
  );
  expect(decodeOid(encodeOid('.1.3.6.1'))).toBe('1.3.6.1');
  expect(() => encodeOid('1.x')).toThrow(RangeError);
  expect(() => encodeOid('3.1')).toThrow(RangeError);
});

it('octets are ordered as their numbers are', () => {
  fc.assert(
    fc.property(oid, oid, fc.nat(3), (a, b, shared) => {
      // Long common beginnings are where an order by octets goes wrong.
      const left = [...a, ...b.slice(0, shared)];
      const right = shared > 1 ? [...a, ...b] : b;
      const x = encodeOid(left.join('.'));
      const y = encodeOid(right.join('.'));
      const expected = compareNumbers(left, right);
      expect(Math.sign(compareOids(x, 0, x.length, y, 0, y.length))).toBe(expected);
    }),
  );
});

it('what lies below a column is its index', () => {
  fc.assert(
    fc.property(oid, fc.array(fc.nat(0xffff_ffff), { minLength: 1, maxLength: 5 }), (column, index) => {
      const prefix = encodeOid(column.join('.'));
      const whole = encodeOid([...column, ...index].join('.'));
      expect(isBelow(prefix, whole, 0, whole.length)).toBe(true);
      expect(isBelow(whole, prefix, 0, prefix.length)).toBe(false);
      expect(decodeIndex(whole, prefix.length, whole.length)).toBe(index.join('.'));
    }),
  );
});

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(a.length - b.length);
}
