import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import type { IpPrefix } from '../inventory/network/ip.ts';
import { contains, meantAddress, networkOf, reachOf } from './reach.ts';
import { OutgoingRefused } from './refused.ts';
import { type OutgoingInit, type Purpose, request } from './request.ts';

export { OutgoingRefused } from './refused.ts';
export type { OutgoingInit, Purpose } from './request.ts';

const defaultTimeoutMs = 30_000;
const defaultMostBytes = 20_000_000;
const mostRedirects = 5;

/**
 * Every connection that this server makes to where people say. It looks at the address that it really connects to, so that a name
 * that means something else a moment later leads nowhere else.
 */
export class Outgoing {
  readonly #allowed: () => readonly IpPrefix[];
  readonly #lookup: typeof systemLookup;

  /** @param allowed networks that may be reached although they are not public; asked at each connection */
  constructor(options: { allowed: () => readonly IpPrefix[]; lookup?: typeof systemLookup }) {
    this.#allowed = options.allowed;
    this.#lookup = options.lookup ?? systemLookup;
  }

  /**
   * As the `fetch` of browsers, with limits: 30 s and 20 MB in all where `init` says nothing else. Redirects are not followed unless
   * `init.redirect` is `follow` (GET and HEAD; each address is looked at anew and another server gets no credentials).
   * @throws OutgoingRefused for where it may not lead; TypeError with the cause for what went wrong on the way; TimeoutError
   */
  async fetch(url: string | URL, init: OutgoingInit = {}): Promise<Response> {
    const limit = AbortSignal.timeout(init.timeoutMs ?? defaultTimeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const method = init.method?.toUpperCase() ?? 'GET';
    const isRead = method === 'GET' || method === 'HEAD';
    const headers = new Headers(init.headers);
    const purpose = init.purpose ?? 'web';
    let address = webAddress(url);
    for (let redirects = 0; ; redirects++) {
      // A literal address is connected to without looking it up.
      this.#refuseLiteral(address.hostname, purpose);
      const response = await request(address, {
        method,
        headers,
        body: init.body ?? null,
        signal,
        mostBytes: init.mostBytes ?? defaultMostBytes,
        lookup: this.#lookupFor(purpose),
        ca: init.ca ?? null,
      });
      const location = response.headers.get('location');
      const leads = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
      if (!leads || init.redirect !== 'follow' || !isRead) return response;
      await response.body?.cancel();
      if (redirects >= mostRedirects)
        throw new TypeError('fetch failed', { cause: new Error('too many redirects') });
      const next = webAddress(new URL(location, address));
      if (address.protocol === 'https:' && next.protocol === 'http:')
        throw new TypeError('fetch failed', { cause: new Error('it leads from https to http') });
      if (next.origin !== address.origin)
        for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name);
      address = next;
    }
  }

  /** For sockets to mail and directory servers that are given a name: `lookup` of node:net and node:tls. See `resolve`. */
  readonly lookup: LookupFunction = (host, options, done) => this.#lookupFor('server')(host, options, done);

  /**
   * The address to connect to for a mail or directory server, which the caller then uses in place of the name (and gives the name
   * for TLS): no library can look it up once more, or skip looking for what is an address already.
   * @throws OutgoingRefused; Error of the name service
   */
  async resolve(host: string, path = 'host'): Promise<string> {
    const [first] = await this.#permitted(host, 'server', path);
    if (first === undefined) throw new Error(`${host} has no address.`);
    return first.address;
  }

  /**
   * For what somebody enters: refuses at once what would be refused later. A name that cannot be looked up now passes.
   * @param path of the field in the request, for the complaint
   * @throws OutgoingRefused
   */
  async check(url: string | URL, path = 'url', purpose: Purpose = 'web'): Promise<void> {
    await this.#checkHost(webAddress(url, path).hostname, purpose, path);
  }

  /** The same for a mail or directory server by its name or address. @throws OutgoingRefused */
  async checkServer(host: string, path = 'host'): Promise<void> {
    await this.#checkHost(host, 'server', path);
  }

  async #checkHost(host: string, purpose: Purpose, path: string): Promise<void> {
    try {
      await this.#permitted(host, purpose, path);
    } catch (error) {
      if (error instanceof OutgoingRefused) throw error;
    }
  }

  async #permitted(host: string, purpose: Purpose, path: string): Promise<LookupAddress[]> {
    const bare = withoutBrackets(host);
    this.#refuseLiteral(bare, purpose, path);
    const family = isIP(bare);
    if (family !== 0) return [{ address: bare, family }];
    const found = await promisify(this.#lookup)(bare, { all: true });
    return this.#sieve(bare, found, purpose, path);
  }

  #refuseLiteral(host: string, purpose: Purpose, path = 'url'): void {
    const bare = withoutBrackets(host);
    if (isIP(bare) !== 0) this.#sieve(bare, [{ address: bare, family: isIP(bare) }], purpose, path);
  }

  #lookupFor(purpose: Purpose): LookupFunction {
    return (host, options, done) => {
      this.#lookup(host, { ...options, all: true }, (error, found) => {
        if (error) return done(error, []);
        let addresses: LookupAddress[];
        try {
          addresses = this.#sieve(host, found, purpose, 'url');
        } catch (refused) {
          return done(refused instanceof Error ? refused : new Error(String(refused)), []);
        }
        if (options.all) return done(null, addresses);
        const [first] = addresses;
        if (first === undefined) return done(new Error(`${host} has no address.`), []);
        done(null, first.address, first.family);
      });
    };
  }

  /** Those of the addresses that may be connected to. @throws OutgoingRefused when none may */
  #sieve(host: string, found: readonly LookupAddress[], purpose: Purpose, path: string): LookupAddress[] {
    const good = found.filter(({ address }) => this.#mayReach(address, purpose));
    const [bad] = found;
    if (good.length > 0 || bad === undefined) return good;
    throw refusal(host, bad.address, path);
  }

  #mayReach(text: string, purpose: Purpose): boolean {
    const address = meantAddress(text);
    if (address === null) return false;
    const reach = reachOf(text);
    if (reach === 'public' || (reach === 'private' && purpose === 'server')) return true;
    return this.#allowed().some((network) => contains(network, address));
  }
}

/** @throws OutgoingRefused for what is no address of a web server */
function webAddress(url: string | URL, path = 'url'): URL {
  const parsed = URL.parse(String(url));
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    throw new OutgoingRefused('The address is not one that begins with http:// or https://.', null, path);
  if (parsed.username !== '' || parsed.password !== '')
    throw new OutgoingRefused('The address must hold neither user nor password.', null, path);
  return parsed;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

const kinds = {
  loopback: 'this server itself',
  'link-local': 'a link-local address',
  private: 'a private network',
  other: 'a reserved range',
  public: 'a public address',
} as const;

function refusal(host: string, found: string, path: string): OutgoingRefused {
  const address = meantAddress(found);
  const text = address?.text ?? found;
  const named = host === text ? host : `${host} (${text})`;
  return new OutgoingRefused(
    `${named} lies in ${kinds[reachOf(found)]}, to which this server does not connect unless an administrator allows it on the page "Protection".`,
    address === null ? null : networkOf(address),
    path,
  );
}
