import type { IncomingMessage } from 'node:http';
import type { IpPrefix } from '../inventory/network/ip.ts';
import { parseNetworks } from '../outgoing/allowed-networks.ts';
import { contains, meantAddress } from '../outgoing/reach.ts';

/** Words that express knows for ranges, too. */
const words: Readonly<Record<string, string>> = {
  loopback: '127.0.0.0/8, ::1',
  linklocal: '169.254.0.0/16, fe80::/10',
  uniquelocal: '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7',
};

/** Which proxies are believed when they say who calls and how. */
export class Proxies {
  readonly #networks: readonly IpPrefix[];

  /** @param setting as TRUST_PROXY @throws Error naming what is no address, network or word */
  constructor(setting: string) {
    try {
      this.#networks = parseNetworks(setting.replace(/[a-z]{4,}/g, (word) => words[word] ?? word));
    } catch (error) {
      throw new Error(`TRUST_PROXY: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  believes(text: string): boolean {
    const address = meantAddress(text);
    return address !== null && this.#networks.some((network) => contains(network, address));
  }

  /** Who calls: the last address in the way here that no believed proxy has. Forged ones stand before it and count for nothing. */
  callerOf(request: IncomingMessage): string {
    let address = plain(request.socket.remoteAddress ?? '');
    for (const before of forwardedFor(request).reverse()) {
      if (!this.believes(address)) break;
      address = plain(before);
    }
    return address;
  }
}

/** What X-Forwarded-For says, in its order. */
export function forwardedFor(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(-20);
}

/** IPv4 within IPv6 as IPv4, as sockets show it that listen for both. */
function plain(text: string): string {
  return meantAddress(text)?.text ?? text;
}
