/** Bytes of one message that are kept; the rest of it is read and thrown away. */
export const longestMessage = 8192;
/** What a length may say at most. */
const longestCounted = 1_000_000;
const lf = 0x0a;
const nul = 0x00;

/**
 * Cuts a TCP stream into messages (RFC 6587): by their length where one stands before a message, else at line ends. A sender may change
 * between the two. Holds at most one message.
 */
export class Framing {
  #held: Buffer = Buffer.alloc(0);
  /** Bytes that are still to be thrown away; 'line': up to the next line end. */
  #skip: number | 'line' = 0;

  /** @returns the messages that are complete now */
  push(chunk: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (this.#held.length > 0) {
      if (this.#skip !== 0) {
        if (!this.#skipped()) break;
        continue;
      }
      const found = this.#first();
      if (found === null) break;
      const { message, length } = found;
      this.#held = this.#held.subarray(length);
      if (message.length > 0) messages.push(message);
    }
    // What is held is not to keep the whole of a large read.
    if (this.#held.length > 0) this.#held = Buffer.from(this.#held);
    return messages;
  }

  /** What is left when the connection ends. */
  end(): Buffer[] {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    const isWhole = this.#skip === 0 && rest.length > 0 && lengthAt(rest) === null;
    return isWhole ? [rest] : [];
  }

  #skipped(): boolean {
    if (this.#skip === 'line') {
      const end = lineEnd(this.#held);
      this.#held = this.#held.subarray(end < 0 ? this.#held.length : end + 1);
      if (end < 0) return false;
      this.#skip = 0;
      return true;
    }
    const now = Math.min(this.#skip, this.#held.length);
    this.#held = this.#held.subarray(now);
    this.#skip -= now;
    return this.#skip === 0;
  }

  #first(): { message: Buffer; length: number } | null {
    const counted = lengthAt(this.#held);
    if (counted === 'more') return null;
    if (counted !== null) {
      const kept = Math.min(counted.length, longestMessage);
      if (this.#held.length < counted.from + kept) return null;
      this.#skip = counted.length - kept;
      const message = this.#held.subarray(counted.from, counted.from + kept);
      return { message, length: counted.from + kept };
    }
    const end = lineEnd(this.#held);
    if (end >= 0 && end <= longestMessage) return { message: this.#held.subarray(0, end), length: end + 1 };
    if (this.#held.length <= longestMessage) return null;
    this.#skip = 'line';
    return { message: this.#held.subarray(0, longestMessage), length: longestMessage };
  }
}

/**
 * A length at the beginning, as in `123 <34>…`; null: there is none. A line may begin with a figure, too, but not with a figure, a blank
 * and a priority.
 */
function lengthAt(bytes: Buffer): { length: number; from: number } | 'more' | null {
  let at = 0;
  while (at < bytes.length && at < 8 && isFigure(bytes[at])) at++;
  if (at === 0 || at === 8 || bytes[0] === 0x30) return null;
  if (at === bytes.length) return 'more';
  if (bytes[at] !== 0x20) return null;
  if (at + 1 === bytes.length) return 'more';
  if (bytes[at + 1] !== 0x3c) return null;
  const length = Number(bytes.toString('latin1', 0, at));
  return length > longestCounted ? null : { length, from: at + 1 };
}

function isFigure(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function lineEnd(bytes: Buffer): number {
  const line = bytes.indexOf(lf);
  const end = bytes.indexOf(nul);
  return line < 0 ? end : end < 0 ? line : Math.min(line, end);
}
