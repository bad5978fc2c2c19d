import { isIP } from 'node:net';

/** An address in its one form. `digits`: 8 (IPv4) or 32 (IPv6) hexadecimal digits, so that text sorts as numbers do. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly text: string;
  readonly digits: string;
}

export interface IpPrefix {
  readonly family: 4 | 6;
  readonly text: string;
  readonly length: number;
  readonly first: string;
  readonly last: string;
}

const digitsOf = { 4: 8, 6: 32 } as const;

/** Parses an address and brings it into the form of RFC 5952; null for what is none (zones and ports are not part of one). */
export function parseAddress(text: string): IpAddress | null {
  const family = isIP(text);
  if (family === 4) {
    const digits = text.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
    return { family, text, digits: digits.join('') };
  }
  if (family !== 6 || text.includes('%')) return null;
  // A URL writes its host in the form of RFC 5952.
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const digits = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('');
  return { family, text: short, digits };
}

/** Parses `10.1.2.0/24`; null for what is none. `hostBits`: whether the address lies within the network, not at its start. */
export function parsePrefix(text: string): (IpPrefix & { readonly hostBits: boolean }) | null {
  const slash = text.lastIndexOf('/');
  const address = parseAddress(text.slice(0, slash));
  const length = /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : Number.NaN;
  if (slash < 0 || address === null || !(length <= digitsOf[address.family] * 4)) return null;
  const bits = BigInt(digitsOf[address.family] * 4);
  const value = BigInt(`0x${address.digits}`);
  const mask = ((1n << BigInt(length)) - 1n) << (bits - BigInt(length));
  const first = value & mask;
  const hex = (number: bigint) => number.toString(16).padStart(digitsOf[address.family], '0');
  return {
    family: address.family,
    text: `${formatAddress(hex(first))}/${length}`,
    length,
    first: hex(first),
    last: hex(first | (((1n << bits) - 1n) ^ mask)),
    hostBits: first !== value,
  };
}

/** The text of an address from its digits. */
export function formatAddress(digits: string): string {
  if (digits.length === 8)
    return (digits.match(/../g) ?? []).map((part) => Number.parseInt(part, 16)).join('.');
  const groups = (digits.match(/.{4}/g) ?? []).map((group) => group.replace(/^0+(?=.)/, ''));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
