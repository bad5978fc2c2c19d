import { type SnmpValue, toMac, toNumber, toText, toTextOrHex } from '../snmp/decode.ts';
import { ipText } from './addresses.ts';

/** Port identifier subtypes of LLDP-MIB (LldpPortIdSubtype). */
export const portIdSubtype = { macAddress: 3, networkAddress: 4, local: 7 } as const;

/** Those of chassis (LldpChassisIdSubtype) are numbered otherwise. */
const chassisIdSubtype = { macAddress: 4, networkAddress: 5 } as const;

/** lldpRemChassisId: a MAC address in lower case with colons, an IP address, or text. */
export function chassisIdentifier(value: SnmpValue, kind: number | undefined): string | null {
  if (kind === chassisIdSubtype.macAddress) return identifier(value, portIdSubtype.macAddress);
  if (kind === chassisIdSubtype.networkAddress) return identifier(value, portIdSubtype.networkAddress);
  return identifier(value, undefined);
}

/**
 * What the neighbour calls its port: lldpRemPortId, but where that is a MAC (as Linux hosts send it), lldpRemPortDesc names
 * the port for people.
 */
export function nameOfRemotePort(row: Record<string, SnmpValue>): string {
  const kind = toNumber(row.portSubtype);
  const id = identifier(row.port, kind);
  const description = toText(row.portDescription);
  return (kind === portIdSubtype.macAddress ? (description ?? id) : (id ?? description)) ?? '';
}

function identifier(value: SnmpValue, kind: number | undefined): string | null {
  if (kind === portIdSubtype.macAddress) return toMac(value) ?? macOfText(value) ?? toTextOrHex(value);
  // The first octet is the family (IANA address family numbers).
  if (kind === portIdSubtype.networkAddress && value instanceof Uint8Array)
    return ipText(value.subarray(1)) ?? toTextOrHex(value);
  // Tables without subtypes send MAC addresses as text, too.
  const text = toTextOrHex(value);
  return text !== null && /^[0-9A-F]{2}([:-][0-9A-F]{2}){5}$/i.test(text) ? macOfText(value) : text;
}

/** Some agents send the MAC address as text: `00-11-22-AA-BB-CC`, `0011.22aa.bbcc`. */
function macOfText(value: SnmpValue): string | null {
  const digits =
    toText(value)
      ?.toLowerCase()
      .replace(/[\s:.-]/g, '') ?? '';
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g)?.join(':') ?? null) : null;
}
