import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BerError, element } from '../snmp/ber.ts';
import { encodeOid } from '../snmp/oid.ts';
import { RecordedStore } from '../snmp/store.ts';
import {
  counter32,
  counter64,
  gauge32,
  integer,
  ipAddress,
  nullValue,
  objectId,
  octets,
  opaque,
  type SnmpValue,
  timeTicks,
} from '../snmp/value.ts';

export interface Recording {
  readonly store: RecordedStore;
  /** Lines that hold something and could not be read: number from 1, and why. */
  readonly skipped: readonly { readonly line: number; readonly reason: string }[];
  /** OIDs that came more than once; the last one holds. */
  readonly duplicates: number;
  /** What the agent answers to `<community>@<name>`, by name (files `<this file>@<name>.snmprec`). */
  readonly contexts: ReadonlyMap<string, RecordedStore>;
}

/**
 * Reads a `.snmprec` file (one `OID|TAG|VALUE` a line, as snmpsim and LibreNMS write them) and its `@<name>` files.
 * @throws Error when the file cannot be read or holds nothing that can be served.
 */
export async function loadRecording(file: string): Promise<Recording> {
  const main = parseSnmprec(await readFile(file));
  if (main.store.size === 0) throw new Error(`${file}: no line of the form OID|TAG|VALUE`);
  const prefix = `${basename(file, '.snmprec')}@`;
  const contexts = new Map<string, RecordedStore>();
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(prefix) || !name.endsWith('.snmprec')) continue;
    const part = parseSnmprec(await readFile(join(dirname(file), name)));
    contexts.set(name.slice(prefix.length, -'.snmprec'.length), part.store);
  }
  return { ...main, contexts };
}

/** Just the values of one `.snmprec` file; see {@link loadRecording}. */
export async function loadSnmprec(file: string): Promise<RecordedStore> {
  return (await loadRecording(file)).store;
}

/** Parses the text of a `.snmprec` file. Lines that cannot be read are told and left out. */
export function parseSnmprec(text: Uint8Array): Omit<Recording, 'contexts'> {
  const entries: { oid: Uint8Array; value: SnmpValue }[] = [];
  const skipped: { line: number; reason: string }[] = [];
  // Latin-1 keeps every byte of a value as it was recorded.
  const lines = Buffer.from(text).toString('latin1').split('\n');
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '' || line.startsWith('#')) continue;
    try {
      entries.push(parseLine(line));
    } catch (error) {
      if (!(error instanceof BerError)) throw error;
      skipped.push({ line: index + 1, reason: error.message });
    }
  }
  const store = new RecordedStore(entries);
  return { store, skipped, duplicates: entries.length - store.size };
}

function parseLine(line: string): { oid: Uint8Array; value: SnmpValue } {
  const first = line.indexOf('|');
  const second = line.indexOf('|', first + 1);
  if (first < 0 || second < 0) throw new BerError('not OID|TAG|VALUE');
  const tag = /^(\d{1,3})([a-z]*)(:[a-z]+)?$/.exec(line.slice(first + 1, second));
  if (!tag) throw new BerError(`unknown tag "${line.slice(first + 1, second).slice(0, 20)}"`);
  const [, number = '', form = '', variation] = tag;
  const text = line.slice(second + 1);
  const plain = variation === undefined ? text : variedValue(text);
  return { oid: encodeOid(line.slice(0, first).trim()), value: parseValue(number, form, plain) };
}

/** snmpsim's variation modules keep their value as `key=value,…`: the value that they begin with. */
function variedValue(text: string): string {
  for (const key of ['value', 'initial', 'min']) {
    const match = new RegExp(`(?:^|,)${key}=(${key === 'value' ? '.*' : '[^,]*'})`).exec(text);
    if (match?.[1] !== undefined) return match[1];
  }
  return text;
}

function parseValue(tag: string, form: string, text: string): SnmpValue {
  const bytes = form.includes('x') ? hex(text) : Buffer.from(form === 'e' ? unescaped(text) : text, 'latin1');
  switch (tag) {
    case '2':
      return integer(wholeNumber(text));
    case '4':
      return octets(bytes);
    case '5':
      return nullValue;
    case '6':
      return objectId(text.trim());
    // 40 is the same tag in hex, written so by some recorders.
    case '40':
    case '64':
      return ipAddress(form.includes('x') || form === 'e' ? fourBytes(bytes) : dottedQuad(text));
    case '65':
      return counter32(nonNegative(text));
    case '66':
      return gauge32(nonNegative(text));
    case '67':
      return timeTicks(nonNegative(text));
    case '68':
      return opaque(bytes);
    case '70':
      return counter64(wide(text));
    // NsapAddress and UInteger32 of the withdrawn SNMPv2p (RFC 1442): kept as recorded.
    case '69':
      return element(0x45, bytes);
    case '71':
      return gauge32(nonNegative(text));
    default:
      throw new BerError(`unknown tag "${tag}"`);
  }
}

function hex(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '').replace(/[\s:]/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new BerError('not hex digits');
  return Buffer.from(digits, 'hex');
}

function unescaped(text: string): string {
  const names: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' };
  return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (names[code] ?? code),
  );
}

function wholeNumber(text: string): number {
  if (!/^\s*-?\d{1,12}\s*$/.test(text)) throw new BerError(`not a whole number: ${text.slice(0, 40)}`);
  return Number(text);
}

function nonNegative(text: string): number {
  const value = wholeNumber(text);
  // Some recorders print 32-bit values as signed.
  return value < 0 ? value + 2 ** 32 : value;
}

function wide(text: string): bigint {
  if (!/^\s*-?\d{1,20}\s*$/.test(text)) throw new BerError(`not a whole number: ${text.slice(0, 40)}`);
  return BigInt(text.trim());
}

function fourBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 4) throw new BerError('an IpAddress has four bytes');
  return bytes;
}

function dottedQuad(text: string): Uint8Array {
  const parts = text.trim().split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    throw new BerError(`not an address: ${text.slice(0, 40)}`);
  return Uint8Array.from(parts.map(Number));
}
