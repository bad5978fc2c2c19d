import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesIn, countAddresses, hostRanges } from './address-ranges.ts';
import { addressText, type IpNetwork, isInNetwork, parseNetwork } from './ip-networks.ts';

const networks = (...texts: string[]): IpNetwork[] =>
  texts.map((text) => {
    const network = parseNetwork(text);
    if (network === null) throw new Error(`${text} is no network`);
    return network;
  });
const hosts = (wanted: string[], exclude: string[] = []) => [
  ...addressesIn(hostRanges(networks(...wanted), networks(...exclude))),
];

describe('hosts of networks', () => {
  it.each([
    ['a small network', ['10.0.0.0/30'], [], ['10.0.0.1', '10.0.0.2']],
    ['two addresses of a link (RFC 3021)', ['10.0.0.0/31'], [], ['10.0.0.0', '10.0.0.1']],
    ['one address, even if it ends in 0', ['10.0.0.0/32'], [], ['10.0.0.0']],
    ['networks that overlap', ['10.0.0.0/30', '10.0.0.2/31'], [], ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
    [
      'what is excluded in the middle',
      ['10.0.0.0/29'],
      ['10.0.0.2/31'],
      ['10.0.0.1', '10.0.0.4', '10.0.0.5', '10.0.0.6'],
    ],
    ['IPv4 before IPv6', ['fd00::/126', '10.0.0.9'], ['fd00::2'], ['10.0.0.9', 'fd00::1', 'fd00::3']],
    ['everything excluded', ['10.0.0.0/24'], ['10.0.0.0/8'], []],
  ])('%s', (_, wanted, exclude, expected) => {
    expect(hosts(wanted, exclude)).toEqual(expected);
  });

  it('are 1,022 of a /22', () => {
    expect(countAddresses(hostRanges(networks('127.0.4.0/22')))).toBe(1022);
  });

  const small = fc
    .record({ base: fc.bigInt({ min: 0n, max: 0xffn }), prefix: fc.integer({ min: 24, max: 32 }) })
    .map(({ base, prefix }): IpNetwork => {
      const behind = BigInt(32 - prefix);
      return { family: 4, base: (((10n << 24n) + base) >> behind) << behind, prefix };
    });

  it('are in a network, in none that is excluded, rising, each once, and as many as counted', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 6 }), fc.array(small, { maxLength: 6 }), (wanted, exclude) => {
        const ranges = hostRanges(wanted, exclude);
        const all = [...addressesIn(ranges)];
        expect(all.length).toBe(countAddresses(ranges));
        expect(new Set(all).size).toBe(all.length);
        const within = (address: string, list: readonly IpNetwork[]) =>
          list.some((one) => isInNetwork(address, one));
        for (const address of all) expect(within(address, wanted) && !within(address, exclude)).toBe(true);
        // Nothing is left out but what stands for a network or all of its hosts.
        const reached = new Set(all);
        for (let value = 10n << 24n; value <= (10n << 24n) + 0xffn; value++) {
          const address = addressText(4, value);
          if (reached.has(address) || within(address, exclude)) continue;
          for (const network of wanted.filter((one) => isInNetwork(address, one))) {
            const size = 1n << BigInt(32 - network.prefix);
            expect(size > 2n && (value === network.base || value === network.base + size - 1n)).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
