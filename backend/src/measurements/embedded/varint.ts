/** What was stored cannot be what was written. */
export class DamagedBytes extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DamagedBytes';
  }
}

const int30 = 2 ** 30;
const int31 = 2 ** 31;

/** Writes a whole number from 0 to 2^53 as LEB128 at `at`, where there must be room for 8 bytes. @returns where it ends. */
export function putUnsigned(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let i = at;
  // Beyond what `<<` can do.
  while (rest >= int31) {
    bytes[i++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 0x80) {
    bytes[i++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[i++] = rest;
  return i;
}

/** The same for a whole number with |value| <= 2^52, zigzag: small ones of either sign are short. */
export function putSigned(bytes: Uint8Array, at: number, value: number): number {
  if (value < int30 && value >= -int30) {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    let i = at;
    while (rest >= 0x80) {
      bytes[i++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[i++] = rest;
    return i;
  }
  return putUnsigned(bytes, at, value >= 0 ? value * 2 : -value * 2 - 1);
}

/** Grows as needed. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  at = 0;

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for as many bytes more. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  unsigned(value: number): void {
    this.reserve(8);
    this.at = putUnsigned(this.bytes, this.at, value);
  }

  signed(value: number): void {
    this.reserve(8);
    this.at = putSigned(this.bytes, this.at, value);
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.at);
  }
}

/** Reads what was written from `at` to before `end`. All its methods throw DamagedBytes past the end. */
export class ByteReader {
  bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    if (this.at >= this.end) throw tooShort();
    return this.bytes[this.at++] ?? 0;
  }

  unsigned(): number {
    const { bytes, end } = this;
    let i = this.at;
    if (i >= end) throw tooShort();
    let byte = bytes[i++] ?? 0;
    let value = byte & 0x7f;
    let shift = 7;
    while (byte >= 0x80 && shift < 28) {
      if (i >= end) throw tooShort();
      byte = bytes[i++] ?? 0;
      value |= (byte & 0x7f) << shift;
      shift += 7;
    }
    let scale = 2 ** 28;
    while (byte >= 0x80) {
      if (i >= end || scale > 2 ** 49) throw tooShort();
      byte = bytes[i++] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    }
    this.at = i;
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    if (value < int31) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function tooShort(): DamagedBytes {
  return new DamagedBytes('the stored bytes end too early');
}
