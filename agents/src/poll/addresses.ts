import { SocketAddress } from 'node:net';
import type { SnmpValue } from '../snmp/decode.ts';

/** Four or sixteen octets as an IP address in its usual spelling; null for anything else and for "none" (all zeros). */
export function ipText(value: SnmpValue): string | null {
  if (!(value instanceof Uint8Array) || value.every((octet) => octet === 0)) return null;
  if (value.length === 4) return value.join('.');
  if (value.length !== 16) return null;
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((value[2 * i] ?? 0) << 8) | (value[2 * i + 1] ?? 0)).toString(16),
  );
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

/**
 * The address in the end of a table's index: family, number of octets, octets (InetAddressType with InetAddress, or
 * LldpManAddress with its subtype; both count IPv4 as 1 and IPv6 as 2). Null when there is none or it is of another family.
 */
export function addressInIndex(parts: readonly string[]): string | null {
  const [, length, ...octets] = parts.map(Number);
  if (length !== octets.length || octets.some((octet) => !(octet >= 0 && octet <= 255))) return null;
  // With a zone (ipv4z, ipv6z) the zone's four octets come behind the address (RFC 4001).
  const withoutZone = length === 8 ? 4 : length === 20 ? 16 : length;
  return ipText(Uint8Array.from(octets.slice(0, withoutZone)));
}
