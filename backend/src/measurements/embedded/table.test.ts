import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRows, packTable, packValues, type Table, unpackTable, unpackValues } from './table.ts';
import { DamagedBytes } from './varint.ts';

const scaled = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
);
const rows = fc.array(
  fc.record({
    time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    values: fc
      .array(fc.tuple(fc.integer({ min: 1, max: 200 }), scaled), { maxLength: 6 })
      .map((pairs) => new Map(pairs)),
  }),
  { maxLength: 60 },
);

describe('packed tables', () => {
  it('come back as they went in', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const table = mergeRows(undefined, given);
        const back = unpackTable(packTable(table));
        expect(back.times).toEqual(table.times);
        for (const [field, column] of table.columns) expect(back.columns.get(field)).toEqual(column);
      }),
    );
  });

  it('merge to the same, whatever the order and however often', () => {
    fc.assert(
      fc.property(rows, fc.nat(60), (given, split) => {
        const distinct = [...new Map(given.map((row) => [row.time, row])).values()];
        const once = mergeRows(undefined, distinct);
        const twice = mergeRows(mergeRows(undefined, distinct.slice(split)), distinct.toReversed());
        expect(twice.times).toEqual(once.times);
        for (const [field, column] of once.columns) expect(twice.columns.get(field)).toEqual(column);
      }),
    );
  });

  it('keep single readings', () => {
    const values = new Map([
      [1, -5],
      [40, 2 ** 51],
    ]);
    expect(unpackValues(packValues(values))).toEqual(values);
  });

  it('say so when damaged instead of inventing values', () => {
    const table: Table = { times: [1, 2], columns: new Map([[1, [5, 6]]]) };
    expect(() => unpackTable(packTable(table).slice(0, 5))).toThrow(DamagedBytes);
    expect(() => unpackTable(new Uint8Array([9]))).toThrow(DamagedBytes);
  });

  it('take less than a byte a value for a steady port', () => {
    const times = Array.from({ length: 120 }, (_, i) => 1_780_000_000_000 + i * 60_000 + ((i * 37) % 90));
    const flat = times.map(() => 0);
    const columns = new Map(
      Array.from({ length: 10 }, (_, f) => [f, f < 8 ? flat : times.map((_, i) => 500 + (i % 7))]),
    );
    expect(packTable({ times, columns }).length).toBeLessThan(120 * 10 * 0.7);
  });
});
