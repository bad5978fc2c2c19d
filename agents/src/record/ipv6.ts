import { isIPv6 } from 'node:net';

/** Octets that are written with colons as an IPv6 address may be, but name a device in another way (EUI-64, WWN). */
const eightOctets = /^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/i;
/** Whole ones have no more characters. */
const longest = 45;
/** So many words with colons between may stand before or behind an address without a space. */
const mostBeside = 3;

/** The sixteen octets of an address as people write it; null: it is none. A zone (`%eth0`) is no part of it. */
export function ipv6Octets(text: string): Uint8Array | null {
  if (!isIPv6(text) || text.includes('%') || eightOctets.test(text)) return null;
  const [, head = '', dotted] = /^(.*?)((?:\d+\.){3}\d+)?$/.exec(text) ?? [];
  const last = (dotted ?? '').split('.').map(Number);
  const tail =
    dotted === undefined
      ? ''
      : Buffer.from(last)
          .toString('hex')
          .replace(/(.{4})(.{4})/, '$1:$2');
  const [before = '', after] = `${head}${tail}`.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const missing = 8 - groups(before).length - groups(after).length;
  const all = [
    ...groups(before),
    ...Array.from({ length: after === undefined ? 0 : missing }, () => '0'),
    ...groups(after),
  ];
  return Uint8Array.from(Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex'));
}

/** As it is written usually (RFC 5952). */
export function ipv6Text(octets: Uint8Array): string {
  const groups = Buffer.from(octets).toString('hex').match(/..../g) ?? [];
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** A text with other addresses in the place of those in it, written alike: in full or short, in upper or lower case. */
export function replaceIpv6(text: string, other: (octets: Uint8Array) => Uint8Array): string {
  return text.replace(/[0-9a-f:.]{2,}/gi, (run, at: number) => {
    if (!run.includes(':')) return run;
    const found = addressIn(run, {
      free: !/[0-9a-z]/i.test(text[at - 1] ?? ''),
      open: !/[0-9a-z]/i.test(text[at + run.length] ?? ''),
    });
    if (found === null) return run;
    const address = run.slice(found.from, found.to);
    // With an IPv4 address in it: that is replaced as all of them are.
    if (/^[0:]*:ffff:[\d.]+\.\d+$/i.test(address)) return run;
    const full = /^(?:[0-9a-f]{4}:){7}[0-9a-f]{4}$/i.test(address);
    const replaced = other(found.octets);
    const short = full
      ? (Buffer.from(replaced).toString('hex').match(/..../g) ?? []).join(':')
      : ipv6Text(replaced);
    const written = /[A-F]/.test(address) ? short.toUpperCase() : short;
    return run.slice(0, found.from) + written + run.slice(found.to);
  });
}

/** The longest address in characters that addresses are made of; words and colons may stand right beside it (`host:2001:db8::1:`). */
function addressIn(
  run: string,
  { free, open }: { free: boolean; open: boolean },
): { from: number; to: number; octets: Uint8Array } | null {
  const starts = [...(free ? [0] : []), ...places(run).map((at) => at + 1)].slice(0, mostBeside);
  const ends = [...(open ? [run.length] : []), ...places(run).reverse()].slice(0, mostBeside);
  const spans = starts.flatMap((from) => ends.map((to) => ({ from, to })));
  for (const { from, to } of spans.sort((a, b) => b.to - b.from - (a.to - a.from))) {
    const octets = to - from > longest ? null : ipv6Octets(run.slice(from, to));
    if (octets !== null) return { from, to, octets };
  }
  return null;
}

/** Where colons and dots stand. */
function places(run: string): number[] {
  return [...run].flatMap((char, at) => (char === ':' || char === '.' ? [at] : []));
}
