import { compareOids } from './oid.ts';
import type { OidStore } from './store.ts';

/**
 * Two stores as one: a fixed one, and one that is made again when its version has changed, for tables whose rows come and go.
 * No OID may be in both. An index holds until the next `exact` or `after`.
 */
export class MovingStore implements OidStore {
  readonly #fixed: OidStore;
  readonly #make: () => OidStore;
  readonly #version: () => number;
  #made: { readonly version: number; readonly moving: OidStore; readonly order: Int32Array } | null = null;

  constructor(options: { fixed: OidStore; moving: () => OidStore; version: () => number }) {
    this.#fixed = options.fixed;
    this.#make = options.moving;
    this.#version = options.version;
  }

  get size(): number {
    return this.#current().order.length;
  }

  exact(oid: Uint8Array, from: number, to: number): number {
    const place = this.after(oid, from, to) - 1;
    if (place < 0) return -1;
    const before = this.oid(place);
    return compareOids(before, 0, before.length, oid, from, to) === 0 ? place : -1;
  }

  after(oid: Uint8Array, from: number, to: number): number {
    this.#refresh();
    const { moving } = this.#current();
    // As many of each store come before the place in the merged order.
    return this.#fixed.after(oid, from, to) + moving.after(oid, from, to);
  }

  following(index: number): number {
    return index + 1;
  }

  oid(index: number): Uint8Array {
    const { moving, order } = this.#current();
    const place = order[index] ?? 0;
    return place >= 0 ? this.#fixed.oid(place) : moving.oid(~place);
  }

  write(index: number, out: Uint8Array, at: number, end: number): number {
    const { moving, order } = this.#current();
    const place = order[index] ?? 0;
    return place >= 0 ? this.#fixed.write(place, out, at, end) : moving.write(~place, out, at, end);
  }

  #current() {
    return this.#made ?? this.#refresh();
  }

  #refresh() {
    const version = this.#version();
    if (this.#made?.version === version) return this.#made;
    const moving = this.#make();
    this.#made = { version, moving, order: merged(this.#fixed, moving) };
    return this.#made;
  }
}

/** Places of both stores in the order of their OIDs; those of the second as their complement. */
function merged(first: OidStore, second: OidStore): Int32Array {
  const order = new Int32Array(first.size + second.size);
  let [a, b] = [0, 0];
  for (let at = 0; at < order.length; at++) {
    if (b >= second.size) order[at] = a++;
    else if (a >= first.size) order[at] = ~b++;
    else {
      const [left, right] = [first.oid(a), second.oid(b)];
      order[at] = compareOids(left, 0, left.length, right, 0, right.length) < 0 ? a++ : ~b++;
    }
  }
  return order;
}
