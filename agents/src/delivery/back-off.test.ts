import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pause, retryAfterMs, retryDelayMs } from './back-off.ts';

describe('retryDelayMs', () => {
  it('doubles from a quarter of a second to 15 s, half of it by chance', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) => retryDelayMs(failures, 1))).toEqual([
      250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const delay = retryDelayMs(failures, random);
          expect(delay).toBeGreaterThanOrEqual(retryDelayMs(failures, 1) / 2);
          expect(delay).toBeLessThanOrEqual(15_000);
        },
      ),
    );
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it.each([
    [undefined, null],
    ['3', 3000],
    ['0', 0],
    ['86400', 300_000],
    ['Sun, 22 Nov 2026 12:00:10 GMT', 10_000],
    ['Sun, 22 Nov 2026 11:00:10 GMT', 0],
    ['soon', null],
    ['', null],
  ])('reads %j as %j', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('pause', () => {
  it('ends early when aborted', async () => {
    const abort = new AbortController();
    const began = performance.now();
    const paused = pause(60_000, abort.signal);
    abort.abort();
    await paused;
    await pause(60_000, abort.signal);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
