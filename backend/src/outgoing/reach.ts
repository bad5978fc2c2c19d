import {
  formatAddress,
  type IpAddress,
  type IpPrefix,
  parseAddress,
  parsePrefix,
} from '../inventory/network/ip.ts';

/** Where an address leads, seen from this server. `other`: where no server of anybody's is (multicast, documentation, reserved). */
export type Reach = 'public' | 'private' | 'loopback' | 'link-local' | 'other';

/** By IANA's registries of special-purpose addresses (RFC 6890 and its successors); the first that holds counts. */
const special: readonly (readonly [Reach, IpPrefix])[] = (
  [
    ['loopback', '127.0.0.0/8'],
    ['loopback', '::1/128'],
    // "This host": systems connect to themselves.
    ['loopback', '0.0.0.0/8'],
    ['loopback', '::/128'],
    ['link-local', '169.254.0.0/16'],
    ['link-local', 'fe80::/10'],
    // Metadata of machines at large providers, in a range that is private otherwise.
    ['link-local', 'fd00:ec2::254/128'],
    ['private', '10.0.0.0/8'],
    ['private', '172.16.0.0/12'],
    ['private', '192.168.0.0/16'],
    ['private', '100.64.0.0/10'],
    ['private', 'fc00::/7'],
    ['private', 'fec0::/10'],
    ['other', '192.0.0.0/24'],
    ['other', '192.0.2.0/24'],
    ['other', '192.88.99.0/24'],
    ['other', '198.18.0.0/15'],
    ['other', '198.51.100.0/24'],
    ['other', '203.0.113.0/24'],
    ['other', '224.0.0.0/4'],
    ['other', '240.0.0.0/4'],
    ['other', '64:ff9b:1::/48'],
    ['other', '100::/64'],
    ['other', '2001::/23'],
    ['other', '2001:db8::/32'],
    ['other', '3fff::/20'],
    ['other', '5f00::/16'],
    ['other', 'ff00::/8'],
  ] as const
).map(([reach, text]) => [reach, prefixOf(text)]);

/** Ranges of IPv6 that carry an address of IPv4: how long the prefix is, after which it stands. */
const carriers: readonly { readonly prefix: IpPrefix; readonly from: number }[] = [
  { prefix: prefixOf('::ffff:0:0/96'), from: 24 },
  { prefix: prefixOf('::ffff:0:0:0/96'), from: 24 },
  { prefix: prefixOf('64:ff9b::/96'), from: 24 },
  { prefix: prefixOf('2002::/16'), from: 4 },
  { prefix: prefixOf('::/96'), from: 24 },
];

/** The address that is meant: that of IPv4 where one of IPv6 only carries it. null: it is none. A zone (`%eth0`) is left out. */
export function meantAddress(text: string): IpAddress | null {
  const address = parseAddress(text.replace(/%.*$/, ''));
  if (address === null || address.family === 4) return address;
  // ::1 and :: are addresses of their own.
  if (/^0{31}[01]$/.test(address.digits)) return address;
  const carrier = carriers.find(({ prefix }) => contains(prefix, address));
  if (carrier === undefined) return address;
  const digits = address.digits.slice(carrier.from, carrier.from + 8);
  return { family: 4, digits, text: formatAddress(digits) };
}

/** Where it leads. Pure; an address of IPv4 within one of IPv6 counts as that. */
export function reachOf(text: string): Reach {
  const address = meantAddress(text);
  if (address === null) return 'other';
  return special.find(([, prefix]) => contains(prefix, address))?.[0] ?? 'public';
}

/** Whether an address lies in a network. */
export function contains(prefix: IpPrefix, address: IpAddress): boolean {
  return prefix.family === address.family && prefix.first <= address.digits && address.digits <= prefix.last;
}

/** The network of this one address, as text. */
export function networkOf(address: IpAddress): string {
  return `${address.text}/${address.family === 4 ? 32 : 128}`;
}

function prefixOf(text: string): IpPrefix {
  const prefix = parsePrefix(text);
  if (prefix === null) throw new Error(`"${text}" is no network.`);
  return prefix;
}
