import { signedInteger, unsignedInteger } from '../snmp/ber.ts';
import { decodeOid } from '../snmp/oid.ts';
import type { RawValue } from './walk.ts';

/** Numbers of the types as `.snmprec` writes them; they are the BER tags in decimals. */
const unsigned: ReadonlySet<number> = new Set([0x41, 0x42, 0x43, 0x47]);

/** A value as one line `OID|TAG|VALUE`; null for what has none (noSuchObject and the like). */
export function lineOf({ oid, tag, bytes }: RawValue): string | null {
  if (tag === 0x02) return `${oid}|2|${signedInteger(bytes, 0, bytes.length)}`;
  if (unsigned.has(tag)) return `${oid}|${tag}|${unsignedInteger(bytes, 0, bytes.length)}`;
  if (tag === 0x46) return `${oid}|70|${bigEndian(bytes)}`;
  if (tag === 0x06) return `${oid}|6|${decodeOid(bytes)}`;
  if (tag === 0x05) return `${oid}|5|`;
  if (tag === 0x40) return `${oid}|64|${[...bytes].join('.')}`;
  if (tag === 0x04 || tag === 0x44) {
    const number = tag === 0x04 ? '4' : '68';
    if (tag === 0x04 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) {
      const text = Buffer.from(bytes).toString('latin1');
      // Spaces at an end get lost in editors.
      if (text === text.trim()) return `${oid}|4|${text}`;
    }
    return `${oid}|${number}x|${Buffer.from(bytes).toString('hex')}`;
  }
  return null;
}

/** Exact beyond 2^53. */
function bigEndian(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}
