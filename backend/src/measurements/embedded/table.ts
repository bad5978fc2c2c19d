import { ByteReader, ByteWriter, DamagedBytes } from './varint.ts';

/**
 * Readings of one entity as columns: ascending distinct times, and per field one whole number (the value times ten to its
 * decimals) for each time, NaN where the reading did not have the field.
 */
export interface Table {
  readonly times: readonly number[];
  readonly columns: ReadonlyMap<number, readonly number[]>;
}

const format = 1;

/**
 * Packs a table: times as differences of differences, values as differences, both zigzag varints, runs of zero counted.
 * Under one byte a value for what a switch reports.
 */
export function packTable(table: Table): Uint8Array {
  const out = new ByteWriter(64 + table.times.length * 4);
  out.byte(format);
  out.unsigned(table.times.length);
  const distances: number[] = [];
  let previousDistance = 0;
  for (let i = 1; i < table.times.length; i++) {
    const distance = (table.times[i] ?? 0) - (table.times[i - 1] ?? 0);
    distances.push(distance - previousDistance);
    previousDistance = distance;
  }
  out.signed(table.times[0] ?? 0);
  packRuns(out, distances);
  for (const [field, values] of table.columns) packColumn(out, field, values);
  return out.finish();
}

function packColumn(out: ByteWriter, field: number, values: readonly number[]): void {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length === 0) return;
  out.unsigned(field);
  out.byte(present.length === values.length ? 1 : 0);
  if (present.length < values.length) {
    // Lengths of alternating runs, absent first.
    const runs: number[] = [];
    let absent = true;
    let run = 0;
    for (const value of values) {
      if (Number.isNaN(value) === absent) run++;
      else {
        runs.push(run);
        absent = !absent;
        run = 1;
      }
    }
    runs.push(run);
    out.unsigned(runs.length);
    for (const length of runs) out.unsigned(length);
  }
  let previous = 0;
  packRuns(
    out,
    present.map((value) => {
      const difference = value - previous;
      previous = value;
      return difference;
    }),
  );
}

/** Zeros come as a 0 followed by how many more there are. */
function packRuns(out: ByteWriter, values: readonly number[]): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    out.signed(value);
    if (value !== 0) continue;
    let more = 0;
    while (i + 1 < values.length && values[i + 1] === 0) {
      more++;
      i++;
    }
    out.unsigned(more);
  }
}

/** More rows than a window can hold: a reading each millisecond for two hours. */
const maxRows = 7_200_000;

/** @throws DamagedBytes when the bytes are not a packed table. */
export function unpackTable(bytes: Uint8Array): Table {
  const input = new ByteReader(bytes);
  if (input.byte() !== format) throw new DamagedBytes('the stored bytes have an unknown format');
  const rows = input.unsigned();
  if (rows > maxRows) throw new DamagedBytes('the stored bytes claim too many rows');
  const times: number[] = new Array(rows);
  let time = input.signed();
  let distance = 0;
  if (rows > 0) times[0] = time;
  unpackRuns(input, rows - 1, (value, i) => {
    distance += value;
    time += distance;
    times[i + 1] = time;
  });
  const columns = new Map<number, number[]>();
  while (!input.done) {
    const field = input.unsigned();
    const complete = input.byte() === 1;
    const values: number[] = new Array(rows).fill(Number.NaN);
    let value = 0;
    if (complete) {
      unpackRuns(input, rows, (difference, i) => {
        value += difference;
        values[i] = value;
      });
    } else {
      const where: number[] = [];
      const runs = input.unsigned();
      let at = 0;
      for (let r = 0; r < runs; r++) {
        const length = input.unsigned();
        if (r % 2 === 1) for (let i = 0; i < length; i++) where.push(at + i);
        at += length;
      }
      unpackRuns(input, where.length, (difference, i) => {
        value += difference;
        values[where[i] ?? 0] = value;
      });
    }
    columns.set(field, values);
  }
  return { times, columns };
}

function unpackRuns(input: ByteReader, count: number, use: (value: number, index: number) => void): void {
  let i = 0;
  while (i < count) {
    const value = input.signed();
    use(value, i++);
    if (value !== 0) continue;
    for (let more = input.unsigned(); more > 0 && i < count; more--) use(0, i++);
  }
}

/** One reading's values as it is kept until its time is packed: pairs of field and scaled value. */
export type FieldValues = ReadonlyMap<number, number>;

export function packValues(values: FieldValues): Uint8Array {
  const out = new ByteWriter(64);
  for (const [field, value] of values) {
    out.unsigned(field);
    out.signed(value);
  }
  return out.finish();
}

export function unpackValues(bytes: Uint8Array): Map<number, number> {
  const input = new ByteReader(bytes);
  const values = new Map<number, number>();
  while (!input.done) values.set(input.unsigned(), input.signed());
  return values;
}

/** Adds rows to a table. Where both have a value of the same time, the row's wins. */
export function mergeRows(
  table: Table | undefined,
  rows: readonly { time: number; values: FieldValues }[],
): Table {
  const byTime = new Map<number, Map<number, number>>();
  if (table) {
    for (const [i, time] of table.times.entries()) {
      const values = new Map<number, number>();
      for (const [field, column] of table.columns) {
        const value = column[i];
        if (value !== undefined && !Number.isNaN(value)) values.set(field, value);
      }
      byTime.set(time, values);
    }
  }
  for (const row of rows) {
    const values = byTime.get(row.time);
    if (values) for (const [field, value] of row.values) values.set(field, value);
    else byTime.set(row.time, new Map(row.values));
  }
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const columns = new Map<number, number[]>();
  for (const [i, time] of times.entries()) {
    for (const [field, value] of byTime.get(time) ?? []) {
      let column = columns.get(field);
      if (!column) {
        column = new Array(times.length).fill(Number.NaN);
        columns.set(field, column);
      }
      column[i] = value;
    }
  }
  return { times, columns };
}
