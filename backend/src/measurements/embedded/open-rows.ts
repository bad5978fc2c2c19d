import { crc32 } from 'node:zlib';
import type { TableBuilder } from './table-builder.ts';
import { ByteReader, DamagedBytes, putSigned, putUnsigned } from './varint.ts';

/**
 * Readings that are not packed yet, in memory as they are in the journal: rows of bytes, one behind the other in pieces of
 * a megabyte. A row:
 *
 *     how far back in the log the row before it of the same entity begins, 0 for none (4 bytes; of no meaning on disk)
 *     entity (4 bytes) · time (6 bytes) · how many values (1 byte) · each as field and scaled value, varints
 *
 * So a district's ten minutes take some 4 bytes a value and no objects. Places in the log are numbers that only grow.
 */
const pieceBytes = 2 ** 20;
const headerBytes = 15;
const valueBytes = 18;
/** More fields than the catalogue has for one kind, by far. */
const maxValues = 255;
const maxRowBytes = headerBytes + maxValues * valueBytes;
const checksumBytes = 4;

export class OpenRows {
  readonly #pieces = new Map<number, Uint8Array<ArrayBuffer>>();
  /** Where the rows of a full piece end. */
  readonly #ends = new Map<number, number>();
  #firstPiece = 1;
  #piece = 0;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #at = pieceBytes;
  /** By entity: where the row is that came last, of those that wait to be packed; how many wait; and the newest by time of all. 0: none. */
  #head = new Float64Array(1024);
  #open = new Uint32Array(1024);
  #newest = new Float64Array(1024);
  #newestTime = new Float64Array(1024);
  /** Rows added and not yet linked: where each is. */
  #pending = new Float64Array(4096);
  #pendingCount = 0;
  #pendingFrom = { piece: 0, at: pieceBytes };
  #rowStart = 0;
  #rowValues = 0;
  #openCount = 0;
  /** Used again by each `read`. */
  #places = new Float64Array(64);
  readonly #input = new ByteReader(new Uint8Array(0));

  /** Where the next row will be at the earliest. */
  get position(): number {
    return this.#piece * pieceBytes + this.#at;
  }

  /** Bytes of memory that rows take. */
  get bytes(): number {
    return this.#pieces.size * pieceBytes;
  }

  /** Rows that wait to be packed. */
  get count(): number {
    return this.#openCount;
  }

  /** Entities from 0 to before this may have rows. */
  get entityLimit(): number {
    return this.#head.length;
  }

  openOf(entity: number): number {
    return this.#open[entity] ?? 0;
  }

  newestTime(entity: number): number {
    return this.#newestTime[entity] ?? 0;
  }

  /** The newest time of all; 0: there is none. */
  newestOfAll(): number {
    return this.#newestTime.reduce((newest, time) => Math.max(newest, time), 0);
  }

  /** Begins a row; at most 255 values follow. It counts once it is linked. */
  begin(entity: number, time: number): void {
    if (this.#at + maxRowBytes > pieceBytes) this.#nextPiece();
    const bytes = this.#bytes;
    this.#rowStart = this.#at;
    this.#rowValues = 0;
    put32(bytes, this.#at, 0);
    put32(bytes, this.#at + 4, entity);
    put32(bytes, this.#at + 8, time % 2 ** 32);
    const high = Math.floor(time / 2 ** 32);
    bytes[this.#at + 12] = high & 0xff;
    bytes[this.#at + 13] = high >>> 8;
    this.#at += headerBytes;
  }

  value(field: number, value: number): void {
    if (this.#rowValues === maxValues) return;
    this.#rowValues++;
    this.#at = putSigned(this.#bytes, putUnsigned(this.#bytes, this.#at, field), value);
  }

  /** Ends the row. One without values is taken back. @returns whether there is a row. */
  end(): boolean {
    if (this.#rowValues === 0) {
      this.#at = this.#rowStart;
      return false;
    }
    this.#bytes[this.#rowStart + 14] = this.#rowValues;
    if (this.#pendingCount === this.#pending.length) {
      const larger = new Float64Array(this.#pendingCount * 2);
      larger.set(this.#pending);
      this.#pending = larger;
    }
    this.#pending[this.#pendingCount++] = this.#piece * pieceBytes + this.#rowStart;
    return true;
  }

  /** The rows added since the last `link` or `discard`, for the journal, each part with a checksum in front. */
  pendingParts(): Uint8Array<ArrayBuffer>[] {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    if (this.#pendingCount === 0) return parts;
    const from = this.#pendingFrom;
    for (let piece = from.piece; piece <= this.#piece; piece++) {
      const start = piece === from.piece ? from.at : 0;
      const end = piece === this.#piece ? this.#at : (this.#ends.get(piece) ?? 0);
      const bytes = this.#pieces.get(piece);
      if (!bytes || end <= start) continue;
      const part = new Uint8Array(checksumBytes + end - start);
      part.set(bytes.subarray(start, end), checksumBytes);
      put32(part, 0, crc32(part.subarray(checksumBytes)));
      parts.push(part);
    }
    return parts;
  }

  /** Takes the rows added since the last `link` back. */
  discard(): void {
    for (let piece = this.#piece; piece > this.#pendingFrom.piece; piece--) this.#pieces.delete(piece);
    const { piece, at } = this.#pendingFrom;
    if (this.#pendingCount > 0 || this.#piece !== piece) {
      this.#piece = piece;
      this.#at = at;
      this.#bytes = this.#pieces.get(piece) ?? new Uint8Array(0);
    }
    this.#pendingCount = 0;
  }

  /** Makes the rows added since the last time count. `known` is asked to tell the newest packed row when it may matter. */
  link(known: (entity: number, time: number) => void): void {
    const count = this.#pendingCount;
    for (let i = 0; i < count; i++) {
      const position = this.#pending[i] ?? 0;
      const bytes = this.#pieceOf(position);
      const at = position % pieceBytes;
      const entity = get32(bytes, at + 4);
      const time = timeAt(bytes, at);
      this.#growTo(entity);
      const head = this.#head[entity] ?? 0;
      // Further back than four bytes can say only what has long been packed.
      if (head > 0 && position - head < 2 ** 32) put32(bytes, at, position - head);
      this.#head[entity] = position;
      this.#open[entity] = (this.#open[entity] ?? 0) + 1;
      if (this.#newest[entity] === 0) known(entity, time);
      this.#setNewest(entity, time, position);
    }
    this.#openCount += count;
    this.#pendingCount = 0;
    // What was added meanwhile, as newest rows, is for memory only.
    this.#pendingFrom = this.#here();
  }

  #here(): { piece: number; at: number } {
    return { piece: this.#piece, at: this.#at };
  }

  #setNewest(entity: number, time: number, position: number): void {
    const newest = this.#newest[entity] ?? 0;
    const newestTime = this.#newestTime[entity] ?? 0;
    if (newest > 0 && time < newestTime) return;
    if (newest === 0 || time > newestTime) {
      this.#newest[entity] = position;
      this.#newestTime[entity] = time;
      return;
    }
    // The same time again: the newest reading is both, value by value.
    const joined = new Map<number, number>();
    for (const row of [newest, position]) this.readRow(row, (field, value) => joined.set(field, value));
    this.keepNewest(entity, time, joined);
  }

  /** Keeps a row as the newest of its entity, in memory only. */
  keepNewest(entity: number, time: number, values: ReadonlyMap<number, number>): void {
    if (values.size === 0) return;
    this.#growTo(entity);
    const pending = this.#pendingCount;
    this.begin(entity, time);
    for (const [field, value] of values) this.value(field, value);
    const position = this.#piece * pieceBytes + this.#rowStart;
    this.end();
    this.#pendingCount = pending;
    this.#newest[entity] = position;
    this.#newestTime[entity] = time;
    if (pending === 0) this.#pendingFrom = this.#here();
  }

  /** Copies the newest row of an entity to the end of the log if it lies before `position`, so that what lies there can go. */
  carryNewest(entity: number, position: number): void {
    const newest = this.#newest[entity] ?? 0;
    if (newest === 0 || newest >= position) return;
    const values = new Map<number, number>();
    this.readRow(newest, (field, value) => values.set(field, value));
    this.keepNewest(entity, this.#newestTime[entity] ?? 0, values);
  }

  /** Calls back with the values of the newest row. @returns its time; 0: none is known. */
  readNewest(entity: number, use: (field: number, value: number) => void): number {
    const newest = this.#newest[entity] ?? 0;
    if (newest === 0) return 0;
    this.readRow(newest, use);
    return this.#newestTime[entity] ?? 0;
  }

  readRow(position: number, use: (field: number, value: number) => void): void {
    const bytes = this.#pieceOf(position);
    const at = position % pieceBytes;
    const input = new ByteReader(bytes, at + headerBytes);
    for (let n = bytes[at + 14] ?? 0; n > 0; n--) {
      const field = input.unsigned();
      use(field, input.signed());
    }
  }

  /**
   * Puts the open rows of an entity into the builder, oldest first, at most so many.
   * @returns where the last of them is, to be given to `packed`; 0: there are none.
   */
  read(entity: number, builder: TableBuilder, atMost = Number.POSITIVE_INFINITY): number {
    const count = this.#open[entity] ?? 0;
    if (count === 0) return 0;
    if (this.#places.length < count) this.#places = new Float64Array(count * 2);
    const places = this.#places;
    const input = this.#input;
    let position = this.#head[entity] ?? 0;
    for (let i = count - 1; i >= 0; i--) {
      places[i] = position;
      position -= get32(this.#pieceOf(position), position % pieceBytes);
    }
    builder.begin();
    let last = 0;
    for (let i = 0; i < count && i < atMost; i++) {
      last = places[i] ?? 0;
      const bytes = this.#pieceOf(last);
      const start = last % pieceBytes;
      builder.row(timeAt(bytes, start));
      let at = start + headerBytes;
      for (let n = bytes[start + 14] ?? 0; n > 0; n--) {
        const field = bytes[at] ?? 0;
        const value = bytes[at + 1] ?? 0;
        // Most often both are a byte.
        if (field < 0x80 && value < 0x80) {
          builder.value(field, (value >>> 1) ^ -(value & 1));
          at += 2;
          continue;
        }
        input.bytes = bytes;
        input.end = bytes.length;
        input.at = at;
        builder.value(input.unsigned(), input.signed());
        at = input.at;
      }
    }
    return last;
  }

  /** Takes the oldest rows of an entity, which have been packed. */
  packed(entity: number, rows: number): void {
    const left = (this.#open[entity] ?? 0) - rows;
    this.#open[entity] = left;
    this.#openCount -= rows;
    if (left === 0) this.#head[entity] = 0;
  }

  /** Frees what lies wholly before `position`. Nothing there may be open or newest. */
  forget(position: number): void {
    while (this.#firstPiece < this.#piece && (this.#firstPiece + 1) * pieceBytes <= position) {
      this.#pieces.delete(this.#firstPiece);
      this.#ends.delete(this.#firstPiece);
      this.#firstPiece++;
    }
  }

  /** Adds what a part of the journal holds, to be linked. @throws DamagedBytes, having added nothing. */
  addJournal(part: Uint8Array): void {
    checkPart(part);
    let at = checksumBytes;
    while (at < part.length) {
      const end = rowEnd(part, at);
      if (this.#at + maxRowBytes > pieceBytes) this.#nextPiece();
      this.#bytes.set(part.subarray(at, end), this.#at);
      put32(this.#bytes, this.#at, 0);
      this.#rowStart = this.#at;
      this.#rowValues = part[at + 14] ?? 0;
      this.#at += end - at;
      this.end();
      at = end;
    }
  }

  #nextPiece(): void {
    this.#ends.set(this.#piece, this.#at);
    this.#piece++;
    this.#at = 0;
    this.#bytes = new Uint8Array(pieceBytes);
    this.#pieces.set(this.#piece, this.#bytes);
    if (this.#pendingCount === 0) this.#pendingFrom = this.#here();
  }

  #pieceOf(position: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#pieces.get(Math.floor(position / pieceBytes));
    if (!bytes) throw new Error(`the log holds nothing at ${position}`);
    return bytes;
  }

  #growTo(entity: number): void {
    if (entity < this.#head.length) return;
    const length = Math.max(entity + 1, this.#head.length * 2);
    this.#head = larger(this.#head, new Float64Array(length));
    this.#open = larger(this.#open, new Uint32Array(length));
    this.#newest = larger(this.#newest, new Float64Array(length));
    this.#newestTime = larger(this.#newestTime, new Float64Array(length));
  }
}

/** Checks a part of the journal and all its rows. @throws DamagedBytes */
export function checkPart(part: Uint8Array): void {
  if (part.length < checksumBytes || crc32(part.subarray(checksumBytes)) !== get32(part, 0))
    throw new DamagedBytes('a part of the journal does not match its checksum');
  let at = checksumBytes;
  while (at < part.length) at = rowEnd(part, at);
}

function rowEnd(bytes: Uint8Array, start: number): number {
  let at = start + headerBytes;
  for (let varints = (bytes[start + 14] ?? 0) * 2; varints > 0; varints--) {
    while ((bytes[at] ?? 0) >= 0x80) at++;
    at++;
  }
  if (at > bytes.length) throw new DamagedBytes('a part of the journal ends too early');
  return at;
}

function timeAt(bytes: Uint8Array, at: number): number {
  return get32(bytes, at + 8) + ((bytes[at + 12] ?? 0) | ((bytes[at + 13] ?? 0) << 8)) * 2 ** 32;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = (value >>> 8) & 0xff;
  bytes[at + 2] = (value >>> 16) & 0xff;
  bytes[at + 3] = (value >>> 24) & 0xff;
}

function get32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
