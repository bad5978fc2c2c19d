import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rates } from './rates.ts';

describe('rates of counters', () => {
  it('are the change by the time between two readings', () => {
    const run = new Rates().begin();
    expect([run.rate('a', 100, 0), run.rate('a', 350, 10_000), run.rate('b', 1, 10_000)]).toEqual([
      undefined,
      25,
      undefined,
    ]);
  });

  it('are not told after a reset, after a long silence, or of what comes late', () => {
    const run = new Rates().begin();
    run.rate('a', 100, 10_000);
    expect(run.rate('a', 50, 20_000)).toBeUndefined();
    expect(run.rate('a', 60, 30_000)).toBe(1);
    expect(run.rate('a', 55, 25_000)).toBeUndefined();
    expect(run.rate('a', 60, 30_000)).toBeUndefined();
    expect(run.rate('a', 70, 3_600_000)).toBeUndefined();
    expect(run.rate('a', 80, 3_610_000)).toBe(1);
  });

  it('come again when a batch comes again that was not kept', () => {
    const rates = new Rates();
    const first = rates.begin();
    first.rate('a', 0, 0);
    first.keep();
    expect(rates.begin().rate('a', 10, 1000)).toBe(10);
    const again = rates.begin();
    expect(again.rate('a', 10, 1000)).toBe(10);
    again.keep();
    expect(rates.begin().rate('a', 10, 1000)).toBeUndefined();
  });

  it('remember so many series and no more, the last ones', () => {
    const rates = new Rates({ most: 10 });
    for (let n = 0; n < 100; n++) {
      const run = rates.begin();
      run.rate(`series ${n}`, 1, 0);
      run.keep();
    }
    expect(rates.size).toBe(10);
    expect(rates.begin().rate('series 99', 2, 1000)).toBe(1);
  });

  it('never become negative or infinite, and add up to what was counted, in whatever order and batches', () => {
    const reading = fc.record({ value: fc.nat(1_000_000), time: fc.nat(600_000), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 60 }), (readings) => {
        const rates = new Rates();
        let run = rates.begin();
        let last: { value: number; time: number } | undefined;
        for (const { value, time, ends } of readings) {
          const rate = run.rate('x', value, time);
          const expected =
            last !== undefined && time > last.time && value >= last.value
              ? ((value - last.value) * 1000) / (time - last.time)
              : undefined;
          expect(rate).toBe(expected);
          if (last === undefined || time > last.time) last = { value, time };
          if (!ends) continue;
          run.keep();
          run = rates.begin();
        }
      }),
    );
  });
});
