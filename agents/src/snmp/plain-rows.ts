import { decodeValue, type SnmpValue } from './decode.ts';
import { decodeIndex } from './oid.ts';
import type { RowSink, TableRow } from './walk.ts';

/** Octets that a row's index has in the replies, kept to find the row without making text of it. */
interface WalkRow extends TableRow {
  readonly suffix: Uint8Array;
}

/** The rows of one walk as objects, in the order in which they came; for tables that are read now and then. */
export class PlainRows implements RowSink {
  readonly rows: WalkRow[] = [];
  private readonly width: number;
  private byIndex: Map<string, number> | null = null;

  constructor(width: number) {
    this.width = width;
  }

  get length(): number {
    return this.rows.length;
  }

  row(expected: number, bytes: Uint8Array, start: number, end: number, limit: number): number {
    const { rows } = this;
    const guess = rows[expected];
    if (guess && sameBytes(guess.suffix, bytes, start, end)) return expected;
    const index = decodeIndex(bytes, start, end);
    // The common case of the first column: rows come in order, so a row that is behind all others is new.
    if (!this.byIndex && expected < rows.length)
      this.byIndex = new Map(rows.map((row, position) => [row.index, position]));
    const known = this.byIndex?.get(index);
    if (known !== undefined) return known;
    if (rows.length >= limit) return -1;
    rows.push({
      index,
      suffix: bytes.subarray(start, end),
      values: new Array<SnmpValue>(this.width).fill(undefined),
    });
    this.byIndex?.set(index, rows.length - 1);
    return rows.length - 1;
  }

  put(row: number, position: number, bytes: Uint8Array, tag: number, start: number, end: number): void {
    const values = this.rows[row]?.values;
    if (values) values[position] = decodeValue(bytes, tag, start, end);
  }
}

function sameBytes(expected: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (expected.length !== end - start) return false;
  for (let i = expected.length - 1; i >= 0; i--) if (expected[i] !== bytes[start + i]) return false;
  return true;
}
