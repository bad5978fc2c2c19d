import { lineLimits } from './limits.ts';
import { NumberReader } from './number.ts';
import { shown } from './text.ts';

/** In what the times of a batch are counted, since 1970. */
export const precisions = ['ns', 'us', 'ms', 's', 'm', 'h'] as const;
export type Precision = (typeof precisions)[number];

/** How a time becomes milliseconds: its last digits dropped, the rest multiplied. */
const toMilliseconds: Readonly<Record<Precision, { dropped: number; factor: number }>> = {
  ns: { dropped: 6, factor: 1 },
  us: { dropped: 3, factor: 1 },
  ms: { dropped: 0, factor: 1 },
  s: { dropped: 0, factor: 1000 },
  m: { dropped: 0, factor: 60_000 },
  h: { dropped: 0, factor: 3_600_000 },
};
/** The range of JavaScript's Date, 271,821 years to both sides of 1970. */
const maxTime = 8.64e15;

export type ValueType = 'float' | 'integer' | 'unsigned' | 'boolean' | 'string';

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const hash = 0x23;
const comma = 0x2c;
const minus = 0x2d;
const equals = 0x3d;
const backslash = 0x5c;

const shape = '<measurement>[,<tag>=<value>…] <field>=<value>[,<field>=<value>…] [<time>]';

/**
 * Walks over a batch of InfluxDB line protocol, byte by byte and once, and makes nothing of what it passes:
 *
 *     while (scanner.nextLine()) {
 *       while (scanner.nextField()) …
 *       if (scanner.problem !== null) …        // of this line, and only now is it known to be good
 *     }
 *
 * Strict: what is not in the specification is a problem of its line, and the next line is read all the same. A line break
 * belongs to a string when it stands in quotation marks. Names are not looked into, only where they begin and end: who
 * makes text of them checks that they are UTF-8.
 */
export class LineScanner {
  readonly bytes: Uint8Array;
  /** Number of the line, from 1. */
  line = 0;
  /** What is wrong with the line, as the end of a sentence that begins with its number. */
  problem: string | null = null;

  /** Measurement and tags, as they were written. */
  keyStart = 0;
  keyEnd = 0;
  /** 32 bits of the key (FNV-1a). */
  keyHash = 0;

  /** Name of the field, as it was written; `nameEscaped`: there is a backslash in it. */
  nameStart = 0;
  nameEnd = 0;
  nameEscaped = false;
  valueType: ValueType = 'float';
  /** The value as it was written; of a string without its quotation marks. */
  valueStart = 0;
  valueEnd = 0;
  /** The value of a number; of a boolean 0 or 1. Integers beyond 2^53 are the nearest number. */
  number = 0;

  /** Whether the line says its time, and which, in milliseconds since 1970 (rounded down). After its last field. */
  hasTime = false;
  time = 0;

  readonly #numbers = new NumberReader();
  readonly #dropped: number;
  readonly #factor: number;
  #at = 0;
  #nextLineNumber = 1;
  #lineStart = 0;
  #fields = 0;
  /** The line is read to its end. */
  #done = true;

  constructor(bytes: Uint8Array, precision: Precision) {
    this.bytes = bytes;
    const { dropped, factor } = toMilliseconds[precision];
    this.#dropped = dropped;
    this.#factor = factor;
  }

  /** Goes to the next line that is neither empty nor a comment, and finds its key. false: there is none. */
  nextLine(): boolean {
    const { bytes } = this;
    if (!this.#done) this.#skipLine();
    for (; this.#at < bytes.length; this.#skipLine()) {
      this.#skipSpaces();
      const first = bytes[this.#at] ?? newline;
      if (first === newline || first === hash || this.#isLineEnd(this.#at)) continue;
      this.#beginLine();
      return true;
    }
    return false;
  }

  /** Reads the next field; after the last one also the time. false: there is none, or the line has a problem. */
  nextField(): boolean {
    if (this.#done || this.problem !== null) return false;
    if (this.#fields === lineLimits.fields) return this.#fail(`has more than ${lineLimits.fields} fields`);
    this.#fields++;
    return this.#readName() && this.#readValue() && this.#readSeparator();
  }

  #beginLine(): void {
    const { bytes } = this;
    this.line = this.#nextLineNumber;
    this.problem = null;
    this.hasTime = false;
    this.#done = false;
    this.#fields = 0;
    const start = this.#at;
    this.#lineStart = start;
    this.keyStart = start;
    let at = start;
    let sum = 0x811c9dc5;
    let before = 0;
    for (;;) {
      const byte = bytes[at] ?? newline;
      if (byte === newline) break;
      if (byte === space && before !== backslash) break;
      sum = Math.imul(sum ^ byte, 0x01000193);
      before = byte;
      at++;
    }
    this.keyEnd = at;
    this.keyHash = sum;
    this.#at = at;
    this.#skipSpaces();
    if (this.#isLineEnd(this.#at)) this.#fail(`has no fields: it must be ${shape}`);
  }

  #readName(): boolean {
    const { bytes } = this;
    const start = this.#at;
    let at = start;
    let before = 0;
    let escaped = false;
    for (;;) {
      const byte = bytes[at] ?? newline;
      if (byte === equals && before !== backslash) break;
      if (byte === newline || ((byte === comma || byte === space) && before !== backslash)) {
        this.#at = at;
        return this.#fail(`field ${shown(bytes, start, at)} must be <name>=<value>`);
      }
      if (byte === backslash) escaped = true;
      before = byte;
      at++;
    }
    this.nameStart = start;
    this.nameEnd = at;
    this.nameEscaped = escaped;
    this.#at = at + 1;
    if (at === start) return this.#fail('has a field without a name: it must be <name>=<value>');
    if (at - start > lineLimits.nameBytes)
      return this.#fail(
        `the name of field ${shown(bytes, start, at)} is longer than ${lineLimits.nameBytes} bytes`,
      );
    return true;
  }

  #readValue(): boolean {
    const { bytes } = this;
    const start = this.#at;
    if (bytes[start] === quote) return this.#readString();
    const end = this.#numbers.read(bytes, start);
    if (end === start) return this.#readBoolean();
    this.number = this.#numbers.value;
    this.valueType = this.#numbers.type;
    this.valueStart = start;
    this.valueEnd = end;
    this.#at = end;
    return true;
  }

  #readBoolean(): boolean {
    const { bytes } = this;
    const start = this.#at;
    let at = start;
    for (; ; at++) {
      const byte = bytes[at] ?? newline;
      if (byte === comma || byte === space || byte === newline || this.#isLineEnd(at)) break;
    }
    this.#at = at;
    const truth =
      at - start > 5 ? undefined : booleans.get(String.fromCharCode(...bytes.subarray(start, at)));
    if (truth === undefined)
      return this.#fail(
        `field ${shown(bytes, this.nameStart, this.nameEnd)} has the value ${shown(bytes, start, at)}: it must be a number, an integer with i or u at its end, true, false, or text in quotation marks`,
      );
    this.number = truth ? 1 : 0;
    this.valueType = 'boolean';
    this.valueStart = start;
    this.valueEnd = at;
    return true;
  }

  #readString(): boolean {
    const { bytes } = this;
    const start = this.#at + 1;
    let at = start;
    let lineBreaks = 0;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) break;
      if (byte === newline) lineBreaks++;
      if (byte === backslash && (bytes[at + 1] === quote || bytes[at + 1] === backslash)) at++;
    }
    if (at >= bytes.length)
      return this.#fail(
        `the text of field ${shown(bytes, this.nameStart, this.nameEnd)} has no closing quotation mark`,
      );
    this.#nextLineNumber += lineBreaks;
    this.valueType = 'string';
    this.valueStart = start;
    this.valueEnd = at;
    this.number = Number.NaN;
    this.#at = at + 1;
    return true;
  }

  /** After a value: a comma and the next field, or the time, or the end. */
  #readSeparator(): boolean {
    const { bytes } = this;
    const byte = bytes[this.#at] ?? newline;
    if (byte === comma) {
      this.#at++;
      return true;
    }
    if (byte !== space && !this.#isLineEnd(this.#at)) {
      const name = shown(bytes, this.nameStart, this.nameEnd);
      return this.#fail(
        `after the value of field ${name} stands ${shown(bytes, this.#at, this.#at + 1)}: a comma, a space or the end of the line must follow`,
      );
    }
    this.#skipSpaces();
    if (!this.#isLineEnd(this.#at) && !this.#readTime()) return false;
    if (this.#at - this.#lineStart > lineLimits.lineBytes)
      return this.#fail(`is longer than ${lineLimits.lineBytes} bytes`);
    this.#skipLine();
    return true;
  }

  #readTime(): boolean {
    const { bytes } = this;
    const start = this.#at;
    const negative = bytes[start] === minus;
    const from = negative ? start + 1 : start;
    let end = from;
    while (isDigit(bytes[end] ?? newline)) end++;
    this.#at = end;
    this.#skipSpaces();
    if (end === from || (bytes[end] !== space && !this.#isLineEnd(end)) || !this.#isLineEnd(this.#at)) {
      let rest = start;
      while ((bytes[rest] ?? newline) !== newline) rest++;
      return this.#fail(
        `time ${shown(bytes, start, rest)} must be a whole number since 1970, and the last of the line`,
      );
    }
    const kept = Math.max(from, end - this.#dropped);
    let whole = 0;
    for (let at = from; at < kept; at++) whole = whole * 10 + (bytes[at] ?? 0) - 0x30;
    let cut = false;
    for (let at = kept; at < end; at++) if (bytes[at] !== 0x30) cut = true;
    const time = (negative ? -whole - (cut ? 1 : 0) : whole) * this.#factor;
    if (!(Math.abs(time) <= maxTime))
      return this.#fail(
        `time ${shown(bytes, start, end)} lies further from 1970 than times can: is it in another unit?`,
      );
    this.hasTime = true;
    this.time = time + 0;
    return true;
  }

  #skipSpaces(): void {
    while (this.bytes[this.#at] === space) this.#at++;
  }

  #isLineEnd(at: number): boolean {
    const { bytes } = this;
    const byte = bytes[at] ?? newline;
    return byte === newline || (byte === carriageReturn && (bytes[at + 1] ?? newline) === newline);
  }

  /** To the beginning of the next line. */
  #skipLine(): void {
    const end = this.bytes.indexOf(newline, this.#at);
    this.#at = end === -1 ? this.bytes.length : end + 1;
    this.#nextLineNumber++;
    this.#done = true;
  }

  #fail(problem: string): false {
    this.problem = problem;
    return false;
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((text): [string, boolean] => [text, true]),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((text): [string, boolean] => [text, false]),
]);

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
