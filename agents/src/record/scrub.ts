import { toText } from '../snmp/decode.ts';
import { decodeOid, encodeOid } from '../snmp/oid.ts';
import { replaceIpv6 } from './ipv6.ts';
import { Replacements } from './replace.ts';
import { ipv6InIndex, namesAddresses, scrubIndex } from './scrub-index.ts';
import type { RawValue } from './walk.ts';

/** Objects whose text is a name that somebody gave, and what stands in its place. */
const named: readonly { readonly below: string; readonly as: string }[] = [
  { below: '1.3.6.1.2.1.1.4', as: 'contact' },
  { below: '1.3.6.1.2.1.1.5', as: 'device' },
  { below: '1.3.6.1.2.1.1.6', as: 'location' },
  // ifAlias
  { below: '1.3.6.1.2.1.31.1.1.1.18', as: 'label' },
  // entPhysicalAlias, entPhysicalAssetID
  { below: '1.3.6.1.2.1.47.1.1.1.1.14', as: 'label' },
  { below: '1.3.6.1.2.1.47.1.1.1.1.15', as: 'asset' },
  // dot1qVlanStaticName
  { below: '1.3.6.1.2.1.17.7.1.4.3.1.1', as: 'vlan' },
  // prtGeneralPrinterName, upsIdentName, upsIdentAttachedDevices
  { below: '1.3.6.1.2.1.43.5.1.1.16', as: 'device' },
  { below: '1.3.6.1.2.1.33.1.1.5', as: 'device' },
  { below: '1.3.6.1.2.1.33.1.1.6', as: 'label' },
  // lldpLocSysName, lldpRemSysName, cdpCacheDeviceId, cdpGlobalDeviceId
  { below: '1.0.8802.1.1.2.1.3.3', as: 'device' },
  { below: '1.0.8802.1.1.2.1.4.1.1.9', as: 'neighbour' },
  { below: '1.3.6.1.4.1.9.9.23.1.2.1.1.6', as: 'neighbour' },
  { below: '1.3.6.1.4.1.9.9.23.1.3.4', as: 'device' },
];
/** Objects whose text is a serial number: entPhysicalSerialNum, prtGeneralSerialNumber. */
const serials = ['1.3.6.1.2.1.47.1.1.1.1.11', '1.3.6.1.2.1.43.5.1.1.17'];

/** What is not read at all: users, communities, views and targets; processes with their arguments; installed software; connections. */
export const neverRecorded: readonly string[] = [
  '1.3.6.1.6.3.12',
  '1.3.6.1.6.3.13',
  '1.3.6.1.6.3.14',
  '1.3.6.1.6.3.15',
  '1.3.6.1.6.3.16',
  '1.3.6.1.6.3.18',
  '1.3.6.1.2.1.25.4',
  '1.3.6.1.2.1.25.5',
  '1.3.6.1.2.1.25.6',
  '1.3.6.1.2.1.6.13',
  '1.3.6.1.2.1.6.19',
  '1.3.6.1.2.1.6.20',
  '1.3.6.1.2.1.7.5',
  '1.3.6.1.2.1.7.7',
  // Routes.
  '1.3.6.1.2.1.4.21',
  '1.3.6.1.2.1.4.24',
  '1.3.6.1.2.1.55.1.11',
];

export interface ScrubOptions {
  /** Drawn anew for each recording. */
  readonly key: Uint8Array;
  /** Community, user: wherever they stand in a text they become `public`. */
  readonly secrets: readonly string[];
  /** Serial numbers that a profile has read. */
  readonly serials: readonly string[];
  /** Words that say what the device is: they stay where somebody has named it after them. */
  readonly facts: readonly string[];
  /** Names of devices, ports and VLANs stay. Secrets, addresses and serial numbers do not. */
  readonly keepNames: boolean;
}

/** Shorter ones stand by chance in other texts. */
const shortest = 4;
const ordinary = new Set(['public', 'private']);

/**
 * A recording without what says whose it is: names, contacts and places, serial numbers, MAC addresses (their makers stay) and IP
 * addresses, all replaced by the same wherever they stand, in values as in OIDs. In the order of the new OIDs.
 */
export function scrub(values: readonly RawValue[], options: ScrubOptions): RawValue[] {
  const others = new Replacements({ key: options.key });
  const words = new Map<string, string>();
  const facts = new Set(
    options.facts.flatMap((fact) => [fact, ...fact.split(/[\s/,]+/)]).map((fact) => fact.toLowerCase()),
  );
  const add = (word: string, other: string) => {
    if (word.length >= shortest && !ordinary.has(word.toLowerCase())) words.set(word.toLowerCase(), other);
  };
  for (const secret of options.secrets) add(secret, 'public');
  const addName = (word: string, other: string) => {
    if (!facts.has(word.toLowerCase())) add(word, other);
  };
  for (const serial of options.serials) add(serial, others.serial(serial));
  const macs = new Map<string, Uint8Array>();
  const ipv6 = new Map<string, Uint8Array>();
  const addIpv6 = (bytes: Uint8Array) => {
    const other = others.ipv6(bytes);
    if (other !== bytes) ipv6.set(bytes.join('.'), other);
    return other;
  };
  const known = { macs, ipv6 };
  const types = addressTypes(values);
  for (const { oid, tag, bytes } of values) {
    const indexed = ipv6InIndex(oid);
    if (indexed !== null) addIpv6(indexed);
    if (tag !== 0x04) continue;
    if (isIpv6(oid, bytes, types)) addIpv6(bytes.subarray(0, 16));
    if (isMac(bytes)) macs.set(bytes.join('.'), others.mac(bytes));
    const text = toText(bytes);
    if (text === null) continue;
    replaceIpv6(text, addIpv6);
    if (serials.some((below) => isAtOrBelow(oid, below))) add(text, others.serial(text));
    const name = options.keepNames ? undefined : nameOf(oid);
    if (name === 'device' || name === 'neighbour') {
      addName(text, others.name(name, text));
      // The name without its domain, which other texts have.
      const [host = ''] = text.split('.');
      if (host !== text && !/^\d+$/.test(host)) addName(host, others.name(name, text));
    }
  }
  const pattern =
    words.size === 0
      ? null
      : new RegExp(
          `(?<![a-z0-9])(?:${[...words.keys()]
            .sort((a, b) => b.length - a.length)
            .map(escaped)
            .join('|')})(?![a-z0-9])`,
          'gi',
        );

  const text = (before: string): string => {
    let after = pattern ? before.replace(pattern, (word) => words.get(word.toLowerCase()) ?? word) : before;
    after = after.replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, 'someone@example.org');
    after = after.replace(
      /(?<![0-9a-f:.-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![0-9a-f:-])/gi,
      (mac, separator: string) => {
        const other = Buffer.from(others.mac(Buffer.from(mac.replaceAll(separator, ''), 'hex'))).toString(
          'hex',
        );
        const joined = (other.match(/../g) ?? []).join(separator);
        return mac === mac.toUpperCase() ? joined.toUpperCase() : joined;
      },
    );
    after = after.replace(/(?<![0-9a-f.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![0-9a-f.])/gi, (mac) => {
      const other = Buffer.from(others.mac(Buffer.from(mac.replaceAll('.', ''), 'hex'))).toString('hex');
      return (other.match(/..../g) ?? []).join('.');
    });
    after = replaceIpv6(after, (bytes) => others.ipv6(bytes));
    return after.replace(
      /(?<![\d.])(?<!\b(?:version|ver|v|release|rev|build|firmware)\.?[ :=]*)(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/gi,
      (address) => {
        const octets = address.split('.').map(Number);
        // Versions have leading zeros, and small numbers only.
        const plain = octets.join('.') === address && octets.every((octet) => octet < 256);
        return plain && isAddress(octets) ? others.ipv4(octets).join('.') : address;
      },
    );
  };

  return values
    .map(({ oid, tag, bytes }): RawValue => {
      const place = scrubIndex(oid, others, known);
      // Pointers to rows.
      if (tag === 0x06 && namesAddresses(decodeOid(bytes)))
        return { oid: place, tag, bytes: encodeOid(scrubIndex(decodeOid(bytes), others, known)) };
      if (tag === 0x40 && bytes.length === 4)
        return { oid: place, tag, bytes: Uint8Array.from(others.ipv4([...bytes])) };
      if (tag !== 0x04) return { oid: place, tag, bytes };
      return { oid: place, tag, bytes: octets(oid, bytes) };
    })
    .sort((a, b) => Buffer.compare(sortKey(a.oid), sortKey(b.oid)));

  function octets(oid: string, bytes: Uint8Array): Uint8Array {
    const mac = macs.get(bytes.join('.'));
    if (mac) return mac;
    if (isIpv6(oid, bytes, types))
      return Uint8Array.from([...others.ipv6(bytes.subarray(0, 16)), ...bytes.subarray(16)]);
    const before = toText(bytes);
    if (before === null) return bytes;
    if (serials.some((below) => isAtOrBelow(oid, below))) return Buffer.from(others.serial(before));
    const name = options.keepNames ? undefined : nameOf(oid);
    if (name !== undefined) return Buffer.from(others.name(name, before));
    if (isBinary(bytes)) return withinBinary(bytes, known);
    const plain = Buffer.from(bytes).toString('latin1');
    const after = text(plain);
    return after === plain ? bytes : Buffer.from(after, 'latin1');
  }
}

function nameOf(oid: string): string | undefined {
  return named.find(({ below }) => isAtOrBelow(oid, below))?.as;
}

function isAtOrBelow(oid: string, prefix: string): boolean {
  return oid === prefix || oid.startsWith(`${prefix}.`);
}

/** Six octets that are no text. */
function isMac(bytes: Uint8Array): boolean {
  return bytes.length === 6 && !bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** A version such as 1.2.3.4 is none: parts of addresses of networks are rarely all small. */
function isAddress(octets: readonly number[]): boolean {
  return octets.some((octet) => octet >= 32) || octets[0] === 10;
}

function isBinary(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20));
}

/** The kinds of addresses (InetAddressType) that stand in columns right before others, by instance of the column behind. */
function addressTypes(values: readonly RawValue[]): ReadonlyMap<string, number> {
  const types = new Map<string, number>();
  for (const { oid, tag, bytes } of values)
    if (tag === 0x02 && bytes.length === 1 && (bytes[0] === 2 || bytes[0] === 4)) types.set(oid, bytes[0]);
  return types;
}

/**
 * Whether octets are an IPv6 address: an InetAddress whose InetAddressType says so. By the convention of all tables that stands in the column
 * before, and so it does for scalars. A link-local address is one wherever it stands; a text never.
 */
function isIpv6(oid: string, bytes: Uint8Array, types: ReadonlyMap<string, number>): boolean {
  if (bytes.length !== 16 && bytes.length !== 20) return false;
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return false;
  const kind = bytes.length === 16 ? 2 : 4;
  const [first = 0] = bytes;
  // Assigned so far is 2000::/3, with fc00::/6 for what is local and multicast (RFC 4291), and what begins with zeros is one or holds an IPv4 address.
  const assigned = first >> 5 === 1 || first >= 0xfc || bytes.subarray(0, 8).every((byte) => byte === 0);
  if (!assigned) return false;
  const linkLocal = Buffer.from(bytes).toString('hex').startsWith('fe80000000000000');
  if (linkLocal && kind === 2) return true;
  const parts = oid.split('.').map(Number);
  // The column is one of the last numbers but the index; which, nobody says.
  for (let at = Math.max(parts.length - 40, 7); at < parts.length; at++) {
    const before = parts.with(at, (parts[at] ?? 0) - 1).join('.');
    if (types.get(before) === kind) return true;
  }
  return false;
}

/** Known addresses within longer octets, such as bridge and engine ids. */
function withinBinary(
  bytes: Uint8Array,
  known: { readonly macs: ReadonlyMap<string, Uint8Array>; readonly ipv6: ReadonlyMap<string, Uint8Array> },
): Uint8Array {
  const result = Uint8Array.from(bytes);
  for (const [length, addresses] of [
    [16, known.ipv6],
    [6, known.macs],
  ] as const)
    for (let at = 0; addresses.size > 0 && at + length <= bytes.length; at++) {
      const other = addresses.get(bytes.subarray(at, at + length).join('.'));
      if (other) result.set(other, at);
    }
  return result;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** OIDs in the order of a walk: each number in as many octets. */
function sortKey(oid: string): Buffer {
  const parts = decodeOid(encodeOid(oid)).split('.').map(Number);
  const key = Buffer.alloc(parts.length * 4);
  parts.forEach((part, i) => {
    key.writeUInt32BE(part, i * 4);
  });
  return key;
}
