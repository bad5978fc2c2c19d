import { element, Tag } from './ber.ts';
import { encodeOid } from './oid.ts';

/** A value as it travels: tag, length and content. Made by the functions below. */
export type SnmpValue = Uint8Array;

/** INTEGER, signed 32 bits; fractions are cut off and what is out of range is clamped. */
export function integer(value: number): SnmpValue {
  return signed(Tag.integer, Math.max(-0x80000000, Math.min(0x7fffffff, Math.trunc(value))));
}

/** OCTET STRING from bytes or UTF-8 text. */
export function octets(value: string | Uint8Array): SnmpValue {
  return element(Tag.octets, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
}

/** OBJECT IDENTIFIER. @throws BerError when it is none. */
export function objectId(dotted: string): SnmpValue {
  return element(Tag.oid, encodeOid(dotted));
}

/** Counter32: wraps at 2^32. */
export function counter32(value: number): SnmpValue {
  return signed(Tag.counter32, Math.floor(value) % 0x100000000);
}

/** Gauge32 / Unsigned32: stays at its limits. */
export function gauge32(value: number): SnmpValue {
  return signed(Tag.gauge32, Math.max(0, Math.min(0xffffffff, Math.floor(value))));
}

/** TimeTicks: hundredths of a second, wraps at 2^32. */
export function timeTicks(hundredths: number): SnmpValue {
  return signed(Tag.timeTicks, Math.max(0, Math.floor(hundredths)) % 0x100000000);
}

/** Counter64: wraps at 2^64. */
export function counter64(value: bigint | number): SnmpValue {
  const wide = BigInt.asUintN(64, typeof value === 'bigint' ? value : BigInt(Math.floor(value)));
  let text = wide.toString(16);
  if (text.length % 2 === 1) text = `0${text}`;
  if (text.charCodeAt(0) >= 0x38) text = `00${text}`;
  return element(Tag.counter64, Buffer.from(text, 'hex'));
}

/** IpAddress from four bytes. */
export function ipAddress(bytes: Uint8Array): SnmpValue {
  return element(Tag.ipAddress, bytes);
}

/** An Opaque, content as given. */
export function opaque(bytes: Uint8Array): SnmpValue {
  return element(Tag.opaque, bytes);
}

export const nullValue: SnmpValue = Uint8Array.of(Tag.null, 0);

/** Shortest two's complement form of a whole number that is exact in a double. */
function signed(tag: number, value: number): SnmpValue {
  let size = 1;
  while (value < -(2 ** (size * 8 - 1)) || value >= 2 ** (size * 8 - 1)) size++;
  const out = new Uint8Array(2 + size);
  out[0] = tag;
  out[1] = size;
  let rest = value < 0 ? value + 2 ** (size * 8) : value;
  for (let at = size + 1; at >= 2; at--) {
    out[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return out;
}
