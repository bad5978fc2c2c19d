import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendTo, PackWriter } from './pack.ts';
import { mergeTables, sliceTable, type Table } from './table.ts';
import { TableBuilder } from './table-builder.ts';
import { lastRowOf, lastTimeOf, segmentsOf, unpack } from './unpack.ts';
import { DamagedBytes } from './varint.ts';

type Row = { time: number; values: readonly (readonly [number, number])[] };

const whole = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
);
const values = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1500 }), whole), {
  minLength: 1,
  maxLength: 6,
  selector: ([field]) => field,
});
const rows = fc.array(
  fc.record({
    time: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2 ** 42 })),
    values,
  }),
  { minLength: 1, maxLength: 60 },
);

function tableOf(given: readonly Row[]): Table {
  const builder = new TableBuilder();
  builder.begin();
  for (const row of given) {
    builder.row(row.time);
    for (const [field, value] of row.values) builder.value(field, value);
  }
  return builder.finish();
}

/** The simplest thing that can be right. */
function modelOf(given: readonly Row[]): Map<number, Map<number, number>> {
  const model = new Map<number, Map<number, number>>();
  for (const { time, values: pairs } of given) {
    const row = model.get(time) ?? new Map<number, number>();
    for (const [field, value] of pairs) row.set(field, value);
    model.set(time, row);
  }
  return new Map([...model].sort(([a], [b]) => a - b));
}

function contentOf(table: Table): Map<number, Map<number, number>> {
  const content = new Map<number, Map<number, number>>();
  for (let i = 0; i < table.count; i++) {
    const row = new Map<number, number>();
    for (const [index, field] of table.fields.entries()) {
      const value = table.columns[index]?.[i] ?? Number.NaN;
      if (!Number.isNaN(value)) row.set(field, value);
    }
    content.set(table.times[i] ?? 0, row);
  }
  return content;
}

const sorted = (content: Map<number, Map<number, number>>) =>
  [...content].map(([time, row]) => [time, [...row].sort(([a], [b]) => a - b)]);

describe('packs', () => {
  const writer = new PackWriter();

  it('give back what went in, in whatever order it came', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const back = unpack(writer.append(undefined, tableOf(given)));
        expect(sorted(contentOf(back))).toEqual(sorted(modelOf(given)));
      }),
    );
  });

  it('grow by parts, and merge value by value', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const a = contentOfCopy(tableOf(first));
        const merged = mergeTables(a, tableOf(second));
        expect(sorted(contentOf(merged))).toEqual(sorted(modelOf([...first, ...second])));
      }),
    );
  });

  it('give back what was put behind again and again', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 80 }), (given) => {
        const all = given.map((pairs, i) => ({ time: 1000 + i * 60_000, values: pairs }));
        let pack: Uint8Array | undefined;
        for (const row of all) {
          const table = tableOf([row]);
          pack = pack ? appendTo(writer, pack, table) : writer.append(undefined, table);
        }
        if (!pack) return;
        expect(segmentsOf(pack).length).toBeLessThanOrEqual(12);
        expect(sorted(contentOf(unpack(pack)))).toEqual(sorted(modelOf(all)));
        expect(lastTimeOf(pack)).toBe(all[all.length - 1]?.time);
        expect([...lastRowOf(pack).values].sort(([a], [b]) => a - b)).toEqual(
          [...(all[all.length - 1]?.values ?? [])].sort(([a], [b]) => a - b),
        );
      }),
    );
  });

  it('keep sums too large for whole numbers', () => {
    const table: Table = {
      count: 3,
      times: Float64Array.of(1, 2, 3),
      fields: [4, 5],
      columns: [Float64Array.of(-(2 ** 60), 2 ** 60, 3), Float64Array.of(2 ** 59, Number.NaN, -(2 ** 59))],
    };
    expect(contentOf(unpack(writer.append(undefined, table)))).toEqual(contentOf(table));
  });

  it('say so when a single bit is wrong, instead of inventing values', () => {
    const table = tableOf([
      {
        time: 1_800_000_000_000,
        values: [
          [1, 5],
          [2, 70_000],
        ],
      },
      {
        time: 1_800_000_060_000,
        values: [
          [1, 6],
          [2, 70_010],
        ],
      },
    ]);
    const pack = appendTo(
      writer,
      writer.append(undefined, table),
      tableOf([{ time: 1_800_000_120_000, values: [[1, 1]] }]),
    );
    for (let bit = 0; bit < pack.length * 8; bit++) {
      const flipped = pack.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unpack(flipped), `bit ${bit}`).toThrow(DamagedBytes);
    }
    for (let length = 1; length < pack.length; length++) {
      const whole = segmentsOf(pack)[1]?.start === length;
      if (!whole) expect(() => unpack(pack.slice(0, length)), `${length} bytes`).toThrow(DamagedBytes);
    }
  });

  it('take less than a byte a value for a steady port', () => {
    const builder = new TableBuilder();
    builder.begin();
    for (let i = 0; i < 120; i++) {
      builder.row(1_780_000_000_000 + i * 60_000 + ((i * 37) % 90));
      for (let f = 0; f < 10; f++) builder.value(f, f < 8 ? 0 : 500 + (i % 7));
    }
    expect(writer.append(undefined, builder.finish()).length).toBeLessThan(120 * 10 * 0.5);
  });

  it('slice by time', () => {
    const table = tableOf([10, 20, 30, 40].map((time) => ({ time, values: [[1, time]] as const })));
    expect([...contentOf(sliceTable(table, 20, 40)).keys()]).toEqual([20, 30]);
    expect(sliceTable(table, 41, 50).count).toBe(0);
  });
});

/** The builder's arrays are used again; a copy stays. */
function contentOfCopy(table: Table): Table {
  return {
    count: table.count,
    times: table.times.slice(0, table.count),
    fields: table.fields,
    columns: table.columns.map((column) => column.slice(0, table.count)),
  };
}
