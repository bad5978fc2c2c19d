import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatMoment, timeTicks } from './time-ticks.ts';
import { niceStep, valueAxis } from './value-ticks.ts';

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('timeTicks', () => {
  const labels = (from: string, to: string, most = 6) =>
    timeTicks(Date.parse(from), Date.parse(to), most, 'de').map(({ label }) => label);

  it('writes an hour in tens of minutes', () => {
    expect(labels('2026-11-22T10:03:00Z', '2026-11-22T11:03:00Z')).toEqual([
      '11:10',
      '11:20',
      '11:30',
      '11:40',
      '11:50',
      '12:00',
    ]);
  });
  it('names the day at midnight', () => {
    const day = labels('2026-11-22T10:03:00Z', '2026-11-23T10:03:00Z', 8);
    expect(day).toHaveLength(8);
    expect(day[4]).toMatch(/^Mo., 23.11./);
  });
  it('keeps midnights where the clocks change', () => {
    const ticks = timeTicks(Date.parse('2026-10-23T22:00:00Z'), Date.parse('2026-10-27T23:00:00Z'), 7, 'de');
    expect(ticks.map(({ ms }) => new Date(ms).getHours())).toEqual([0, 0, 0, 0, 0]);
  });
  it('writes a year in months', () => {
    expect(labels('2025-11-22T10:00:00Z', '2026-11-22T10:00:00Z', 13)).toContain('Jan. 2026');
  });
  it('always ends, in order and inside', () => {
    const start = Date.UTC(2026, 0, 1);
    fc.assert(
      fc.property(
        fc.nat(400 * 86_400_000),
        fc.integer({ min: 60_000, max: 400 * 86_400_000 }),
        (at, span) => {
          const ticks = timeTicks(start + at, start + at + span, 8, 'en').map(({ ms }) => ms);
          expect(ticks.length).toBeLessThanOrEqual(11);
          expect(ticks.every((ms) => ms >= start + at && ms <= start + at + span)).toBe(true);
          expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
          expect(new Set(ticks).size).toBe(ticks.length);
        },
      ),
    );
  });
});

describe('formatMoment', () => {
  it('says as much as the period needs', () => {
    const ms = Date.parse('2026-11-22T10:03:20Z');
    expect(formatMoment(ms, 12_000, 3_600_000, 'de')).toBe('11:03:20');
    expect(formatMoment(ms, 1_800_000, 7 * 86_400_000, 'de')).toBe('So., 22.11., 11:03');
  });
});

describe('valueAxis', () => {
  it('is round in the unit that people read', () => {
    expect(valueAxis(0, 3400, 60, 4, true)).toEqual({ min: 0, max: 3600, ticks: [0, 1200, 2400, 3600] });
  });
  it('gives a flat line room', () => {
    const axis = valueAxis(22, 22, 1, 4, false);
    expect(axis.min).toBeLessThan(22);
    expect(axis.max).toBeGreaterThan(22);
  });
  it('shows zero as zero', () => {
    expect(valueAxis(0, 0, 1, 4, true)).toMatchObject({ min: 0, max: 1 });
  });
  it('covers every value with few ticks', () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.boolean(), (a, b, fromZero) => {
        const axis = valueAxis(a, b, 1, 5, fromZero);
        const slack = Math.max(Math.abs(a), Math.abs(b), 1) * 1e-6;
        expect(axis.min).toBeLessThanOrEqual(Math.min(a, b) + slack);
        expect(axis.max).toBeGreaterThanOrEqual(Math.max(a, b) - slack);
        expect(axis.ticks.length).toBeLessThanOrEqual(8);
      }),
    );
  });
  it('takes the nearest nice step', () => {
    expect([0.03, 0.11, 1, 2.2, 7].map(niceStep)).toEqual([0.05, 0.2, 1, 2.5, 10]);
  });
});
