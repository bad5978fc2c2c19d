import { crc32 } from 'node:zlib';
import type { Table } from './table.ts';
import { ByteReader, DamagedBytes } from './varint.ts';

/**
 * A pack is what one row of a tier holds: segments one behind the other, each with later times than the one before, so
 * that rows are added without reading those that are there. A segment:
 *
 *     2, length of what follows, crc32 of the body (4 bytes, little endian), body:
 *       rows, first time, last - first time, differences of the distances between times with their length in front,
 *       per field: field, length of what follows, layout, values as differences from the one before
 *
 * Numbers are varints, signed ones zigzag, runs of zero counted. A column that is the same as one before it names its
 * place instead. Under one byte a value for what a switch reports; columns that nobody asked for are passed over.
 */
export const format = 2;

/** How the values of a column are laid out. */
export const layout = { sparse: 0, complete: 1, sparsePlain: 2, completePlain: 3, like: 4 } as const;

/** More rows than a window can hold: a reading each millisecond for 32 days would not fit, and nobody makes them. */
const maxRows = 7_200_000;

/** What can be told of a segment of a pack without reading its values. */
export interface Segment {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  /** Where what the checksum is of begins. */
  readonly from: number;
  readonly sum: number;
  /** Behind the times of first and last row. */
  readonly body: number;
}

/** The segments of a pack; what is in them is checked only when they are read. @throws DamagedBytes */
export function segmentsOf(pack: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  while (at < pack.length) {
    const segment = segmentAt(pack, at);
    const before = segments[segments.length - 1];
    if (before && before.last >= segment.first)
      throw new DamagedBytes('the parts of the stored bytes are not in order');
    segments.push(segment);
    at = segment.end;
  }
  return segments;
}

function segmentAt(bytes: Uint8Array, start: number): Segment {
  const header = new ByteReader(bytes, start);
  if (header.byte() !== format) throw new DamagedBytes('the stored bytes have an unknown format');
  const length = header.unsigned();
  const end = header.at + length;
  if (length < 4 || end > bytes.length) throw new DamagedBytes('the stored bytes end too early');
  let sum = 0;
  for (let i = 0; i < 4; i++) sum |= header.byte() << (i * 8);
  const from = header.at;
  header.end = end;
  const rows = rowsIn(header.unsigned());
  const first = header.signed();
  const last = first + header.unsigned();
  return { bytes, start, end, rows, first, last, from, sum: sum >>> 0, body: header.at };
}

/** A number of rows that can be. @throws DamagedBytes */
export function rowsIn(claimed: number): number {
  if (claimed > maxRows || claimed === 0)
    throw new DamagedBytes('the stored bytes claim a wrong number of rows');
  return claimed;
}

/** @throws DamagedBytes when the bytes are not a pack. */
export function unpack(pack: Uint8Array): Table {
  const segments = segmentsOf(pack);
  checkSums(segments);
  return tableOf(segments);
}

/** Checks the sums of segments. @throws DamagedBytes */
export function checkSums(segments: readonly Segment[]): void {
  for (const { bytes, from, end, sum } of segments)
    if (crc32(bytes.subarray(from, end)) !== sum)
      throw new DamagedBytes('the stored bytes do not match their checksum');
}

/** Where a column lies. */
interface Place {
  readonly field: number;
  readonly at: number;
  readonly end: number;
}

/**
 * One table of segments and of tables, of which each ends before the next begins. With `wanted`, it has exactly these fields,
 * in this order; others are passed over. The sums of the segments must have been checked.
 */
export function tableOf(parts: readonly (Segment | Table)[], wanted?: readonly number[]): Table {
  let count = 0;
  const placesOf = new Map<Segment, Place[]>();
  const fields = wanted ? [...wanted] : [];
  const columnOf = new Map<number, number>(fields.map((field, index) => [field, index]));
  const meet = (field: number) => {
    if (wanted || columnOf.has(field)) return;
    columnOf.set(field, fields.push(field) - 1);
  };
  for (const part of parts) {
    if ('times' in part) {
      count += part.count;
      part.fields.forEach(meet);
      continue;
    }
    const places = columnsOf(part);
    placesOf.set(part, places);
    for (const { field } of places) meet(field);
    count += part.rows;
  }
  const times = new Float64Array(count);
  const columns = fields.map(() => new Float64Array(count));
  let at = 0;
  for (const part of parts) {
    const rows = 'times' in part ? part.count : part.rows;
    const has = new Set<number>();
    const target = (field: number): Float64Array | undefined => {
      const index = columnOf.get(field);
      if (index === undefined || has.has(index)) return undefined;
      has.add(index);
      return columns[index]?.subarray(at, at + rows);
    };
    if ('times' in part) {
      times.set(part.times.subarray(0, rows), at);
      for (const [index, field] of part.fields.entries())
        target(field)?.set(part.columns[index]?.subarray(0, rows) ?? []);
    } else {
      const input = new ByteReader(part.bytes, part.body, part.end);
      input.unsigned();
      readTimes(input, part.first, times.subarray(at, at + rows));
      const places = placesOf.get(part) ?? [];
      for (const place of places) {
        const column = target(place.field);
        if (column) readColumn(part, places, place, column);
      }
    }
    if (has.size < columns.length)
      for (const [index, column] of columns.entries())
        if (!has.has(index)) column.fill(Number.NaN, at, at + rows);
    at += rows;
  }
  return { count, times, fields, columns };
}

function columnsOf(segment: Segment): Place[] {
  const input = new ByteReader(segment.bytes, segment.body, segment.end);
  input.at = input.unsigned() + input.at;
  const places: Place[] = [];
  while (input.at < segment.end) {
    const field = input.unsigned();
    const length = input.unsigned();
    const at = input.at;
    input.at += length;
    places.push({ field, at, end: input.at });
  }
  if (input.at !== segment.end) throw new DamagedBytes('the stored bytes end too early');
  return places;
}

/** Fills `times`; input stands at the differences of distances. @throws DamagedBytes */
export function readTimes(input: ByteReader, first: number, times: Float64Array): void {
  const rows = times.length;
  readRuns(input, times, rows - 1);
  let time = first;
  let distance = 0;
  // The differences were read to one place before where the times go.
  let difference = times[0] ?? 0;
  times[0] = first;
  for (let i = 1; i < rows; i++) {
    const next = times[i] ?? 0;
    distance += difference;
    time += distance;
    times[i] = time;
    difference = next;
  }
}

function readColumn(segment: Segment, places: readonly Place[], place: Place, values: Float64Array): void {
  const input = new ByteReader(segment.bytes, place.at, place.end);
  let how = input.byte();
  if (how === layout.like) {
    const other = places[input.unsigned()];
    if (!other || other.at >= place.at)
      throw new DamagedBytes('the stored bytes name a column that is not there');
    input.at = other.at;
    input.end = other.end;
    how = input.byte();
  }
  readValues(input, how, values);
}

/** Fills all of `values`, which are zeros. @throws DamagedBytes */
export function readValues(input: ByteReader, how: number, values: Float64Array): void {
  if (how > layout.completePlain) throw new DamagedBytes('the stored bytes have an unknown layout');
  const sparse = how === layout.sparse || how === layout.sparsePlain;
  const runs = sparse ? readPresence(input, values.length) : undefined;
  const present = runs
    ? runs.reduce((sum, length, i) => (i % 2 === 1 ? sum + length : sum), 0)
    : values.length;
  if (how >= layout.sparsePlain) readPlain(input, values, present);
  else readDifferences(input, values, present);
  if (runs) spread(values, runs, present);
}

function readPresence(input: ByteReader, rows: number): number[] {
  const count = input.unsigned();
  if (count > rows + 1) throw new DamagedBytes('the stored bytes claim too many gaps');
  const runs = Array.from({ length: count }, () => input.unsigned());
  if (runs.reduce((sum, length) => sum + length, 0) !== rows)
    throw new DamagedBytes('the gaps in the stored bytes do not add up');
  return runs;
}

/** Moves values that lie at the beginning to where they belong, from the back, and leaves NaN between them. */
function spread(values: Float64Array, runs: readonly number[], present: number): void {
  let from = present;
  let end = values.length;
  for (let r = runs.length - 1; r >= 0; r--) {
    const start = end - (runs[r] ?? 0);
    if (r % 2 === 1) {
      from -= end - start;
      values.copyWithin(start, from, from + end - start);
    } else values.fill(Number.NaN, start, end);
    end = start;
  }
}

function readRuns(input: ByteReader, values: Float64Array, count: number): void {
  let i = 0;
  while (i < count) {
    const value = input.signed();
    if (value !== 0) {
      values[i++] = value;
      continue;
    }
    i += 1 + input.unsigned();
  }
  if (i > Math.max(0, count)) throw tooManyZeros();
}

/** The same, each added to the one before. */
function readDifferences(input: ByteReader, values: Float64Array, count: number): void {
  let i = 0;
  let value = 0;
  while (i < count) {
    const difference = input.signed();
    if (difference !== 0) {
      value += difference;
      values[i++] = value;
      continue;
    }
    const end = i + 1 + input.unsigned();
    if (end > count) throw tooManyZeros();
    if (value !== 0) values.fill(value, i, end);
    i = end;
  }
}

function tooManyZeros(): DamagedBytes {
  return new DamagedBytes('the stored bytes claim too many zeros');
}

function readPlain(input: ByteReader, values: Float64Array, present: number): void {
  const { bytes, at, end } = input;
  if (at + present * 8 > end) throw new DamagedBytes('the stored bytes end too early');
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, present * 8);
  for (let i = 0; i < present; i++) values[i] = view.getFloat64(i * 8, true);
  input.at += present * 8;
}

/** The last time in a pack. @throws DamagedBytes */
export function lastTimeOf(pack: Uint8Array): number {
  return lastSegment(pack).last;
}

/** The last row of a pack. @throws DamagedBytes */
export function lastRowOf(pack: Uint8Array): { time: number; values: Map<number, number> } {
  const segment = lastSegment(pack);
  checkSums([segment]);
  const table = tableOf([segment]);
  const values = new Map<number, number>();
  for (const [index, field] of table.fields.entries()) {
    const value = table.columns[index]?.[table.count - 1] ?? Number.NaN;
    if (!Number.isNaN(value)) values.set(field, value);
  }
  return { time: table.times[table.count - 1] ?? 0, values };
}

function lastSegment(pack: Uint8Array): Segment {
  const segments = segmentsOf(pack);
  const last = segments[segments.length - 1];
  if (!last) throw new DamagedBytes('the stored bytes are empty');
  return last;
}
