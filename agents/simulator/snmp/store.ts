import { element, lengthSize, Tag, writeLength } from './ber.ts';
import { compareOids, encodeOid } from './oid.ts';
import type { SnmpValue } from './value.ts';

/** The entry is not there at present. */
export const absent = -1;
/** The entry did not fit. */
export const full = -2;

/** What an SNMP agent answers from: entries in the order of their OIDs, addressed by their index. */
export interface OidStore {
  readonly size: number;
  /** Index of exactly this OID (content bytes), or -1. */
  exact(oid: Uint8Array, from: number, to: number): number;
  /** Index of the first entry behind this OID; `size` when there is none. */
  after(oid: Uint8Array, from: number, to: number): number;
  /** The entry that a walk finds behind the one at `index`. */
  following(index: number): number;
  /** Content bytes of the OID at an index. */
  oid(index: number): Uint8Array;
  /** Writes the entry as a complete VarBind; returns the place behind it, `absent` or `full`. */
  write(index: number, out: Uint8Array, at: number, end: number): number;
}

export interface StoreEntry {
  /** Dotted form. */
  readonly oid: string;
  /** A function is asked at every query; undefined means that there is no such entry now. */
  readonly value: SnmpValue | (() => SnmpValue | undefined);
}

/** Sorted OIDs in one flat array; a search compares bytes and builds no strings. */
class SortedOids {
  readonly size: number;
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;

  constructor(oids: readonly Uint8Array[]) {
    this.size = oids.length;
    this.#bytes = Buffer.concat(oids);
    this.#starts = new Uint32Array(oids.length + 1);
    let at = 0;
    for (const [index, oid] of oids.entries()) {
      this.#starts[index] = at;
      at += oid.length;
    }
    this.#starts[oids.length] = at;
  }

  /** Index of the first OID that is not before the given one, and whether it is the same. */
  search(oid: Uint8Array, from: number, to: number): { index: number; same: boolean } {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareOids(
        this.#bytes,
        this.#starts[middle] ?? 0,
        this.#starts[middle + 1] ?? 0,
        oid,
        from,
        to,
      );
      if (order === 0) return { index: middle, same: true };
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return { index: low, same: false };
  }

  at(index: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[index], this.#starts[index + 1]);
  }
}

abstract class SortedStore implements OidStore {
  readonly size: number;
  protected readonly oids: SortedOids;

  constructor(oids: readonly Uint8Array[]) {
    this.oids = new SortedOids(oids);
    this.size = oids.length;
  }

  exact(oid: Uint8Array, from: number, to: number): number {
    const found = this.oids.search(oid, from, to);
    return found.same ? found.index : -1;
  }

  after(oid: Uint8Array, from: number, to: number): number {
    const found = this.oids.search(oid, from, to);
    return found.same ? found.index + 1 : found.index;
  }

  following(index: number): number {
    return index + 1;
  }

  oid(index: number): Uint8Array {
    return this.oids.at(index);
  }

  abstract write(index: number, out: Uint8Array, at: number, end: number): number;
}

/** Fixed values (a recording): every VarBind lies encoded in one flat array and is only copied. */
export class RecordedStore extends SortedStore {
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;

  /** Entries in any order; of several with the same OID the last one holds. */
  constructor(entries: readonly { readonly oid: Uint8Array; readonly value: SnmpValue }[]) {
    const sorted = sortedOnce(entries);
    super(sorted.map((entry) => entry.oid));
    const parts = sorted.map((entry) => varBind(entry.oid, entry.value));
    this.#bytes = Buffer.concat(parts);
    this.#starts = new Uint32Array(parts.length + 1);
    let at = 0;
    for (const [index, part] of parts.entries()) {
      this.#starts[index] = at;
      at += part.length;
    }
    this.#starts[parts.length] = at;
  }

  write(index: number, out: Uint8Array, at: number, end: number): number {
    const from = this.#starts[index] ?? 0;
    const to = this.#starts[index + 1] ?? 0;
    if (at + to - from > end) return full;
    for (let source = from; source < to; source++) out[at++] = this.#bytes[source] ?? 0;
    return at;
  }
}

/** Values that may be computed at the time of the query. */
export class LiveStore extends SortedStore {
  readonly #values: readonly StoreEntry['value'][];

  /** @throws BerError when an OID is none. Of several with the same OID the last one holds. */
  constructor(entries: readonly StoreEntry[]) {
    const sorted = sortedOnce(entries.map((entry) => ({ oid: encodeOid(entry.oid), value: entry.value })));
    super(sorted.map((entry) => entry.oid));
    this.#values = sorted.map((entry) => entry.value);
  }

  write(index: number, out: Uint8Array, at: number, end: number): number {
    const source = this.#values[index];
    const value = typeof source === 'function' ? source() : source;
    return value === undefined ? absent : writeVarBind(out, at, end, this.oids.at(index), value);
  }
}

function sortedOnce<T extends { readonly oid: Uint8Array }>(entries: readonly T[]): T[] {
  const order = (a: T, b: T) => compareOids(a.oid, 0, a.oid.length, b.oid, 0, b.oid.length);
  const sorted = [...entries].sort(order);
  return sorted.filter((entry, index) => {
    const next = sorted[index + 1];
    return next === undefined || order(entry, next) !== 0;
  });
}

/** One VarBind: a sequence of an OID and a value. */
export function varBind(oid: Uint8Array, value: SnmpValue): Uint8Array {
  return element(Tag.sequence, Buffer.concat([element(Tag.oid, oid), value]));
}

/** Writes a VarBind and returns the place behind it, or `full`. */
export function writeVarBind(
  out: Uint8Array,
  at: number,
  end: number,
  oid: Uint8Array,
  value: SnmpValue,
): number {
  const content = 1 + lengthSize(oid.length) + oid.length + value.length;
  if (at + 1 + lengthSize(content) + content > end) return full;
  out[at] = Tag.sequence;
  let next = writeLength(out, at + 1, content);
  out[next] = Tag.oid;
  next = writeLength(out, next + 1, oid.length);
  out.set(oid, next);
  out.set(value, next + oid.length);
  return next + oid.length + value.length;
}
