import { signedInteger, unsignedInteger } from './ber.ts';
import { decodeOid } from './oid.ts';

/**
 * One value as an agent sent it: numbers (all integer types, Counter64 exact to 2^53, Opaque Float), octets (OCTET
 * STRING, IpAddress, other Opaque), an OID as dotted text, or undefined for NULL, noSuchObject, noSuchInstance and
 * endOfMibView: a missing value is a value, not an error.
 */
export type SnmpValue = number | Uint8Array | string | undefined;

const opaqueFloat = 0x78;
const opaqueDouble = 0x79;

/** Decodes the content of one value. Never throws; what cannot be read is undefined. */
export function decodeValue(bytes: Uint8Array, tag: number, start: number, end: number): SnmpValue {
  switch (tag) {
    case 0x02:
      return end - start > 8 || end === start ? undefined : signedInteger(bytes, start, end);
    case 0x41:
    case 0x42:
    case 0x43:
    case 0x46:
    case 0x47:
      return end - start > 9 || end === start ? undefined : unsignedInteger(bytes, start, end);
    case 0x04:
    case 0x40:
      return bytes.subarray(start, end);
    case 0x06:
      return decodeOid(bytes, start, end);
    case 0x44:
      return decodeOpaque(bytes.subarray(start, end));
    default:
      return undefined;
  }
}

/** Net-SNMP's Opaque Float and Double: 0x9f, the type, the length, then IEEE 754 in network order. */
function decodeOpaque(content: Uint8Array): SnmpValue {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content[0] === 0x9f && content[1] === opaqueFloat && content[2] === 4 && content.length === 7)
    return view.getFloat32(3);
  if (content[0] === 0x9f && content[1] === opaqueDouble && content[2] === 8 && content.length === 11)
    return view.getFloat64(3);
  return content;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/**
 * A value as text for people: UTF-8, else Latin-1; without control characters, padding and surrounding space. Null when
 * nothing is left.
 */
export function toText(value: SnmpValue): string | null {
  if (value === undefined) return null;
  if (typeof value === 'number') return String(value);
  let text: string;
  if (typeof value === 'string') text = value;
  else {
    try {
      text = utf8.decode(value);
    } catch {
      // Not UTF-8: older devices send Latin-1, in which every octet is a character.
      text = latin1.decode(value);
    }
  }
  text = text
    .replace(/\0[\s\S]*$/, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
    // Some agents put texts in quotes.
    .replace(/^(["'])([^"']*)\1$/, '$2')
    .trim();
  return text === '' ? null : text;
}

/** A value as a number; some cards send numbers as text. Undefined when it is none. */
export function toNumber(value: SnmpValue): number | undefined {
  if (typeof value === 'number') return value;
  if (value === undefined || typeof value === 'string') return undefined;
  const text = toText(value);
  // Some write decimals with a comma.
  return text !== null && /^[+-]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/** Six octets as `aa:bb:cc:dd:ee:ff`; null for anything else and for all zeros. */
export function toMac(value: SnmpValue): string | null {
  if (!(value instanceof Uint8Array) || value.length !== 6 || value.every((byte) => byte === 0)) return null;
  return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Whether octets read as Latin-1 are a text of people: letters with a few signs among them, and not a MAC address. */
function isLatin1(bytes: Uint8Array): boolean {
  let beyond = 0;
  for (const byte of bytes) {
    if (byte >= 0x20 && byte < 0x7f) continue;
    const letter = byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7;
    // § © ® ° ² ³ µ
    if (!letter && ![0xa7, 0xa9, 0xae, 0xb0, 0xb2, 0xb3, 0xb5].includes(byte)) return false;
    beyond++;
  }
  return beyond * 3 <= bytes.length && (bytes.length !== 6 || beyond === 1);
}

/** Octets as text where they are text, else as hexadecimal numbers with colons. */
export function toTextOrHex(value: SnmpValue): string | null {
  if (!(value instanceof Uint8Array)) return toText(value);
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end--;
  const trimmed = value.subarray(0, end);
  if (trimmed.every((byte) => byte >= 0x20 && byte < 0x7f)) return toText(trimmed);
  try {
    const text = utf8.decode(trimmed);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: lines and tabs are text, other control characters are not
    if (!/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/.test(text)) return toText(trimmed);
  } catch {
    if (isLatin1(trimmed)) return toText(trimmed);
  }
  return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
