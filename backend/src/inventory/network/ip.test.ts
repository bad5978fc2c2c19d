import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, parsePrefix } from './ip.ts';

describe('addresses', () => {
  it.each([
    ['10.1.2.3', '0a010203', '10.1.2.3'],
    ['2001:DB8::0:1', '20010db8000000000000000000000001', '2001:db8::1'],
    ['::', '0'.repeat(32), '::'],
    ['::ffff:10.0.0.1', '00000000000000000000ffff0a000001', '::ffff:a00:1'],
  ])('%s', (text, digits, canonical) => {
    expect(parseAddress(text)).toMatchObject({ digits, text: canonical });
  });

  it.each(['', '10.1.2', '10.1.2.256', '10.1.2.3/24', 'fe80::1%eth0', '1.2.3.4:80', 'host'])(
    'refuses "%s"',
    (text) => {
      expect(parseAddress(text)).toBeNull();
    },
  );

  it('gives back every address from its digits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const parsed = parseAddress(text);
        expect(parsed).not.toBeNull();
        expect(formatAddress(parsed?.digits ?? '')).toBe(parsed?.text);
      }),
    );
  });
});

describe('prefixes', () => {
  it.each([
    ['10.1.2.0/24', '0a010200', '0a0102ff', false],
    ['10.1.2.7/24', '0a010200', '0a0102ff', true],
    ['0.0.0.0/0', '00000000', 'ffffffff', false],
    ['10.0.0.1/32', '0a000001', '0a000001', false],
    ['2001:db8::/127', '20010db8000000000000000000000000', '20010db8000000000000000000000001', false],
  ])('%s', (text, first, last, hostBits) => {
    expect(parsePrefix(text)).toMatchObject({ first, last, hostBits });
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '/24', '::/129'])(
    'refuses "%s"',
    (text) => {
      expect(parsePrefix(text)).toBeNull();
    },
  );
});
