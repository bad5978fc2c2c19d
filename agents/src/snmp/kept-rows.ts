import { decodeValue, type SnmpValue, toNumber } from './decode.ts';
import { decodeIndex } from './oid.ts';
import type { RowSink } from './walk.ts';

/** Marks among the numbers: the cell holds octets or an OID, kept as text beside. */
const octetsMark = Number.POSITIVE_INFINITY;
const oidMark = Number.NEGATIVE_INFINITY;
const lastStamp = 255;
/** Of tables without rows, which most are. */
const noNumbers = new Float64Array(0);
const noStamps = new Uint8Array(0);

/** A column that a walk brings: where its values are kept, and whether a negative one is a Gauge32 written as Integer32. */
export interface KeptColumn {
  readonly slot: number;
  readonly unsigned: boolean;
}

/**
 * The rows of one table, kept from walk to walk in flat arrays and overwritten in place: an agent holds a million of them and
 * reads each every minute, so that an object for a value would be garbage by the million. Octets are kept as Latin-1
 * text, which takes a fifth of the memory of a small Uint8Array.
 */
export class KeptRows implements RowSink {
  private readonly width: number;
  private readonly watched: readonly boolean[];
  private numbers = noNumbers;
  private stamps = noStamps;
  private seen = noStamps;
  /** By slot, for those that ever held text. */
  private readonly texts: (string[] | undefined)[] = [];
  private suffixes: string[] = [];
  private indexes: string[] = [];
  private byIndex: Map<string, number> | null = null;
  private columns: readonly KeptColumn[] = [];
  private stamp = 0;
  private walking = false;
  private met = 0;
  private changed = false;

  /** @param watched slots whose change makes {@link finish} tell of it */
  constructor(width: number, watched: readonly number[]) {
    this.width = width;
    this.watched = Array.from({ length: width }, (_, slot) => watched.includes(slot));
  }

  /** Rows met by the walk under way or the last one. */
  get length(): number {
    return this.met;
  }

  /** Before a walk over these columns; one that was broken off leaves values of both. */
  begin(columns: readonly KeptColumn[]): void {
    if (this.walking || this.stamp === lastStamp) {
      this.stamps.fill(0);
      this.seen.fill(0);
      this.stamp = 0;
    }
    this.stamp++;
    this.walking = true;
    this.met = 0;
    this.columns = columns;
  }

  row(expected: number, bytes: Uint8Array, start: number, end: number, limit: number): number {
    let at = expected;
    if (!isSuffix(this.suffixes[at], bytes, start, end)) {
      const index = decodeIndex(bytes, start, end);
      this.byIndex ??= new Map(this.indexes.map((each, position) => [each, position]));
      const known = this.byIndex.get(index);
      if (known === undefined) {
        if (this.met >= limit) return -1;
        at = this.append(index, latin1(bytes, start, end));
      } else {
        at = known;
      }
    }
    if (this.seen[at] !== this.stamp) {
      if (this.met >= limit) return -1;
      this.seen[at] = this.stamp;
      this.met++;
    }
    return at;
  }

  put(row: number, position: number, bytes: Uint8Array, tag: number, start: number, end: number): void {
    const column = this.columns[position];
    if (!column) return;
    const { slot } = column;
    const cell = row * this.width + slot;
    this.stamps[cell] = this.stamp;
    if (tag === 0x04) {
      this.putText(row, slot, cell, octetsMark, bytes, start, end);
      return;
    }
    const value = decodeValue(bytes, tag, start, end);
    if (typeof value !== 'number') {
      this.setCell(row, slot, cell, value);
      return;
    }
    this.setNumber(slot, cell, column.unsigned && value < 0 ? value + 2 ** 32 : value);
  }

  /**
   * After a walk that came to its end: what it did not bring is missing from now on. Null when the rows and the watched slots are
   * as before; else the rows' former positions in their new order, beyond the former number of rows for new ones.
   */
  finish(): readonly number[] | null {
    const { columns, stamp, width } = this;
    this.walking = false;
    let gone = false;
    for (let row = 0; row < this.indexes.length; row++) {
      if (this.seen[row] !== stamp) {
        gone = true;
        continue;
      }
      for (let i = 0; i < columns.length; i++) {
        const slot = columns[i]?.slot ?? 0;
        const cell = row * width + slot;
        if (this.stamps[cell] !== stamp) this.setNumber(slot, cell, Number.NaN);
      }
    }
    if (!gone && !this.changed) return null;
    this.changed = false;
    const order: number[] = [];
    for (let row = 0; row < this.indexes.length; row++) if (this.seen[row] === stamp) order.push(row);
    return this.reorder(order);
  }

  /** Keeps these rows, by index, and no others; for tables that are not walked into it. As {@link finish}. */
  keep(indexes: readonly string[]): readonly number[] {
    const known = new Map(this.indexes.map((each, position) => [each, position]));
    return this.reorder(indexes.map((index) => known.get(index) ?? this.append(index, '')));
  }

  /** Position of the row with this index; -1: there is none. */
  at(index: string): number {
    return this.indexes.indexOf(index);
  }

  index(row: number): string {
    return this.indexes[row] ?? '';
  }

  value(row: number, slot: number): SnmpValue {
    if (slot < 0) return undefined;
    const number = this.numbers[row * this.width + slot];
    if (number === octetsMark) return Buffer.from(this.texts[slot]?.[row] ?? '', 'latin1');
    if (number === oidMark) return this.texts[slot]?.[row];
    return Number.isNaN(number) ? undefined : number;
  }

  /** The value as a number, where it is one or reads as one. */
  number(row: number, slot: number): number | undefined {
    if (slot < 0 || row < 0) return undefined;
    const number = this.numbers[row * this.width + slot];
    if (number === undefined || Number.isNaN(number)) return undefined;
    return Number.isFinite(number) ? number : toNumber(this.value(row, slot));
  }

  /** A value that came in another way than by a walk; {@link finish} does not tell of it. */
  set(row: number, slot: number, value: SnmpValue): void {
    const { changed } = this;
    this.setCell(row, slot, row * this.width + slot, value);
    this.changed = changed;
  }

  private setCell(row: number, slot: number, cell: number, value: SnmpValue): void {
    if (typeof value === 'string') this.setText(row, slot, cell, oidMark, value);
    else if (value instanceof Uint8Array) this.putText(row, slot, cell, octetsMark, value, 0, value.length);
    // Opaque floats may be infinite: that is no value.
    else this.setNumber(slot, cell, value !== undefined && Number.isFinite(value) ? value : Number.NaN);
  }

  private setNumber(slot: number, cell: number, value: number): void {
    if (this.watched[slot] && !Object.is(this.numbers[cell], value)) this.changed = true;
    this.numbers[cell] = value;
  }

  private putText(
    row: number,
    slot: number,
    cell: number,
    mark: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (this.numbers[cell] === mark && isSuffix(this.texts[slot]?.[row], bytes, start, end)) return;
    this.setText(row, slot, cell, mark, latin1(bytes, start, end));
  }

  private setText(row: number, slot: number, cell: number, mark: number, text: string): void {
    const texts = this.texts[slot] ?? [];
    this.texts[slot] = texts;
    if (this.watched[slot] && (this.numbers[cell] !== mark || texts[row] !== text)) this.changed = true;
    while (texts.length < row) texts.push('');
    texts[row] = text;
    this.numbers[cell] = mark;
  }

  private append(index: string, suffix: string): number {
    const row = this.indexes.length;
    if (row >= this.seen.length) this.resize(Math.max(8, row * 2));
    this.numbers.fill(Number.NaN, row * this.width, (row + 1) * this.width);
    this.indexes.push(index);
    this.suffixes.push(suffix);
    this.byIndex?.set(index, row);
    this.changed = true;
    return row;
  }

  private resize(rows: number): void {
    const { numbers, stamps, seen, width } = this;
    this.numbers = new Float64Array(rows * width);
    this.numbers.set(numbers.subarray(0, rows * width));
    this.stamps = new Uint8Array(rows * width);
    this.stamps.set(stamps.subarray(0, rows * width));
    this.seen = new Uint8Array(rows);
    this.seen.set(seen.subarray(0, rows));
  }

  private reorder(order: readonly number[]): readonly number[] {
    if (order.length === 0 && this.indexes.length === 0) return order;
    const { numbers, width } = this;
    this.numbers = new Float64Array(order.length * width);
    order.forEach((from, row) => {
      this.numbers.set(numbers.subarray(from * width, (from + 1) * width), row * width);
    });
    this.texts.forEach((texts, slot) => {
      if (texts) this.texts[slot] = order.map((from) => texts[from] ?? '');
    });
    this.suffixes = order.map((from) => this.suffixes[from] ?? '');
    this.indexes = order.map((from) => this.indexes[from] ?? '');
    this.byIndex = null;
    // Without stamps of their own all rows are unseen, which the next walk changes.
    this.stamps = new Uint8Array(order.length * width);
    this.seen = new Uint8Array(order.length);
    this.stamp = 0;
    this.met = order.length;
    this.changed = false;
    return order;
  }
}

function isSuffix(text: string | undefined, bytes: Uint8Array, start: number, end: number): boolean {
  if (text === undefined || text.length !== end - start) return false;
  for (let i = text.length - 1; i >= 0; i--) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
