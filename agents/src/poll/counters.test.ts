import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterRate, type DeviceClock, elapsedBetween } from './counters.ts';

const round = 2 ** 32;
const clock = (ticks: number | null, at: number, boots: number | null = null): DeviceClock => ({
  ticks,
  at,
  boots,
});

describe('time between two polls', () => {
  it('goes by the device: also across the wrap of sysUpTime after 497 days', () => {
    fc.assert(
      fc.property(fc.nat(round - 1), fc.integer({ min: 1, max: 360_000 }), (start, ticks) => {
        const elapsed = elapsedBetween(clock(start, 0), clock((start + ticks) % round, ticks * 10));
        expect(elapsed).toEqual({ kind: 'seconds', seconds: ticks / 100 });
      }),
    );
  });

  it('sees a restart: boots rose, uptime fell, or went forward by less than the time that passed', () => {
    expect(elapsedBetween(clock(100, 0, 1), clock(200, 1_000, 2)).kind).toBe('restart');
    expect(elapsedBetween(clock(1_000_000, 0), clock(500, 60_000)).kind).toBe('restart');
    expect(elapsedBetween(clock(1_000, 0), clock(5_000, 3_600_000)).kind).toBe('restart');
    expect(elapsedBetween(clock(round - 100_000, 0), clock(100, 60_000)).kind).toBe('restart');
  });

  it('does not trust a clock that stands still, and does without one', () => {
    expect(elapsedBetween(clock(500, 0), clock(500, 5_000)).kind).toBe('still');
    expect(elapsedBetween(clock(500, 0), clock(500, 120_000))).toEqual({ kind: 'seconds', seconds: 120 });
    expect(elapsedBetween(clock(null, 0), clock(null, 5_000))).toEqual({ kind: 'seconds', seconds: 5 });
  });
});

describe('rate of a counter', () => {
  const at = (value: number, discontinuity = 0) => ({ value, discontinuity });

  it('is the true one for any 32-bit counter that wraps at most once below half a round', () => {
    fc.assert(
      fc.property(
        fc.nat(round - 1),
        fc.nat(2 ** 31),
        fc.integer({ min: 1, max: 3_600 }),
        (start, change, seconds) => {
          const rate = counterRate(at(start), at((start + change) % round), seconds, 32, undefined);
          expect(rate).toBeCloseTo(change / seconds, 6);
        },
      ),
    );
  });

  it('never exceeds the fastest possible after a fall', () => {
    fc.assert(
      fc.property(
        fc.nat(round - 1),
        fc.nat(round - 1),
        fc.integer({ min: 1, max: 3_600 }),
        fc.integer({ min: 1, max: 1e9 }),
        (a, b, seconds, fastest) => {
          fc.pre(b < a);
          const rate = counterRate(at(a), at(b), seconds, 32, fastest);
          if (rate !== undefined) expect(rate).toBeLessThanOrEqual(fastest);
        },
      ),
    );
  });

  it('is unknown when a 64-bit counter falls, a small counter is reset, or the device says so', () => {
    expect(counterRate(at(10), at(5), 10, 64, undefined)).toBeUndefined();
    expect(counterRate(at(5_000), at(0), 3_600, 32, undefined)).toBeUndefined();
    expect(counterRate(at(5, 1), at(500, 2), 10, 64, undefined)).toBeUndefined();
    expect(counterRate(at(5), at(6), 0, 64, undefined)).toBeUndefined();
  });
});
