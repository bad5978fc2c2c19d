import { lookup } from 'node:dns/promises';
import { type IpNetwork, isInNetwork, isIpAddress, parseNetwork } from '@rackhaus/config/contract';

const mostRemembered = 50_000;

/** The agent asks nothing at this address: what to change stands in the message. */
export class OutOfReachError extends Error {
  override name = 'OutOfReachError';
}

/** A name has no address. */
export class UnknownNameError extends Error {
  override name = 'UnknownNameError';
}

/**
 * Which addresses this agent asks anything: those in the networks that its server names, and of them only those in its own list
 * where it has one, so that whoever takes over the server cannot look around in the rest. Names are looked up at each use, and
 * what they stand for is checked.
 */
export class Reach {
  readonly #own: readonly IpNetwork[] | null;
  readonly #lookup: (name: string) => Promise<readonly { readonly address: string }[]>;
  #server: readonly IpNetwork[] | null = null;
  #text = '';
  readonly #verdicts = new Map<string, boolean>();

  /** @param options.own null: this agent has no list of its own */
  constructor(options: {
    own: readonly IpNetwork[] | null;
    lookup?: (name: string) => Promise<readonly { readonly address: string }[]>;
  }) {
    this.#own = options.own;
    this.#lookup = options.lookup ?? ((name) => lookup(name, { all: true }));
  }

  /** Takes the networks of the assignment; undefined: the server names none. @returns whether they are others than before */
  setServer(networks: readonly string[] | undefined): boolean {
    const text = networks === undefined ? '' : networks.join(' ');
    if (text === this.#text && (networks === undefined) === (this.#server === null)) return false;
    this.#text = text;
    this.#server = networks === undefined ? null : networks.flatMap((one) => parseNetwork(one) ?? []);
    this.#verdicts.clear();
    return true;
  }

  /** Whether the address may be asked. */
  allows(address: string): boolean {
    const known = this.#verdicts.get(address);
    if (known !== undefined) return known;
    const within = (networks: readonly IpNetwork[] | null) =>
      networks === null || networks.some((network) => isInNetwork(address, network));
    const verdict = within(this.#server) && within(this.#own);
    if (this.#verdicts.size >= mostRemembered) this.#verdicts.clear();
    this.#verdicts.set(address, verdict);
    return verdict;
  }

  /** Whether this agent's own list lets the address be asked, whatever its server names for polling. */
  ownAllows(address: string): boolean {
    return this.#own === null || this.#own.some((network) => isInNetwork(address, network));
  }

  /** The address to ask for an address or a name. @throws OutOfReachError, UnknownNameError */
  async resolve(host: string): Promise<string> {
    if (isIpAddress(host)) {
      if (this.allows(host)) return host;
      throw new OutOfReachError(this.#words(host));
    }
    let found: readonly { readonly address: string }[];
    try {
      found = await this.#lookup(host);
    } catch {
      throw new UnknownNameError(`the name ${host} has no address`);
    }
    const address = found.find((one) => this.allows(one.address))?.address;
    if (address !== undefined) return address;
    const [first] = found;
    if (first === undefined) throw new UnknownNameError(`the name ${host} has no address`);
    throw new OutOfReachError(this.#words(`${first.address} (${host})`));
  }

  #words(what: string): string {
    return `${what} lies in no network that may be polled: allow it on the page Administration > Protection${this.#own === null ? '' : ', and in --networks of this agent'}`;
  }
}

/** Reads "10.0.0.0/8, fd00::/8"; a string: what is wrong with it. */
export function readNetworks(text: string): readonly IpNetwork[] | string {
  const networks: IpNetwork[] = [];
  for (const part of text.split(/[\s,]+/).filter((one) => one !== '')) {
    const network = parseNetwork(part);
    if (network === null) return `"${part}" is not a network like 10.0.0.0/8, with zeros behind the prefix`;
    networks.push(network);
  }
  return networks.length === 0 ? 'names no network' : networks;
}
