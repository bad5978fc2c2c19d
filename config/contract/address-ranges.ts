import { addressText, type IpNetwork, lastAddress, parseNetwork } from './ip-networks.ts';

/** Addresses in a row, both ends included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The hosts of these networks without those excluded, each once, in rising order, IPv4 first. What stands for a network itself and
 * for all of its hosts (RFC 950, RFC 919; RFC 4291 section 2.6.1) is none, unless somebody names that one address.
 */
export function hostRanges(
  networks: readonly IpNetwork[],
  exclude: readonly IpNetwork[] = [],
): AddressRange[] {
  const ranges = joined(networks.map(hostsOf));
  return exclude.map(allOf).reduce(without, ranges);
}

export function countAddresses(ranges: readonly AddressRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + Number(last - first) + 1, 0);
}

/** Every address of the ranges as text, one after the other: nothing is kept. */
export function* addressesIn(ranges: readonly AddressRange[]): Generator<string, void> {
  for (const { family, first, last } of ranges)
    for (let value = first; value <= last; value++) yield addressText(family, value);
}

function allOf(network: IpNetwork): AddressRange {
  return { family: network.family, first: network.base, last: lastAddress(network) };
}

function hostsOf(network: IpNetwork): AddressRange {
  const { family, first, last } = allOf(network);
  // Networks of one or two addresses have hosts only (RFC 3021, RFC 6164).
  if (last - first < 2n) return { family, first, last };
  return { family, first: first + 1n, last: family === 4 ? last - 1n : last };
}

/** Sorted, and those that overlap or touch made one. */
function joined(ranges: readonly AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort(
    (a, b) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  );
  const result: AddressRange[] = [];
  for (const range of sorted) {
    const before = result.at(-1);
    if (before === undefined || before.family !== range.family || range.first > before.last + 1n)
      result.push(range);
    else if (range.last > before.last) result[result.length - 1] = { ...before, last: range.last };
  }
  return result;
}

function without(ranges: readonly AddressRange[], gone: AddressRange): AddressRange[] {
  return ranges.flatMap((range) => {
    if (range.family !== gone.family || gone.last < range.first || gone.first > range.last) return [range];
    const parts: AddressRange[] = [];
    if (range.first < gone.first) parts.push({ ...range, last: gone.first - 1n });
    if (range.last > gone.last) parts.push({ ...range, first: gone.last + 1n });
    return parts;
  });
}

/** Whether an address lies in one of the ranges. */
export function inRanges(address: string, ranges: readonly AddressRange[]): boolean {
  const network = parseNetwork(address);
  if (network === null) return false;
  return ranges.some(
    ({ family, first, last }) => family === network.family && network.base >= first && network.base <= last,
  );
}
