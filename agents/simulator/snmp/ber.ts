/** Tags of what SNMP uses of ASN.1's basic encoding rules (RFC 3417 section 8, RFC 2578 section 7.1, RFC 3416 section 3). */
export const Tag = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;

/** The bytes are not what they should be. */
export class BerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BerError';
  }
}

/** Reads BER from a part of a buffer, and never outside of it. Every method throws BerError on bytes that do not fit. */
export class BerReader {
  readonly bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Tag of the next element, 0 at the end. */
  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? 0) : 0;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Steps behind tag and length; returns where the content ends. */
  open(tag: number): number {
    if (this.peek() !== tag) throw new BerError(`expected tag ${tag}, found ${this.peek()}`);
    return this.openAny();
  }

  /** As `open`, for any tag of one byte. */
  openAny(): number {
    if (this.end - this.at < 2) throw new BerError('element is cut off');
    if (((this.bytes[this.at] ?? 0) & 0x1f) === 0x1f) throw new BerError('tag of several bytes');
    this.at++;
    let length = this.bytes[this.at++] ?? 0;
    if (length >= 0x80) {
      let count = length & 0x7f;
      // 0 would be the indefinite form, which SNMP forbids (RFC 3417 section 8).
      if (count === 0 || count > 4 || this.end - this.at < count) throw new BerError('bad length');
      length = 0;
      while (count-- > 0) length = length * 256 + (this.bytes[this.at++] ?? 0);
    }
    if (length > this.end - this.at) throw new BerError('length reaches behind the end');
    return this.at + length;
  }

  /** Goes into an element: reads are confined to it until `leave` is called with the returned value. */
  enter(tag: number): number {
    const outer = this.end;
    this.end = this.open(tag);
    return outer;
  }

  /** Leaves an element that must have been read completely. */
  leave(outer: number): void {
    if (this.at !== this.end) throw new BerError('element has more than it should');
    this.end = outer;
  }

  /** A signed integer of at most 32 bits; a leading zero byte for an unsigned one is accepted. */
  integer(tag: number = Tag.integer): number {
    const stop = this.open(tag);
    const length = stop - this.at;
    if (length < 1 || length > 5) throw new BerError('integer of a wrong length');
    if (length === 5 && this.bytes[this.at] !== 0) throw new BerError('integer above 32 bits');
    let value = (this.bytes[this.at] ?? 0) > 127 ? -1 : 0;
    while (this.at < stop) value = value * 256 + (this.bytes[this.at++] ?? 0);
    return value;
  }

  /** The content of an octet string (not copied). */
  octets(tag: number = Tag.octets): Uint8Array {
    const stop = this.open(tag);
    const content = this.bytes.subarray(this.at, stop);
    this.at = stop;
    return content;
  }

  skip(): void {
    this.at = this.openAny();
  }
}

/** Bytes that a length takes. */
export function lengthSize(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x10000) return 3;
  return 4;
}

/** Writes a length at `at` and returns the place behind it. */
export function writeLength(out: Uint8Array, at: number, length: number): number {
  if (length < 0x80) {
    out[at] = length;
    return at + 1;
  }
  const size = lengthSize(length) - 1;
  out[at++] = 0x80 | size;
  for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) out[at++] = (length >>> shift) & 0xff;
  return at;
}

/** One element with this content. */
export function element(tag: number, content: Uint8Array): Uint8Array {
  const head = 1 + lengthSize(content.length);
  const out = new Uint8Array(head + content.length);
  out[0] = tag;
  writeLength(out, 1, content.length);
  out.set(content, head);
  return out;
}

/** A sequence (or another constructed tag) of elements. */
export function sequence(parts: readonly Uint8Array[], tag: number = Tag.sequence): Uint8Array {
  return element(tag, Buffer.concat(parts));
}
