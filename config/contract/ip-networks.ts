/** A network of IP addresses: what its addresses begin with. Browser-safe, hence not node:net. */
export interface IpNetwork {
  readonly family: 4 | 6;
  /** The address as a number, with zeros behind the prefix. */
  readonly base: bigint;
  readonly prefix: number;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** Reads "10.0.0.0/8", "2001:db8::/32" or one address; null when it is none, or has bits behind its prefix. */
export function parseNetwork(text: string): IpNetwork | null {
  const [, host, length] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const address = host === undefined ? null : parseAddress(host);
  if (address === null) return null;
  const bits = bitsOf[address.family];
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits || (length !== undefined && String(prefix) !== length)) return null;
  const base = cut(address.value, bits, prefix);
  return base === address.value ? { family: address.family, base, prefix } : null;
}

/** "10.0.0.0/8": how a network is written. */
export function networkText({ family, base, prefix }: IpNetwork): string {
  return `${family === 4 ? textOf4(base) : textOf6(base)}/${prefix}`;
}

/** Whether the address lies in the network. IPv4 written as IPv6 (::ffff:10.0.0.1) is that IPv4 address. */
export function isInNetwork(address: string, network: IpNetwork): boolean {
  const parsed = parseAddress(address);
  if (parsed === null || parsed.family !== network.family) return false;
  return cut(parsed.value, bitsOf[parsed.family], network.prefix) === network.base;
}

/** Whether the text is an IP address, and not a name. A zone (fe80::1%eth0) belongs to none. */
export function isIpAddress(text: string): boolean {
  return parseAddress(text) !== null;
}

/** Whether all of a network lies in another one. */
export function isNetworkWithin(inner: IpNetwork, outer: IpNetwork): boolean {
  return (
    inner.family === outer.family &&
    inner.prefix >= outer.prefix &&
    cut(inner.base, bitsOf[inner.family], outer.prefix) === outer.base
  );
}

/** How an address is written that is known as a number. */
export function addressText(family: 4 | 6, value: bigint): string {
  return family === 4 ? textOf4(value) : textOf6(value);
}

/** The last address of a network, as a number. */
export function lastAddress({ family, base, prefix }: IpNetwork): bigint {
  return base + (1n << BigInt(bitsOf[family] - prefix)) - 1n;
}

function cut(value: bigint, bits: number, prefix: number): bigint {
  const behind = BigInt(bits - prefix);
  return (value >> behind) << behind;
}

const mapped = 0xffffn << 32n;

function parseAddress(text: string): { readonly family: 4 | 6; readonly value: bigint } | null {
  if (!text.includes(':')) {
    const value = parse4(text);
    return value === null ? null : { family: 4, value };
  }
  const value = parse6(text);
  if (value === null) return null;
  return value >> 32n === 0xffffn ? { family: 4, value: value - mapped } : { family: 6, value };
}

function parse4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    // No leading zeros: some read those as octal.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parse6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, index) => groups6(half, index === halves.length - 1));
  if (head === null || head === undefined || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])].reduce(
    (value, group) => (value << 16n) | group,
    0n,
  );
}

/** Groups of 16 bits; the last may be an IPv4 address. null: something else. */
function groups6(text: string, last: boolean): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else {
      const v4 = last && index === parts.length - 1 ? parse4(part) : null;
      if (v4 === null) return null;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    }
  }
  return groups;
}

function textOf4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

/** RFC 5952: the longest run of zeros (of two at least, the first of equals) is left out. */
function textOf6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, n) => (value >> BigInt(112 - 16 * n)) & 0xffffn);
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (groups[from + length] === 0n) length++;
    if (length > best.length) best = { from, length };
  }
  const text = (part: readonly bigint[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return text(groups);
  return `${text(groups.slice(0, best.from))}::${text(groups.slice(best.from + best.length))}`;
}

/** A text by which addresses sort as they count, IPv4 first; the text itself of what is none. */
export function addressSortKey(address: string): string {
  const parsed = parseAddress(address);
  return parsed === null ? `z${address}` : `${parsed.family}${parsed.value.toString(16).padStart(32, '0')}`;
}
