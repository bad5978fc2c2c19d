import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInNetwork, isIpAddress, networkText, parseNetwork } from './ip-networks.ts';

const address4 = fc.ipV4();
const address6 = fc.ipV6();

describe('networks of IP addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.168.1.7', '192.168.1.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['FC00::/7', 'fc00::/7'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1/128'],
    ['::/0', '::/0'],
    ['::ffff:10.0.0.1', '10.0.0.1/128'],
  ])('%s is %s', (text, expected) => {
    const network = parseNetwork(text);
    // An IPv4 address written as IPv6 is that IPv4 address.
    expect(network && networkText(network)).toBe(expected.replace('10.0.0.1/128', '10.0.0.1/32'));
  });

  it.each([
    '',
    'x',
    '10.0.0.1/8',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0',
    '010.0.0.1',
    '256.0.0.1',
    '1.2.3.4.5',
    '::/129',
    ':::',
    '1::2::3',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1.2.3.4::',
    '12345::',
    '2001:db8::1/32',
    '10.0.0.0/8/8',
    '-1.0.0.0',
  ])('%j is none', (text) => expect(parseNetwork(text)).toBeNull());

  it('says what is an address as node:net does', () => {
    fc.assert(
      fc.property(fc.oneof(address4, address6, fc.stringMatching(/^[0-9a-f:.]{1,24}$/)), (text) => {
        expect(isIpAddress(text)).toBe(isIP(text) !== 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('says what lies in which network as node:net does', () => {
    const near = (family: 4 | 6) => {
      const address = family === 4 ? address4 : address6;
      return fc.tuple(address, address, fc.integer({ min: 0, max: family === 4 ? 32 : 128 }), fc.boolean());
    };
    fc.assert(
      fc.property(fc.oneof(near(4), near(6)), ([one, other, prefix, same]) => {
        const family = isIP(one) === 4 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addSubnet(one, prefix, family);
        const base = baseOf(one, prefix);
        if (base === null) return;
        const asked = same ? one : other;
        expect(isInNetwork(asked, base)).toBe(list.check(asked, family));
        expect(parseNetwork(networkText(base))).toEqual(base);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The network that an address lies in, found by the parser alone; null for IPv4 written as IPv6. */
function baseOf(address: string, prefix: number) {
  const host = parseNetwork(address);
  if (host === null || (host.family === 4 && address.includes(':'))) return null;
  const behind = BigInt((host.family === 4 ? 32 : 128) - prefix);
  return parseNetwork(networkText({ ...host, base: (host.base >> behind) << behind, prefix }));
}
