/** Octets that are not the BER that SNMP uses (X.690, RFC 3417 section 8). */
export class BerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BerError';
  }
}

/** Reads one element after the other out of a datagram; every step is checked against the end of its surroundings. */
export class BerReader {
  readonly bytes: Uint8Array;
  /** Where the next element begins. */
  position: number;
  /** Where the surrounding element ends. */
  limit: number;
  tag = 0;
  /** Content of the element read last. */
  start = 0;
  end = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.limit = end;
  }

  get more(): boolean {
    return this.position < this.limit;
  }

  /**
   * Reads tag and length, and steps behind the element.
   * @throws BerError when it does not fit into its surroundings or has an indefinite length.
   */
  next(): void {
    const { bytes, limit } = this;
    let at = this.position;
    if (at + 2 > limit) throw new BerError('the message ends within an element');
    this.tag = bytes[at++] ?? 0;
    let length = bytes[at++] ?? 0;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4 || at + octets > limit) throw new BerError('unusable length');
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at++] ?? 0);
    }
    if (length > limit - at) throw new BerError('an element is longer than the message');
    this.start = at;
    this.end = at + length;
    this.position = this.end;
  }

  /** Reads an element that must have this tag. */
  expect(tag: number): void {
    this.next();
    if (this.tag !== tag) throw new BerError(`tag ${this.tag} where ${tag} belongs`);
  }

  /** Steps into the element read last. */
  enter(): void {
    this.position = this.start;
    this.limit = this.end;
  }

  /** An INTEGER of at most 32 bits (leading zeros allowed). */
  integer(): number {
    this.expect(0x02);
    const length = this.end - this.start;
    if (length < 1 || length > 5) throw new BerError('an INTEGER of impossible size');
    return signedInteger(this.bytes, this.start, this.end);
  }

  octets(): Uint8Array {
    this.expect(0x04);
    return this.bytes.subarray(this.start, this.end);
  }
}

/** Two's complement; exact up to 2^53. */
export function signedInteger(bytes: Uint8Array, start: number, end: number): number {
  let value = bytes[start] ?? 0;
  if (value >= 0x80) value -= 0x100;
  for (let i = start + 1; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

/** Unsigned; exact up to 2^53. Some agents leave out the leading zero octet, so the first bit is never a sign. */
export function unsignedInteger(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

/** Writes from the end to the beginning, so that every length is known when it is written. */
export class BerWriter {
  private readonly buffer: Buffer;
  private at: number;

  constructor(size = 65_507) {
    this.buffer = Buffer.allocUnsafe(size);
    this.at = size;
  }

  reset(): void {
    this.at = this.buffer.length;
  }

  /** Position to hand to {@link wrap} later. */
  get mark(): number {
    return this.at;
  }

  bytes(content: Uint8Array): void {
    this.at -= content.length;
    if (this.at < 0) throw new BerError('the request is too large');
    this.buffer.set(content, this.at);
  }

  /** Puts tag and length before all that was written since `mark`. */
  wrap(tag: number, mark: number): void {
    const length = mark - this.at;
    if (this.at < 4) throw new BerError('the request is too large');
    const { buffer } = this;
    if (length < 0x80) {
      buffer[--this.at] = length;
    } else if (length < 0x100) {
      buffer[--this.at] = length;
      buffer[--this.at] = 0x81;
    } else {
      buffer[--this.at] = length & 0xff;
      buffer[--this.at] = length >> 8;
      buffer[--this.at] = 0x82;
    }
    buffer[--this.at] = tag;
  }

  element(tag: number, content: Uint8Array): void {
    const mark = this.at;
    this.bytes(content);
    this.wrap(tag, mark);
  }

  /** A non-negative INTEGER below 2^31. */
  integer(value: number): void {
    const mark = this.at;
    let left = value;
    do {
      this.buffer[--this.at] = left & 0xff;
      left >>>= 8;
    } while (left > 0);
    if ((this.buffer[this.at] ?? 0) & 0x80) this.buffer[--this.at] = 0;
    this.wrap(0x02, mark);
  }

  /** The mark behind everything. */
  get size(): number {
    return this.buffer.length;
  }

  /** A copy of what was written, for the socket to keep. */
  take(): Buffer {
    return Buffer.from(this.buffer.subarray(this.at));
  }
}
