import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOfRows } from '../buckets.ts';
import { BatchBuilder, EntityNumbers, metricNumber, readingsOf } from '../reading-batch.ts';
import { fiveMinutes } from '../steps.ts';
import { addReadings, valuesOf } from './expand.ts';
import { countsOf, groupWidths, meanTolerance } from './thin.ts';

const bucketOf = (values: readonly number[]) => ({
  n: values.length,
  count: values.length,
  sum: values.reduce((a, b) => a + b, 0),
  min: Math.min(...values),
  max: Math.max(...values),
});

describe('values of a bucket', () => {
  const decimals = fc.integer({ min: -3, max: 4 });

  it('as many as it counts: sum, minimum and maximum are its own to the last digit that is kept', () => {
    const wholes = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000_000 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(wholes, decimals, (numbers, places) => {
        const scale = (whole: number) => (places < 0 ? whole * 10 ** -places : whole / 10 ** places);
        const back = valuesOf(bucketOf(numbers.map(scale)), places).map((value) => {
          const number = value * (places < 0 ? 1 : 10 ** places);
          return Math.round(places < 0 ? number / 10 ** -places : number);
        });
        expect(back).toHaveLength(numbers.length);
        expect(back.reduce((a, b) => a + b, 0)).toBe(numbers.reduce((a, b) => a + b, 0));
        expect([Math.min(...back), Math.max(...back)]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
      }),
    );
  });
});

/** Each array: the values of a bucket of 5 minutes; empty: a gap. */
const history = fc.array(
  fc.oneof(
    fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }),
    fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 60 }))
      .map(([value, n]) => new Array<number>(n).fill(value)),
    // Quiet but for one of them.
    fc.integer({ min: 0, max: 1_000_000 }).map((spike) => [...new Array<number>(59).fill(3), spike]),
  ),
  { minLength: 1, maxLength: 60 },
);
const start = 1_699_920_000_000;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function bucketsOf(given: readonly (readonly number[])[]) {
  const rows = given.flatMap((values, i) => {
    if (values.length === 0) return [];
    const { n, sum, min, max } = bucketOf(values);
    return [{ time: start + i * fiveMinutes, n: [n], sum: [sum], min: [min], max: [max] }];
  });
  return columnsOfRows(1, rows);
}

function readingsMade(given: readonly (readonly number[])[]) {
  const builder = new BatchBuilder(new EntityNumbers());
  addReadings(builder, {
    entity: builder.entities.numberOf(1, 'port', '1'),
    rows: bucketsOf(given),
    resolution: 'five-minutes',
    numbers: [metricNumber('port.rx')],
    decimals: [0],
  });
  return readingsOf(builder.finish()).map(({ time, values }) => ({ time, value: values.rx ?? Number.NaN }));
}

describe('readings of roll-ups', () => {
  it('keep mean, minimum and maximum of each bucket, with no more readings than it counts', () => {
    fc.assert(
      fc.property(history, (given) => {
        const made = readingsMade(given);
        for (const [i, values] of given.entries()) {
          const from = start + i * fiveMinutes;
          const found = made.filter(({ time }) => time >= from && time < from + fiveMinutes);
          expect(found.length).toBeLessThanOrEqual(values.length);
          expect(found.length > 0).toBe(values.length > 0);
          if (values.length === 0) continue;
          const numbers = found.map(({ value }) => value);
          expect(Math.min(...numbers)).toBe(Math.min(...values));
          expect(Math.max(...numbers)).toBe(Math.max(...values));
          expect(Math.abs(mean(numbers) - mean(values))).toBeLessThan(1e-9 * Math.max(1, ...values));
        }
        expect(made.map(({ time }) => time)).toEqual(made.map(({ time }) => time).toSorted((a, b) => a - b));
        expect(new Set(made.map(({ time }) => time)).size).toBe(made.length);
      }),
    );
  });

  it('give means of half an hour to two days that are off by less than the width of a line', () => {
    fc.assert(
      fc.property(history, (given) => {
        const made = readingsMade(given);
        for (const width of groupWidths) {
          const groups = Map.groupBy(given.keys(), (i) => Math.floor((start + i * fiveMinutes) / width));
          for (const [group, places] of groups) {
            const buckets = places.map((i) => given[i] ?? []).filter((values) => values.length > 0);
            if (buckets.length === 0) continue;
            const numbers = made
              .filter(({ time }) => Math.floor(time / width) === group)
              .map(({ value }) => value);
            const means = buckets.map(mean);
            const allowed = meanTolerance * (Math.max(...means) - Math.min(...means));
            const all = buckets.flat();
            expect(Math.abs(mean(numbers) - mean(all))).toBeLessThanOrEqual(
              allowed + 1e-9 * Math.max(1, ...all),
            );
          }
        }
      }),
    );
  });

  it('are few where little happens', () => {
    const day = (values: readonly number[]) => Array.from({ length: 288 }, () => values);
    expect(readingsMade(day(new Array<number>(60).fill(7)))).toHaveLength(288);
    const wavy = day(Array.from({ length: 60 }, (_, i) => 100 + (i % 7)));
    expect(readingsMade(wavy)).toHaveLength(288 * 3);
  });

  it('count of what is rolled up wildly at most what was read', () => {
    const given = [[0, 0, 0, 9], [5], [], [1, 1]];
    const { times, n, sum, min, max } = bucketsOf(given);
    const none = new Float64Array(0);
    const counts = countsOf({
      times,
      n: n[0] ?? none,
      sum: sum[0] ?? none,
      min: min[0] ?? none,
      max: max[0] ?? none,
    });
    expect([...counts]).toEqual([4, 1, 2]);
  });
});
