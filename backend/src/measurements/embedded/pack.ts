import { crc32 } from 'node:zlib';
import type { Table } from './table.ts';
import { checkSums, format, layout, type Segment, segmentsOf, tableOf } from './unpack.ts';
import { ByteWriter, putSigned, putUnsigned } from './varint.ts';

/** Differences beyond this would not be exact as varints; the column is then kept as plain doubles. */
const exactLimit = 2 ** 52;

/** Writes segments; its buffers are used again. */
export class PackWriter {
  readonly #out = new ByteWriter(64 * 1024);
  readonly #body = new ByteWriter(64 * 1024);
  /** One column, whose length is written in front of it. */
  readonly #column = new ByteWriter(16 * 1024);
  #present = new Float64Array(256);

  /** A segment of rows [from, to) of a table, at least one, put behind `before`. */
  append(before: Uint8Array | undefined, table: Table, from = 0, to = table.count): Uint8Array<ArrayBuffer> {
    const body = this.#body;
    body.at = 0;
    this.#writeBody(body, table, from, to);
    const out = this.#out;
    out.at = 0;
    if (before) {
      out.reserve(before.length);
      out.bytes.set(before);
      out.at = before.length;
    }
    out.byte(format);
    out.unsigned(body.at + 4);
    const content = body.bytes.subarray(0, body.at);
    const sum = crc32(content);
    out.reserve(4 + content.length);
    for (let shift = 0; shift < 32; shift += 8) out.bytes[out.at++] = (sum >>> shift) & 0xff;
    out.bytes.set(content, out.at);
    out.at += content.length;
    return out.finish();
  }

  #writeBody(out: ByteWriter, { times, fields, columns }: Table, from: number, to: number): void {
    const first = times[from] ?? 0;
    out.unsigned(to - from);
    out.signed(first);
    out.unsigned((times[to - 1] ?? 0) - first);
    const values = this.#room(to - from);
    let distance = 0;
    for (let i = from + 1; i < to; i++) {
      const next = (times[i] ?? 0) - (times[i - 1] ?? 0);
      values[i - from - 1] = next - distance;
      distance = next;
    }
    const part = this.#column;
    part.at = 0;
    writeRuns(part, values, to - from - 1);
    writeWithLength(out, part);
    const written: Float64Array[] = [];
    for (let f = 0; f < fields.length; f++) {
      const column = columns[f];
      if (!column) continue;
      part.at = 0;
      const like = placeOfSame(written, column, from, to);
      if (like >= 0) {
        part.byte(layout.like);
        part.unsigned(like);
      } else if (!this.#writeColumn(part, column, from, to)) continue;
      // Only columns with values of their own are looked at: what is the same as one that is a copy is the same as that one's.
      written.push(like >= 0 ? noColumn : column);
      out.unsigned(fields[f] ?? 0);
      writeWithLength(out, part);
    }
  }

  /** @returns false when the column has no value */
  #writeColumn(out: ByteWriter, column: Float64Array, from: number, to: number): boolean {
    const values = this.#room(to - from);
    let present = 0;
    let previous = 0;
    let exact = true;
    for (let i = from; i < to; i++) {
      const value = column[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const difference = value - previous;
      if (difference > exactLimit || difference < -exactLimit) exact = false;
      values[present++] = difference;
      previous = value;
    }
    if (present === 0) return false;
    const complete = present === to - from;
    out.byte((complete ? layout.complete : layout.sparse) + (exact ? 0 : 2));
    if (!complete) writePresence(out, column, from, to);
    if (exact) writeRuns(out, values, present);
    else writePlain(out, column, from, to);
    return true;
  }

  #room(count: number): Float64Array {
    if (this.#present.length < count) this.#present = new Float64Array(count * 2);
    return this.#present;
  }
}

const noColumn = new Float64Array(0);
/** Of a roll-up, its counts are most often those of the first field; a maximum is often the minimum beside it. */
const lookBack = 4;

/** Where among the columns there is one with the same values; -1: nowhere near. */
function placeOfSame(
  columns: readonly Float64Array[],
  column: Float64Array,
  from: number,
  to: number,
): number {
  const last = columns.length - 1;
  for (let place = last; place >= 0; place = place > 0 && place <= last - lookBack ? 0 : place - 1) {
    if (isSame(columns[place], column, from, to)) return place;
    if (place === 0) break;
  }
  return -1;
}

function isSame(one: Float64Array | undefined, other: Float64Array, from: number, to: number): boolean {
  if (!one || one === noColumn) return false;
  for (let i = from; i < to; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
}

function writeWithLength(out: ByteWriter, part: ByteWriter): void {
  out.unsigned(part.at);
  out.reserve(part.at);
  out.bytes.set(part.bytes.subarray(0, part.at), out.at);
  out.at += part.at;
}

/** Lengths of alternating runs, absent first. */
function writePresence(out: ByteWriter, column: Float64Array, from: number, to: number): void {
  const runs: number[] = [];
  let absent = true;
  let run = 0;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(column[i]) === absent) run++;
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

/** Zeros come as a 0 followed by how many more there are. */
function writeRuns(out: ByteWriter, values: Float64Array, count: number): void {
  out.reserve(count * 8 + 8);
  const bytes = out.bytes;
  let at = out.at;
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    at = putSigned(bytes, at, value);
    if (value !== 0) continue;
    const start = i;
    while (i + 1 < count && values[i + 1] === 0) i++;
    at = putUnsigned(bytes, at, i - start);
  }
  out.at = at;
}

function writePlain(out: ByteWriter, column: Float64Array, from: number, to: number): void {
  out.reserve((to - from) * 8);
  const view = new DataView(out.bytes.buffer);
  for (let i = from; i < to; i++) {
    const value = column[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    view.setFloat64(out.at, value, true);
    out.at += 8;
  }
}

/** Packs grow by small segments, because what is there need not be read then; this many become one. */
const mergeSegments = 8;
/** Segments that cover more than this are left as they are: eight days of a month of hours. */
const wholeMs = 6 * 24 * 3_600_000;

/** Puts rows, which come after all that are there, behind a pack; now and then makes one segment of the last ones. */
export function appendTo(writer: PackWriter, pack: Uint8Array, table: Table): Uint8Array<ArrayBuffer> {
  const segments = segmentsOf(pack);
  let first = segments.length;
  while (first > 0 && isSmall(segments[first - 1])) first--;
  if (segments.length - first + 1 < mergeSegments) return writer.append(pack, table);
  const small = segments.slice(first);
  checkSums(small);
  const before = pack.subarray(0, small[0]?.start ?? pack.length);
  return writer.append(before, tableOf([...small, table]));
}

function isSmall(segment: Segment | undefined): boolean {
  return segment !== undefined && segment.last - segment.first < wholeMs;
}
