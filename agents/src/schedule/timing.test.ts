import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, firstDue, nextDue, share } from './timing.ts';

const intervals = fc.integer({ min: 500, max: 3_600_000 });
const ids = fc.integer({ min: 1, max: 1_000_000_000 });

describe('share', () => {
  it('lies in [0, 1) and is always the same for an id', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(share(id)).toBeGreaterThanOrEqual(0);
        expect(share(id)).toBeLessThan(1);
        expect(share(id)).toBe(share(id));
      }),
    );
  });

  it('leaves no crowd and no gap in any run of ids', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 2, max: 500 }),
        (first, count) => {
          const shares = Array.from({ length: count }, (_, index) => share(first + index)).sort(
            (a, b) => a - b,
          );
          const gaps = shares.map((value, index) => (shares[index + 1] ?? (shares[0] ?? 0) + 1) - value);
          expect(Math.max(...gaps)).toBeLessThan(3 / count);
          expect(Math.min(...gaps)).toBeGreaterThan(0.3 / count);
        },
      ),
    );
  });
});

describe('back-off', () => {
  it.each([
    [1000, [1, 1, 2, 4, 5, 5]],
    [5000, [5, 5, 5, 5, 5, 5]],
    [10_000, [10, 10, 20, 20, 20, 20]],
    [30_000, [30, 30, 60, 60, 60, 60]],
    [300_000, [300, 300, 300, 300, 300, 300]],
  ])('of an interval of %i ms', (intervalMs, seconds) => {
    expect(seconds.map((_, silentPolls) => backOffMs(intervalMs, silentPolls) / 1000)).toEqual(seconds);
  });

  it('never shrinks while a device stays silent and never exceeds its cap', () => {
    fc.assert(
      fc.property(intervals, fc.nat(10_000), (intervalMs, silentPolls) => {
        const wait = backOffMs(intervalMs, silentPolls);
        expect(backOffMs(intervalMs, silentPolls + 1)).toBeGreaterThanOrEqual(wait);
        expect(wait).toBeLessThanOrEqual(Math.max(intervalMs, 5000, Math.min(60_000, 2 * intervalMs)));
        expect(wait).toBeGreaterThanOrEqual(intervalMs);
      }),
    );
  });
});

describe('due times', () => {
  it('come first within the interval and within three seconds', () => {
    fc.assert(
      fc.property(ids, intervals, fc.nat(1e9), (deviceId, intervalMs, now) => {
        const due = firstDue({ deviceId, intervalMs, now });
        expect(due).toBeGreaterThanOrEqual(now);
        expect(due).toBeLessThanOrEqual(now + Math.min(intervalMs, 3000));
      }),
    );
  });

  it('follow each other by exactly one interval when polls are quick', () => {
    fc.assert(
      fc.property(ids, intervals, fc.nat(1e9), fc.nat(400), (deviceId, intervalMs, start, took) => {
        const origin = start + share(deviceId) * intervalMs;
        let due = origin;
        for (let n = 1; n < 20; n++) {
          due = nextDue({ origin, intervalMs, due, now: due + took, silentPolls: 0 });
          expect(due).toBeCloseTo(origin + n * intervalMs, 3);
        }
      }),
    );
  });

  it('are never in the past, never off the grid, and never sooner than half an interval after the last', () => {
    fc.assert(
      fc.property(
        fc.record({
          origin: fc.double({ min: 0, max: 1e9, noNaN: true }),
          intervalMs: intervals,
          ago: fc.double({ min: 0, max: 1e7, noNaN: true }),
          took: fc.double({ min: 0, max: 1e7, noNaN: true }),
          silentPolls: fc.nat(30),
        }),
        ({ origin, intervalMs, ago, took, silentPolls }) => {
          const due = origin - ago;
          const now = due + took;
          const next = nextDue({ origin, intervalMs, due, now, silentPolls });
          expect(next).toBeGreaterThanOrEqual(now - 0.001);
          const steps = (next - origin) / intervalMs;
          expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
          expect(next - due).toBeGreaterThan(intervalMs / 2 - 0.001);
          const latest = Math.max(now, due + backOffMs(intervalMs, silentPolls) - intervalMs / 2);
          expect(next).toBeLessThanOrEqual(latest + intervalMs + 0.001);
        },
      ),
    );
  });
});
