/** The content octets of an OBJECT IDENTIFIER (X.690 8.19), without tag and length. Compared and sent as they are. */
export type OidBytes = Uint8Array;

/**
 * Dotted text to content octets.
 * @throws RangeError when the text is no OID.
 */
export function encodeOid(text: string): OidBytes {
  const parts = text.replace(/^\./, '').split('.').map(Number);
  const [first, second, ...rest] = parts;
  if (
    first === undefined ||
    second === undefined ||
    parts.some((part) => !Number.isInteger(part) || part < 0 || part > 0xffff_ffff) ||
    first > 2 ||
    (first < 2 && second > 39)
  ) {
    throw new RangeError(`"${text}" is not an object identifier`);
  }
  const bytes: number[] = [];
  for (const part of [first * 40 + second, ...rest]) {
    const start = bytes.length;
    let left = part;
    bytes.push(left % 128);
    left = Math.floor(left / 128);
    while (left > 0) {
      bytes.splice(start, 0, (left % 128) | 0x80);
      left = Math.floor(left / 128);
    }
  }
  return Uint8Array.from(bytes);
}

/** Content octets to dotted text. Never throws: octets that end within a number give that number so far. */
export function decodeOid(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  let value = 0;
  let first = true;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (first) {
      const top = value < 80 ? Math.floor(value / 40) : 2;
      text = `${top}.${value - top * 40}`;
      first = false;
    } else {
      text += `.${value}`;
    }
    value = 0;
  }
  return text;
}

/** The part of an OID behind a column, as text: `12` or `1.3.6`. */
export function decodeIndex(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    text = text === '' ? String(value) : `${text}.${value}`;
    value = 0;
  }
  return text;
}

/** Whether `bytes[start, end)` lies below `prefix`. */
export function isBelow(prefix: OidBytes, bytes: Uint8Array, start: number, end: number): boolean {
  const length = prefix.length;
  if (end - start <= length) return false;
  // From behind: the columns of one table differ in their last octet.
  for (let i = length - 1; i >= 0; i--) {
    if (prefix[i] !== bytes[start + i]) return false;
  }
  return true;
}

/**
 * Order of two OIDs (RFC 3416 lexicographic order), negative when `a` comes first. Works on the octets: with minimal
 * encoding the longer of two differing numbers is the greater.
 */
export function compareOids(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const aLength = aEnd - aStart;
  const bLength = bEnd - bStart;
  const common = Math.min(aLength, bLength);
  let i = 0;
  while (i < common && a[aStart + i] === b[bStart + i]) i++;
  if (i === common) return aLength - bLength;
  while (i > 0 && ((a[aStart + i - 1] ?? 0) & 0x80) !== 0) i--;
  const aSize = numberSize(a, aStart + i, aEnd);
  const bSize = numberSize(b, bStart + i, bEnd);
  if (aSize !== bSize) return aSize - bSize;
  for (let k = i; k < i + aSize; k++) {
    const difference = (a[aStart + k] ?? 0) - (b[bStart + k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numberSize(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end - 1 && ((bytes[i] ?? 0) & 0x80) !== 0) i++;
  return i - start + 1;
}
