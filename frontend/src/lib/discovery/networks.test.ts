import { describe, expect, it } from 'vitest';
import { estimate, readNetworks } from './networks.ts';

describe('networks as they are typed', () => {
  it('are taken apart by lines, commas and spaces', () => {
    const { texts, networks, problem } = readNetworks('10.1.0.0/24\n10.2.0.0/24, 10.3.0.1', {
      bounded: true,
    });
    expect([texts.length, networks.length, problem]).toEqual([3, 3, undefined]);
  });

  it.each([
    ['10.1.0.0/33', 'ist kein Netz|is no network'],
    ['10.0.0.0/8', 'zu viele|too many'],
    ['10.1.0.0/24 10.1.0.0/24', 'zweimal|twice'],
    ['192.168.0.0/24', 'nicht zur Abfrage|may not be polled'],
  ])('are refused with a reason: %s', (text, words) => {
    const { problem } = readNetworks(text, { bounded: true, allowed: ['10.0.0.0/8'] });
    expect(problem).toMatch(new RegExp(words));
  });

  it('are counted without what is left out', () => {
    const all = readNetworks('10.1.0.0/24', { bounded: true }).networks;
    const without = readNetworks('10.1.0.0/25', { bounded: false }).networks;
    expect(estimate(all, [], 50, [])).toEqual({ addresses: 254, seconds: 11, most: 11 });
    expect(estimate(all, without, 50, []).addresses).toBeLessThan(130);
  });

  it('take longer with each set of credentials, all users of SNMPv3 being asked together', () => {
    const { networks } = readNetworks('10.1.0.0/24', { bounded: true });
    const most = (...protocols: string[]) =>
      estimate(
        networks,
        [],
        50,
        protocols.map((protocol) => ({ protocol })),
      ).most;
    expect([most('2c'), most('2c', '2c'), most('2c', '3', '3', '3'), most('3', '3')]).toEqual([
      11, 18, 18, 11,
    ]);
  });
});
