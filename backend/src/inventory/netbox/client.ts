import { setTimeout as wait } from 'node:timers/promises';
import type { ZodType, z } from 'zod';
import { type Outgoing, OutgoingRefused } from '../../outgoing/outgoing.ts';
import { TableError } from '../import-table/cells.ts';
import { type EndpointName, endpoints, type NetboxData } from './shapes.ts';

const pageSize = 250;
const timeoutMs = 30_000;
/** A page of the largest objects is well below a megabyte. */
const mostBytes = 50_000_000;
const attempts = 4;

interface Page {
  readonly count: number;
  readonly results: readonly unknown[];
}

/**
 * Fetches what is used of a NetBox over its paged REST API. What has been fetched is kept: after an interruption `fetchAll`
 * goes on with the next page.
 */
export class NetboxClient {
  readonly #outside: Pick<Outgoing, 'fetch'>;
  readonly #base: URL;
  readonly #authorization: string;
  readonly #pages = new Map<EndpointName, { rows: unknown[]; whole: boolean; count: number }>();

  /**
   * @param url where NetBox is opened in a browser
   * @param token version 2 (`nbt_…`) or version 1
   * @throws TableError for what is no address of a web server
   */
  constructor(options: { url: string; token: string; outside: Pick<Outgoing, 'fetch'> }) {
    this.#outside = options.outside;
    const base = URL.canParse(options.url) ? new URL(options.url) : null;
    if (base === null || (base.protocol !== 'https:' && base.protocol !== 'http:'))
      throw new TableError(
        'netbox-url',
        `"${options.url}" must be an address such as https://netbox.example.org.`,
      );
    base.pathname = `${base.pathname.replace(/\/+$/, '').replace(/\/api$/, '')}/`;
    base.search = '';
    base.hash = '';
    this.#base = base;
    this.#authorization = options.token.startsWith('nbt_')
      ? `Bearer ${options.token}`
      : `Token ${options.token}`;
  }

  /** @throws TableError that says in words why it could not be fetched, or what is not as expected */
  async fetchAll(options: {
    signal: AbortSignal;
    onProgress: (done: number, total: number) => void;
  }): Promise<NetboxData> {
    const names = Object.keys(endpoints) as EndpointName[];
    for (const name of names) await this.#fetch(name, options.signal, () => this.#tell(options.onProgress));
    return this.#parsed();
  }

  #tell(onProgress: (done: number, total: number) => void): void {
    let done = 0;
    let total = 0;
    for (const { rows, count } of this.#pages.values()) {
      done += rows.length;
      total += count;
    }
    onProgress(done, total);
  }

  async #fetch(name: EndpointName, signal: AbortSignal, tell: () => void): Promise<void> {
    const kept = this.#pages.get(name) ?? { rows: [], whole: false, count: 0 };
    this.#pages.set(name, kept);
    while (!kept.whole) {
      const page = await this.#page(endpoints[name].path, kept.rows.length, signal);
      kept.rows.push(...page.results);
      kept.count = page.count;
      // NetBox may answer fewer than asked (its MAX_PAGE_SIZE), so the number of rows tells, not that of pages.
      kept.whole = kept.rows.length >= page.count || page.results.length === 0;
      tell();
    }
  }

  async #page(path: string, offset: number, signal: AbortSignal): Promise<Page> {
    const url = new URL(`api/${path}/`, this.#base);
    url.searchParams.set('limit', String(pageSize));
    url.searchParams.set('offset', String(offset));
    url.searchParams.set('ordering', 'id');
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#ask(url, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof OutgoingRefused) throw new TableError('netbox-not-allowed', error.message);
        if (error instanceof TableError) throw error;
        return null;
      });
      if (answer !== null && answer.status < 500 && answer.status !== 429) return this.#read(answer, url);
      if (attempt === attempts) throw refusal(answer?.status ?? null, url);
      await wait(Math.min(Number(answer?.retryAfter ?? 0) || 2 ** attempt / 2, 30) * 1000, undefined, {
        signal,
      });
    }
  }

  async #ask(url: URL, signal: AbortSignal) {
    const response = await this.#outside.fetch(url, {
      headers: { authorization: this.#authorization, accept: 'application/json' },
      // The token is for this server and for no other.
      redirect: 'manual',
      signal,
      timeoutMs,
      // One more than is read: beyond, `limited` says so in words.
      mostBytes: mostBytes + 1,
    });
    const text = await limited(response, url);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  }

  #read({ status, text }: { status: number; text: string }, url: URL): Page {
    if (status !== 200) throw refusal(status, url);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw new TableError(
        'netbox-not-json',
        `${url.pathname} did not answer JSON. Is this the address of NetBox itself?`,
      );
    }
    const count = property(json, 'count');
    const results = property(json, 'results');
    if (typeof count !== 'number' || !Array.isArray(results))
      throw new TableError(
        'netbox-not-json',
        `${url.pathname} did not answer a list. Is this the address of NetBox itself?`,
      );
    return { count, results };
  }

  #parsed(): NetboxData {
    const rows = <S extends ZodType>(name: EndpointName, shape: S): z.output<S>[] =>
      (this.#pages.get(name)?.rows ?? []).map((row, index) => {
        const parsed = shape.safeParse(row);
        if (parsed.success) return parsed.data;
        const [issue] = parsed.error.issues;
        throw new TableError(
          'netbox-shape',
          `${endpoints[name].path}, object ${String(property(row, 'id') ?? index)}: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`,
        );
      });
    return {
      sites: rows('sites', endpoints.sites.shape),
      locations: rows('locations', endpoints.locations.shape),
      racks: rows('racks', endpoints.racks.shape),
      types: rows('types', endpoints.types.shape),
      interfaceTemplates: rows('interfaceTemplates', endpoints.interfaceTemplates.shape),
      consoleTemplates: rows('consoleTemplates', endpoints.consoleTemplates.shape),
      powerPortTemplates: rows('powerPortTemplates', endpoints.powerPortTemplates.shape),
      powerOutletTemplates: rows('powerOutletTemplates', endpoints.powerOutletTemplates.shape),
      rearPortTemplates: rows('rearPortTemplates', endpoints.rearPortTemplates.shape),
      frontPortTemplates: rows('frontPortTemplates', endpoints.frontPortTemplates.shape),
      devices: rows('devices', endpoints.devices.shape),
      interfaces: rows('interfaces', endpoints.interfaces.shape),
      consolePorts: rows('consolePorts', endpoints.consolePorts.shape),
      powerPorts: rows('powerPorts', endpoints.powerPorts.shape),
      powerOutlets: rows('powerOutlets', endpoints.powerOutlets.shape),
      rearPorts: rows('rearPorts', endpoints.rearPorts.shape),
      frontPorts: rows('frontPorts', endpoints.frontPorts.shape),
      vrfs: rows('vrfs', endpoints.vrfs.shape),
      vlans: rows('vlans', endpoints.vlans.shape),
      prefixes: rows('prefixes', endpoints.prefixes.shape),
      addresses: rows('addresses', endpoints.addresses.shape),
      cables: rows('cables', endpoints.cables.shape),
    };
  }
}

async function limited(response: Response, url: URL): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const part of response.body) {
    bytes += part.length;
    if (bytes > mostBytes)
      throw new TableError('netbox-not-json', `${url.pathname} answered more than ${mostBytes / 1e6} MB.`);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Why a request was in vain, in words. */
function refusal(status: number | null, url: URL): TableError {
  if (status === null)
    return new TableError('netbox-unreachable', `${url.host} cannot be reached, or does not answer in time.`);
  if (status === 401 || status === 403)
    return new TableError(
      'netbox-refused',
      `${url.host} refuses the token, or it may not read ${url.pathname}.`,
    );
  if (status >= 300 && status < 400)
    return new TableError(
      'netbox-redirect',
      `${url.host} leads somewhere else. Please give the address to which it leads.`,
    );
  if (status === 404)
    return new TableError(
      'netbox-not-json',
      `There is no ${url.pathname} at ${url.host}. Is this the address of NetBox itself?`,
    );
  return new TableError('netbox-failed', `${url.host} answered ${status} for ${url.pathname}.`);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
