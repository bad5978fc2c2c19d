import type { Replacements } from './replace.ts';

/** Columns whose index ends with the six octets of a MAC address: dot1dTpFdbTable, dot1qTpFdbTable, dot1qTpGroupTable, static ones. */
const macAtEnd = ['1.3.6.1.2.1.17.4.3.1', '1.3.6.1.2.1.17.7.1.2.2.1', '1.3.6.1.2.1.17.7.1.2.3.1'];
/** Columns whose index ends with the four octets of an IP address: ipAddrTable, ipNetToMediaTable, atTable. */
const addressAtEnd = ['1.3.6.1.2.1.4.20.1', '1.3.6.1.2.1.4.22.1', '1.3.6.1.2.1.3.1.1'];
/** Columns with kind (1: IPv4), length (4) and octets of an address somewhere in their index: ipAddressTable, ipNetToPhysicalTable, lldpRemManAddrTable, lldpLocManAddrTable. */
const addressWithin = [
  '1.3.6.1.2.1.4.34.1',
  '1.3.6.1.2.1.4.35.1',
  '1.0.8802.1.1.2.1.4.2.1',
  '1.0.8802.1.1.2.1.3.8.1',
];

/** An OID whose index names no MAC or IP address of the place it comes from. */
export function scrubIndex(oid: string, others: Replacements, macs: ReadonlyMap<string, Uint8Array>): string {
  const parts = oid.split('.').map(Number);
  if (below(oid, macAtEnd)) {
    const mac = Uint8Array.from(parts.slice(-6));
    return [...parts.slice(0, -6), ...others.mac(mac)].join('.');
  }
  if (below(oid, addressAtEnd)) return [...parts.slice(0, -4), ...others.ipv4(parts.slice(-4))].join('.');
  if (below(oid, addressWithin)) {
    const at = parts.findIndex(
      (part, i) => i > 9 && part === 1 && parts[i + 1] === 4 && i + 6 <= parts.length,
    );
    if (at >= 0) parts.splice(at + 2, 4, ...others.ipv4(parts.slice(at + 2, at + 6)));
    return parts.join('.');
  }
  // Other tables: a MAC address that is known from a value.
  for (let at = 8; at + 6 <= parts.length; at++) {
    const other = macs.get(parts.slice(at, at + 6).join('.'));
    if (other) parts.splice(at, 6, ...other);
  }
  return parts.join('.');
}

function below(oid: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => oid.startsWith(`${prefix}.`));
}
