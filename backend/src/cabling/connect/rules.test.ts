import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cordFor,
  leastLength,
  mostCords,
  type RuledCable,
  type Run,
  ruleRemarks,
  speedOfType,
} from './rules.ts';

const run = (kind: Run['kind'], lengthM: number | null, medium: Run['medium'] = null): Run => ({
  kind,
  medium,
  lengthM,
});
function cable(own: Run, others: readonly Run[] = [], more: Partial<RuledCable> = {}): RuledCable {
  return { ...own, channel: [own, ...others], shapes: [], speedGbps: null, leastM: null, ...more };
}
const codes = (given: RuledCable) => ruleRemarks(given).map(({ code }) => code);

describe('lengths of EN 50173', () => {
  it.each([
    ['a link of 90 m', cable(run('permanent', 90)), []],
    ['a longer one', cable(run('permanent', 90.5)), ['link-too-long']],
    ['cords of 10 m beside 90 m', cable(run('patch', 5), [run('permanent', 90), run('patch', 5)]), []],
    [
      'cords of 12 m beside 90 m',
      cable(run('patch', 7), [run('permanent', 90), run('patch', 5)]),
      ['cords-too-long', 'channel-too-long'],
    ],
    ['cords of 12 m beside 60 m', cable(run('patch', 7), [run('permanent', 60), run('patch', 5)]), []],
    ['a long cord between devices', cable(run('patch', 30)), []],
    ['a very long one', cable(run('patch', 101)), ['channel-too-long']],
    ['glass', cable(run('permanent', 400, 'os2')), []],
    ['glass by its connectors', cable(run('permanent', 400), [], { shapes: ['lc', 'lc'] }), []],
    ['power', cable(run('power', 120)), []],
    ['a length that is not known', cable(run('patch', null), [run('permanent', 80)]), []],
  ] as const)('%s', (_, given, expected) => {
    expect(codes(given)).toEqual(expected);
  });

  it('never allows a channel to become better by a longer cord', () => {
    const metres = fc.double({ min: 0.5, max: 150, noNaN: true });
    fc.assert(
      fc.property(metres, metres, metres, (link, cord, more) => {
        const short = codes(cable(run('patch', cord), [run('permanent', link)]));
        const long = codes(cable(run('patch', cord + more), [run('permanent', link)]));
        for (const code of short) expect(long).toContain(code);
      }),
    );
  });
  it('lets cords be longer the shorter the link is', () => {
    expect([mostCords(90), mostCords(60), mostCords(120)]).toEqual([10, 30, 10]);
  });
});

describe('the medium', () => {
  it.each([
    ['cat6a at 10 Gbit/s', cable(run('patch', 2, 'cat6a'), [], { speedGbps: 10 }), []],
    ['cat5e at 10 Gbit/s', cable(run('patch', 2, 'cat5e'), [], { speedGbps: 10 }), ['medium-too-slow']],
    ['short cat6 at 10 Gbit/s', cable(run('patch', 2, 'cat6'), [], { speedGbps: 10 }), []],
    [
      'long cat6 at 10 Gbit/s',
      cable(run('permanent', 80, 'cat6'), [], { speedGbps: 10 }),
      ['medium-too-slow'],
    ],
    ['copper in glass', cable(run('patch', 2, 'cat6'), [], { shapes: ['lc', null] }), ['fibre-and-copper']],
    ['glass in copper', cable(run('patch', 2, 'om4'), [], { shapes: ['rj45', 'sfp'] }), ['fibre-and-copper']],
  ] as const)('%s', (_, given, expected) => {
    expect(codes(given)).toEqual(expected);
  });
  it.each([
    ['1000base-t', 1],
    ['100base-tx', 0.1],
    ['2.5gbase-t', 2.5],
    ['10gbase-x-sfpp', 10],
    ['100gbase-x-qsfp28', 100],
    ['8p8c', null],
  ])('%s is %s Gbit/s', (type, speed) => {
    expect(speedOfType(type)).toBe(speed);
  });
});

describe('the way between two places', () => {
  const spot = (rackId: number, rackIndex: number, position: number) => ({
    roomId: 1,
    rackId,
    rackIndex,
    position,
  });
  it('grows with units and racks', () => {
    expect(leastLength(spot(1, 0, 40), spot(1, 0, 39))).toBe(0.3);
    expect(leastLength(spot(1, 0, 40), spot(1, 0, 1))).toBe(2);
    expect(leastLength(spot(1, 0, 40), spot(3, 2, 40))).toBe(1.5);
  });
  it('is not known between rooms', () => {
    expect(leastLength(spot(1, 0, 1), { ...spot(1, 0, 1), roomId: 2 })).toBeNull();
  });
  it('asks for the next cord of the trade', () => {
    expect([cordFor(0.3), cordFor(1.6), cordFor(31)]).toEqual([0.5, 2, null]);
  });
  it('warns of a cord that does not reach', () => {
    expect(codes(cable(run('patch', 0.5), [], { leastM: 1.5 }))).toEqual(['length-too-short']);
  });
});
