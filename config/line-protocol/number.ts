const newline = 0x0a;
/** Whole numbers of so many digits are exact, and so are powers of ten up to 10^22 (2^53 > 10^15, 5^22 < 2^53). */
const exactDigits = 15;
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const int64Digits = 18;
const maxInteger = 2n ** 63n;
const maxUnsigned = 2n ** 64n;

/**
 * Reads decimal numbers from bytes, exactly as `Number` reads their text: a mantissa and a power of ten that are both exact need
 * one division or multiplication, which rounds correctly (Clinger 1990); all else is left to `Number`.
 */
export class NumberReader {
  value = 0;
  type: 'float' | 'integer' | 'unsigned' = 'float';

  /** @returns where the number ends; `start` when there is none that is finite and, of an integer, fits into 64 bits */
  read(bytes: Uint8Array, start: number): number {
    let at = start;
    let byte = bytes[at] ?? newline;
    const negative = byte === 0x2d;
    if (negative || byte === 0x2b) byte = bytes[++at] ?? newline;
    const digitsStart = at;
    let mantissa = 0;
    while (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + byte - 0x30;
      byte = bytes[++at] ?? newline;
    }
    let digits = at - digitsStart;
    if (byte === 0x69 || byte === 0x75) return this.#wholeNumber(bytes, start, digitsStart, at, negative);
    let fraction = 0;
    if (byte === 0x2e) {
      const from = ++at;
      byte = bytes[at] ?? newline;
      while (byte >= 0x30 && byte <= 0x39) {
        mantissa = mantissa * 10 + byte - 0x30;
        byte = bytes[++at] ?? newline;
      }
      fraction = at - from;
      digits += fraction;
    }
    if (digits === 0) return start;
    this.type = 'float';
    if (byte === 0x65 || byte === 0x45 || digits > exactDigits) return this.#byText(bytes, start, at);
    const value = fraction === 0 ? mantissa : mantissa / (powersOfTen[fraction] ?? 1);
    this.value = negative ? -value : value;
    return at;
  }

  /** `end`: where the mantissa ends and an exponent may follow. */
  #byText(bytes: Uint8Array, start: number, end: number): number {
    let at = end;
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      at++;
      if (bytes[at] === 0x2d || bytes[at] === 0x2b) at++;
      const digitsStart = at;
      while (isDigit(bytes[at])) at++;
      if (at === digitsStart) return start;
    }
    this.value = Number(ascii(bytes, start, at));
    return Number.isFinite(this.value) ? at : start;
  }

  /** `end`: where `i` or `u` stands. */
  #wholeNumber(
    bytes: Uint8Array,
    start: number,
    digitsStart: number,
    end: number,
    negative: boolean,
  ): number {
    const unsigned = bytes[end] === 0x75;
    if (end === digitsStart || (unsigned && digitsStart !== start)) return start;
    const text = ascii(bytes, digitsStart, end);
    if (end - digitsStart > int64Digits) {
      const whole = BigInt(text);
      const limit = unsigned ? maxUnsigned - 1n : negative ? maxInteger : maxInteger - 1n;
      if (whole > limit) return start;
    }
    const value = Number(text);
    this.value = negative ? -value : value;
    this.type = unsigned ? 'unsigned' : 'integer';
    return end + 1;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
