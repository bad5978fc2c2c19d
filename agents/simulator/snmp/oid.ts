import { BerError } from './ber.ts';

/** RFC 2578 section 3.5: at most 128 sub-identifiers of at most 2^32-1. */
const maxSubIdentifiers = 128;

/**
 * Content bytes of an OID in dotted form; a leading dot is accepted.
 * @throws BerError when it is not an OID.
 */
export function encodeOid(text: string): Uint8Array {
  const clean = text.startsWith('.') ? text.slice(1) : text;
  if (!/^\d{1,10}(\.\d{1,10})*$/.test(clean)) throw new BerError(`not an OID: ${text.slice(0, 80)}`);
  const parts = clean.split('.').map(Number);
  if (parts.length > maxSubIdentifiers) throw new BerError(`OID too long: ${text.slice(0, 80)}`);
  const [first = 0, second = 0, ...rest] = parts;
  if (first > 2 || (first < 2 && second > 39)) throw new BerError(`not an OID: ${text.slice(0, 80)}`);
  const bytes: number[] = [];
  for (const value of [first * 40 + second, ...rest]) {
    if (value > 0xffffffff) throw new BerError(`sub-identifier above 32 bits: ${text.slice(0, 80)}`);
    for (let rest = 4; rest > 0; rest--) {
      if (value >= 128 ** rest) bytes.push(0x80 | (Math.floor(value / 128 ** rest) % 128));
    }
    bytes.push(value % 128);
  }
  return Uint8Array.from(bytes);
}

/** Dotted form of an OID's content bytes. */
export function decodeOid(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const parts: number[] = [];
  let value = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (parts.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      parts.push(first, value - first * 40);
    } else parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

/** Whether the bytes are an OID in its one shortest form: only such can be compared byte by byte. */
export function isOid(bytes: Uint8Array, from: number, to: number): boolean {
  let subIdentifiers = 1;
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (length === 0 && byte === 0x80) return false;
    if (++length > 5 || (length === 5 && (bytes[at - 4] ?? 0) > 0x8f)) return false;
    if ((byte & 0x80) === 0) {
      subIdentifiers++;
      length = 0;
    }
  }
  return to > from && length === 0 && subIdentifiers <= maxSubIdentifiers + 1;
}

/** Order of two OIDs given as content bytes: negative, 0, or positive. A prefix comes before what it is a prefix of. */
export function compareOids(
  a: Uint8Array,
  aFrom: number,
  aTo: number,
  b: Uint8Array,
  bFrom: number,
  bTo: number,
): number {
  const common = Math.min(aTo - aFrom, bTo - bFrom);
  let at = 0;
  while (at < common && a[aFrom + at] === b[bFrom + at]) at++;
  if (at === common) return aTo - aFrom - (bTo - bFrom);
  // They differ within one sub-identifier: the longer number is the greater, else the first different byte decides.
  let start = at;
  while (start > 0 && ((a[aFrom + start - 1] ?? 0) & 0x80) !== 0) start--;
  const difference = numberLength(a, aFrom + start, aTo) - numberLength(b, bFrom + start, bTo);
  return difference !== 0 ? difference : (a[aFrom + at] ?? 0) - (b[bFrom + at] ?? 0);
}

function numberLength(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && ((bytes[at] ?? 0) & 0x80) !== 0) at++;
  return at - from;
}
