import { formatLine, type Reading } from '@rackhaus/config/contract';

const firstBytes = 65_536;
/** More than the longest number takes. */
const numberBytes = 32;
/** Integers below it have 32 bits, of which digits are made quickly. */
const billion = 1_000_000_000;

const comma = 0x2c;
const space = 0x20;
const equals = 0x3d;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const lineFeed = 0x0a;

/**
 * Readings as lines (see {@link formatLine}) in UTF-8, each written where the last one ended. As strings they would wait in pieces
 * until they are sent, and be most of what the memory's keeper has to carry away.
 */
export class Lines {
  #bytes = Buffer.allocUnsafe(firstBytes);
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /** A reading has at least one value. */
  add(reading: Reading): void {
    this.#reserve(1);
    if (this.#length > 0) this.#bytes[this.#length++] = lineFeed;
    const start = this.#length;
    if (this.#write(reading)) return;
    this.#length = start;
    this.#text(formatLine(reading));
  }

  /** All lines so far, and begins anew: valid until the next {@link add}. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** False when the name holds what only {@link formatLine} knows to write. */
  #write({ kind, deviceId, entity, values, time }: Reading): boolean {
    // Signs and two numbers are in the room of three.
    this.#reserve(kind.length + 2 * entity.length + 3 * numberBytes);
    let at = writeAscii(this.#bytes, this.#length, kind);
    at = writeAscii(this.#bytes, at, ',d=');
    at = writeNumber(this.#bytes, at, deviceId);
    if (entity !== '') {
      at = writeAscii(this.#bytes, at, ',e=');
      at = writeTag(this.#bytes, at, entity);
      if (at < 0) return false;
    }
    let before = space;
    for (const name in values) {
      this.#length = at;
      this.#reserve(name.length + 3 * numberBytes);
      const bytes = this.#bytes;
      bytes[at++] = before;
      at = writeAscii(bytes, at, name);
      bytes[at++] = equals;
      at = writeNumber(bytes, at, values[name] ?? 0);
      before = comma;
    }
    this.#bytes[at++] = space;
    this.#length = writeNumber(this.#bytes, at, time);
    return true;
  }

  #text(text: string): void {
    // A UTF-16 unit takes at most three bytes.
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  #reserve(more: number): void {
    const most = this.#length + more;
    if (most <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(most, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

// Each writes at a position and returns the one behind.

function writeAscii(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
  return at;
}

/** -1 for what is rare in names. */
function writeTag(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f || code < space || code === backslash) return -1;
    if (code === comma || code === equals || code === space) bytes[at++] = backslash;
    bytes[at++] = code;
  }
  return at;
}

function writeNumber(bytes: Uint8Array, start: number, value: number): number {
  if (!Number.isSafeInteger(value)) return writeAscii(bytes, start, String(value));
  let at = start;
  let size = value;
  if (value < 0) {
    bytes[at++] = minus;
    size = -value;
  }
  if (size < billion) return writeDigits(bytes, at, size, 1);
  const low = size % billion;
  at = writeDigits(bytes, at, (size - low) / billion, 1);
  return writeDigits(bytes, at, low, 9);
}

/** @param least as many digits, zeros in front */
function writeDigits(bytes: Uint8Array, start: number, value: number, least: number): number {
  let left = value | 0;
  let count = least;
  for (let power = 10 ** least; power <= left; power *= 10) count++;
  for (let at = start + count - 1; at >= start; at--) {
    const rest = (left / 10) | 0;
    bytes[at] = zero + left - rest * 10;
    left = rest;
  }
  return start + count;
}
