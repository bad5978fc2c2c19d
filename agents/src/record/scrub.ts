import { toText } from '../snmp/decode.ts';
import { decodeOid, encodeOid } from '../snmp/oid.ts';
import { Replacements } from './replace.ts';
import { scrubIndex } from './scrub-index.ts';
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
  for (const { oid, tag, bytes } of values) {
    if (tag !== 0x04) continue;
    if (isMac(bytes)) macs.set(bytes.join('.'), others.mac(bytes));
    const text = toText(bytes);
    if (text === null) continue;
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
      const place = scrubIndex(oid, others, macs);
      if (tag === 0x40 && bytes.length === 4)
        return { oid: place, tag, bytes: Uint8Array.from(others.ipv4([...bytes])) };
      if (tag !== 0x04) return { oid: place, tag, bytes };
      return { oid: place, tag, bytes: octets(oid, bytes) };
    })
    .sort((a, b) => Buffer.compare(sortKey(a.oid), sortKey(b.oid)));

  function octets(oid: string, bytes: Uint8Array): Uint8Array {
    const mac = macs.get(bytes.join('.'));
    if (mac) return mac;
    const before = toText(bytes);
    if (before === null) return bytes;
    if (serials.some((below) => isAtOrBelow(oid, below))) return Buffer.from(others.serial(before));
    const name = options.keepNames ? undefined : nameOf(oid);
    if (name !== undefined) return Buffer.from(others.name(name, before));
    if (isBinary(bytes)) return withinBinary(bytes, macs);
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

/** Known MAC addresses within longer octets, such as bridge and engine ids. */
function withinBinary(bytes: Uint8Array, macs: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const result = Uint8Array.from(bytes);
  for (let at = 0; at + 6 <= bytes.length; at++) {
    const other = macs.get(bytes.subarray(at, at + 6).join('.'));
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
