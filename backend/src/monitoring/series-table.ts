/** What a key stands for. */
export interface Series {
  readonly deviceId: number;
  /** Number of its kind in the catalogue's `entityKinds`. */
  readonly kind: number;
  /** Its number in the store's EntityNumbers; -1: that depends on who speaks. */
  readonly entity: number;
}

const firstSlots = 1024;
const firstBytes = 32_768;

/**
 * Finds what a line is about by the bytes of its key, without making text of them: open addressing, each key's bytes kept in one
 * long array. Bounded: at `most` keys it begins anew, and they are read once more.
 */
export class SeriesTable {
  readonly #most: number;
  /** Number of the series + 1; 0: free. */
  #slots = new Int32Array(firstSlots);
  #hashes = new Int32Array(firstSlots);
  #bytes = new Uint8Array(firstBytes);
  /** Where the bytes of each series begin, and after the last one where they end. */
  #starts = [0];
  #series: Series[] = [];

  constructor(most = 2 ** 21) {
    this.#most = most;
  }

  get size(): number {
    return this.#series.length;
  }

  find(bytes: Uint8Array, start: number, end: number, hash: number): Series | undefined {
    const mask = this.#slots.length - 1;
    for (let at = spread(hash) & mask; ; at = (at + 1) & mask) {
      const number = this.#slots[at] ?? 0;
      if (number === 0) return undefined;
      if (this.#hashes[at] === hash && this.#isKey(number - 1, bytes, start, end))
        return this.#series[number - 1];
    }
  }

  /** Keeps one that was not found. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, series: Series): void {
    if (this.#series.length >= this.#most) this.clear();
    if ((this.#series.length + 1) * 2 > this.#slots.length) this.#grow();
    this.#series.push(series);
    const from = this.#starts[this.#series.length - 1] ?? 0;
    const to = from + end - start;
    if (to > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(to, this.#bytes.length * 2));
      longer.set(this.#bytes.subarray(0, from));
      this.#bytes = longer;
    }
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#starts.push(to);
    this.#place(this.#series.length, hash);
  }

  clear(): void {
    this.#slots = new Int32Array(firstSlots);
    this.#hashes = new Int32Array(firstSlots);
    this.#bytes = new Uint8Array(firstBytes);
    this.#starts = [0];
    this.#series = [];
  }

  #isKey(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#bytes;
    let from = this.#starts[number] ?? 0;
    if ((this.#starts[number + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at++, from++) if (bytes[at] !== known[from]) return false;
    return true;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    this.#slots = new Int32Array(slots.length * 2);
    this.#hashes = new Int32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at++) {
      const number = slots[at] ?? 0;
      if (number !== 0) this.#place(number, hashes[at] ?? 0);
    }
  }

  #place(number: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let at = spread(hash) & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = number;
    this.#hashes[at] = hash;
  }
}

/** FNV leaves the low bits of similar keys close together. */
function spread(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 8;
}
