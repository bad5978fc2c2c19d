import {
  countAddresses,
  hostRanges,
  type IpNetwork,
  isNetworkWithin,
  mostAddressBits,
  parseNetwork,
} from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** What stands in a field for several networks, and what is wrong with it in a sentence. */
export interface ReadNetworks {
  readonly texts: readonly string[];
  readonly networks: readonly IpNetwork[];
  readonly problem: string | undefined;
}

/** Reads networks or addresses, one a line or apart by commas and spaces. `allowed`: each has to lie in one of them. */
export function readNetworks(
  text: string,
  rules: { readonly allowed?: readonly string[]; readonly bounded: boolean },
): ReadNetworks {
  const texts = text.split(/[\s,;]+/).filter((one) => one !== '');
  const allowed = rules.allowed?.flatMap((one) => parseNetwork(one) ?? []);
  const networks: IpNetwork[] = [];
  const seen = new Set<string>();
  for (const one of texts) {
    const network = parseNetwork(one);
    if (network === null) return { texts, networks, problem: m.disc_bad_network({ text: one }) };
    if (seen.has(one)) return { texts, networks, problem: m.disc_bad_twice({ text: one }) };
    seen.add(one);
    if (rules.bounded && (network.family === 4 ? 32 : 128) - network.prefix > mostAddressBits)
      return { texts, networks, problem: m.disc_bad_large({ text: one }) };
    if (allowed && !allowed.some((outer) => isNetworkWithin(network, outer)))
      return { texts, networks, problem: m.disc_bad_not_allowed({ text: one }) };
    networks.push(network);
  }
  return { texts, networks, problem: undefined };
}

/**
 * How many addresses are asked, and for about how many seconds: `seconds` where most answer, `most` where all are silent to ping and
 * so asked with each of these sets of credentials.
 */
export function estimate(
  networks: readonly IpNetwork[],
  exclude: readonly IpNetwork[],
  perSecond: number,
  sets: readonly { readonly protocol: string }[],
): { addresses: number; seconds: number; most: number } {
  const addresses = countAddresses(hostRanges(networks, exclude));
  // Silence to SNMPv3 is the same for all its users: they are asked together.
  const questions = sets.filter(({ protocol }) => protocol !== '3').length + (hasV3(sets) ? 1 : 0);
  // Those that answer are recognised beside the rest; the last of them take a few seconds more.
  const seconds = Math.ceil(addresses / perSecond) + 5;
  // What is asked once more is waited for about a second, set by set.
  const further = Math.max(0, questions - 1);
  return { addresses, seconds, most: seconds + further * (Math.ceil(addresses / perSecond) + 1) };
}

const hasV3 = (sets: readonly { readonly protocol: string }[]) =>
  sets.some(({ protocol }) => protocol === '3');
