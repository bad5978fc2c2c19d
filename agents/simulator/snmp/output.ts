import { lengthSize, Tag, writeLength } from './ber.ts';
import { integer } from './value.ts';

/** Room in front of the VarBinds for all headers of a message. */
const headRoom = 1024;
/** The most that UDP over IPv4 carries. */
export const maxDatagram = 65_507;

/**
 * A message under construction: VarBinds are written forwards from the middle of a buffer, headers are then put in front
 * of them, so that no length has to be guessed and nothing is copied. Used again for every answer.
 */
export class Output {
  readonly bytes = new Uint8Array(headRoom + maxDatagram);
  /** Where the VarBinds begin. */
  readonly start = headRoom;
  /** Where the message begins and ends at present. */
  head = headRoom;
  end = headRoom;

  reset(): void {
    this.head = headRoom;
    this.end = headRoom;
  }

  /** Puts tag and length of what is there now in front of it. */
  wrap(tag: number, contentEnd = this.end): void {
    const length = contentEnd - this.head;
    this.head -= 1 + lengthSize(length);
    this.bytes[this.head] = tag;
    writeLength(this.bytes, this.head + 1, length);
  }

  /** Puts bytes in front of what is there now. */
  prepend(part: Uint8Array): void {
    this.head -= part.length;
    this.bytes.set(part, this.head);
  }

  prependOctets(content: Uint8Array): void {
    this.prepend(content);
    this.head -= 1 + lengthSize(content.length);
    this.bytes[this.head] = Tag.octets;
    writeLength(this.bytes, this.head + 1, content.length);
  }

  prependInteger(value: number): void {
    this.prepend(integer(value));
  }

  /** A copy of the finished message. */
  message(): Uint8Array {
    return Buffer.from(this.bytes.subarray(this.head, this.end));
  }
}
