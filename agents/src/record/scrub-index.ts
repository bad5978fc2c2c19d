import type { Replacements } from './replace.ts';

/** Columns whose index ends with the six octets of a MAC address: dot1dTpFdbTable, dot1qTpFdbTable, dot1qTpGroupTable, static ones. */
const macAtEnd = ['1.3.6.1.2.1.17.4.3.1', '1.3.6.1.2.1.17.7.1.2.2.1', '1.3.6.1.2.1.17.7.1.2.3.1'];
/** Columns whose index ends with the four octets of an IP address: ipAddrTable, ipNetToMediaTable, atTable. */
const addressAtEnd = ['1.3.6.1.2.1.4.20.1', '1.3.6.1.2.1.4.22.1', '1.3.6.1.2.1.3.1.1'];
/** Columns whose index ends with the sixteen octets of an IPv6 address, and so many numbers more: ipv6AddrPrefixTable, ipv6AddrTable, ipv6NetToMediaTable. */
const ipv6AtEnd = [
  { below: '1.3.6.1.2.1.55.1.7.1', behind: 1 },
  { below: '1.3.6.1.2.1.55.1.8.1', behind: 0 },
  { below: '1.3.6.1.2.1.55.1.12.1', behind: 0 },
];
/**
 * Columns with kind, length and octets of an address in their index, and so many numbers before and behind: ipAddressPrefixTable,
 * ipAddressTable, ipNetToPhysicalTable, ipDefaultRouterTable, lldpRemManAddrTable, lldpLocManAddrTable. Looked for from the front: the
 * end of an address may look like another one.
 */
const addressWithin = [
  { below: '1.3.6.1.2.1.4.32.1', before: 1, behind: 1 },
  { below: '1.3.6.1.2.1.4.34.1', before: 0, behind: 0 },
  { below: '1.3.6.1.2.1.4.35.1', before: 1, behind: 0 },
  { below: '1.3.6.1.2.1.4.37.1', before: 0, behind: 1 },
  { below: '1.0.8802.1.1.2.1.4.2.1', before: 3, behind: 0 },
  { below: '1.0.8802.1.1.2.1.3.8.1', before: 0, behind: 0 },
];
/** Kinds (InetAddressType, AddressFamilyNumbers) with the octets that are told of each; behind those of 3 and 4 comes a zone of four. */
const kinds = [
  { kind: 1, length: 4, zone: 0 },
  { kind: 2, length: 16, zone: 0 },
  { kind: 3, length: 4, zone: 4 },
  { kind: 4, length: 16, zone: 4 },
];

/** An OID whose index names no MAC or IP address of the place it comes from. `known`: addresses that stand in values, to their others. */
export function scrubIndex(
  oid: string,
  others: Replacements,
  known: { readonly macs: ReadonlyMap<string, Uint8Array>; readonly ipv6: ReadonlyMap<string, Uint8Array> },
): string {
  const parts = oid.split('.').map(Number);
  if (below(oid, macAtEnd)) {
    const mac = Uint8Array.from(parts.slice(-6));
    return [...parts.slice(0, -6), ...others.mac(mac)].join('.');
  }
  if (below(oid, addressAtEnd)) return [...parts.slice(0, -4), ...others.ipv4(parts.slice(-4))].join('.');
  const place = addressPlace(oid, parts);
  if (place !== null) {
    const octets = parts.slice(place.from, place.from + place.length);
    const other = place.length === 4 ? others.ipv4(octets) : others.ipv6(Uint8Array.from(octets));
    parts.splice(place.from, place.length, ...other);
    return parts.join('.');
  }
  // Other tables: an address that is known from a value.
  for (const [length, addresses] of [
    [16, known.ipv6],
    [6, known.macs],
  ] as const)
    for (let at = 8; addresses.size > 0 && at + length <= parts.length; at++) {
      const other = addresses.get(parts.slice(at, at + length).join('.'));
      if (other) parts.splice(at, length, ...other);
    }
  return parts.join('.');
}

/** The IPv6 address that an index names, by its table; null: none. */
export function ipv6InIndex(oid: string): Uint8Array | null {
  const parts = oid.split('.').map(Number);
  const place = addressPlace(oid, parts);
  return place?.length === 16 ? Uint8Array.from(parts.slice(place.from, place.from + 16)) : null;
}

/** Whether the index of a table is known to name addresses. */
export function namesAddresses(oid: string): boolean {
  return below(oid, [...macAtEnd, ...addressAtEnd]) || addressPlace(oid, oid.split('.').map(Number)) !== null;
}

function addressPlace(oid: string, parts: readonly number[]): { from: number; length: number } | null {
  const isOctets = (from: number, length: number) =>
    from >= 9 && parts.slice(from, from + length).every((part) => part < 256);
  const plain = ipv6AtEnd.find((each) => below(oid, [each.below]));
  if (plain) {
    const from = parts.length - 16 - plain.behind;
    return isOctets(from, 16) ? { from, length: 16 } : null;
  }
  const told = addressWithin.find((each) => below(oid, [each.below]));
  if (!told) return null;
  // Behind the number of the column.
  const at = told.below.split('.').length + 1 + told.before;
  const [kind, length] = parts.slice(at);
  const known = kinds.find((each) => each.kind === kind && each.length + each.zone === length);
  const from = at + 2;
  if (known === undefined || parts.length !== from + known.length + known.zone + told.behind) return null;
  return isOctets(from, known.length) ? { from, length: known.length } : null;
}

function below(oid: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => oid.startsWith(`${prefix}.`));
}
