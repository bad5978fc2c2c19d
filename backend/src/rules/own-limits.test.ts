import type { DeviceLimits } from '@rackhaus/config/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWell, judgeable, worstOf } from './own-limits.ts';

const none: DeviceLimits = { lowCritical: null, lowWarning: null, highWarning: null, highCritical: null };
const judged = (limits: Partial<DeviceLimits>, name = 'temperature', ours: string[] = []) =>
  judgeable('sensor', { [name]: { ...none, ...limits } }, new Set(ours))[0];

describe('limits of a device that are judged by', () => {
  it.each<[string, Partial<DeviceLimits>, string]>([
    ['none', {}, 'temperature'],
    ['low above high', { lowWarning: 50, highWarning: 40 }, 'temperature'],
    ['the same number twice', { lowCritical: 20, highCritical: 20 }, 'temperature'],
    ['zeros where nothing is less', { lowWarning: 0, lowCritical: 0 }, 'current'],
    ['a high limit of nothing', { highCritical: 0 }, 'power'],
    ['a warning beyond the critical one', { highWarning: 90, highCritical: 80 }, 'temperature'],
    ['a state', { highCritical: 1 }, 'state'],
    ['a metric that nobody knows', { highCritical: 1 }, 'mood'],
  ])('are not %s', (_, limits, name) => {
    expect(judged(limits, name)).toBeUndefined();
  });

  it('leave out a warning that nearly everything would be', () => {
    // What a switch tells of its inlet: "minor" below 31 °C.
    const inlet = judged({ lowCritical: -10, lowWarning: 31, highWarning: 46, highCritical: 56 });
    expect(inlet?.low).toEqual({ warning: null, critical: -10 });
    expect(inlet?.high).toEqual({ warning: 46, critical: 56 });
    const rack = judged({ lowCritical: 10, lowWarning: 15, highWarning: 30, highCritical: 35 });
    expect(rack?.low).toEqual({ warning: 15, critical: 10 });
  });

  it('leave the side to a rule of ours that it looks at', () => {
    const ours = ['temperature high'];
    expect(judged({ highWarning: 30 }, 'temperature', ours)).toBeUndefined();
    expect(judged({ lowWarning: 10, highWarning: 30 }, 'temperature', ours)).toMatchObject({
      low: { warning: 10 },
      high: { warning: null, critical: null },
    });
  });

  // As readings come: with three decimals.
  const number = fc.option(
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((each) => each / 1000),
    { nil: null },
  );
  const any = fc.record({
    lowCritical: number,
    lowWarning: number,
    highWarning: number,
    highCritical: number,
  });
  const values = fc.double({ min: -2000, max: 2000, noNaN: true });
  const names = fc.constantFrom('temperature', 'voltage', 'opticalPower', 'fanSpeed');

  it('say of no value that it is too much and too little, critical only beyond warning, and let it become well', () => {
    fc.assert(
      fc.property(any, values, names, (given, value, name) => {
        const limits = judged(given, name);
        if (limits === undefined) return;
        expect(limits.width).toBeGreaterThan(0);
        const own = { limits: [limits], seenWell: new Set([name]), lowIsUsual: false };
        const at = (number: number) => ({
          warning: worstOf('warning', { [name]: number }, own),
          critical: worstOf('critical', { [name]: number }, own),
        });
        const { warning, critical } = at(value);
        if ((critical?.by ?? 0) > 0) expect(warning?.by).toBeGreaterThan(0);
        if ((critical?.by ?? 0) > 0) expect(isWell(limits, value)).toBe(false);
        const { low, high } = limits;
        const begins = [low.warning ?? low.critical, high.warning ?? high.critical];
        const [from, to] = begins;
        // Somewhere between them everything is well, also after it was not.
        const good =
          from != null && to != null
            ? (from + to) / 2
            : from != null
              ? from + 2 * limits.width
              : (to ?? 0) - 2 * limits.width;
        expect(at(good).warning?.by ?? -2).toBeLessThan(-1);
      }),
      { numRuns: 2000 },
    );
  });

  it('never judge by critical limits what has not been within them, nor too little where that is usual', () => {
    fc.assert(
      fc.property(any, values, (given, value) => {
        const limits = judged(given);
        if (limits === undefined) return;
        const unseen = { limits: [limits], seenWell: new Set<string>(), lowIsUsual: false };
        expect(worstOf('critical', { temperature: value }, unseen)).toBeUndefined();
        const dark = { limits: [limits], seenWell: new Set(['temperature']), lowIsUsual: true };
        expect(worstOf('warning', { temperature: value }, dark)?.side ?? 'high').toBe('high');
      }),
    );
  });

  it('take a reading that is none for none', () => {
    const of = (name: string, limits: Partial<DeviceLimits>, value: number) => {
      const own = {
        limits: [judged(limits, name) ?? []].flat(),
        seenWell: new Set([name]),
        lowIsUsual: false,
      };
      return worstOf('warning', { [name]: value }, own)?.by ?? -9;
    };
    expect(of('voltage', { lowCritical: 11.3, highCritical: 12.9 }, 0)).toBeLessThanOrEqual(0);
    expect(of('voltage', { lowCritical: 11.3, highCritical: 12.9 }, 10)).toBeGreaterThan(0);
    expect(of('opticalPower', { lowWarning: -14 }, -40)).toBe(-9);
    expect(of('opticalPower', { lowWarning: -14 }, -16)).toBeGreaterThan(0);
    expect(of('fanSpeed', { lowWarning: 500 }, 0)).toBeGreaterThan(0);
  });
});
