import {
  Agent,
  type ClientRequestArgs,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from 'node:http';
import type { Duplex } from 'node:stream';
import type { SeenCertificate, TlsSettings } from '@rackhaus/config/contract';
import { type Authorities, failureOf, openConnection, type Place, secure } from './connection.ts';
import { CheckFailure } from './result.ts';

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most as much as was asked for. */
  readonly body: Buffer;
}

/**
 * Asks one server by HTTP over connections that are looked at before anything is said on them. Keeps two connections at most;
 * `close` ends them.
 */
export class HttpClient {
  readonly #origin: URL;
  readonly #agent: CheckedAgent;
  readonly #signal: AbortSignal;

  /** @param options.tls null: without encryption */
  constructor(options: {
    origin: URL;
    place: Place;
    tls: TlsSettings | null;
    authorities: Authorities;
    now: number;
    signal: AbortSignal;
  }) {
    this.#origin = options.origin;
    this.#signal = options.signal;
    this.#agent = new CheckedAgent(options);
  }

  /** What the server has shown; null before the first request, and without encryption. */
  get certificate(): SeenCertificate | null {
    return this.#agent.certificate;
  }

  /** @throws CheckFailure */
  request(options: {
    method: string;
    path: string;
    headers?: Readonly<Record<string, string>>;
    body?: string;
    /** The rest of a longer body is not read. */
    mostBytes: number;
  }): Promise<HttpReply> {
    const { method, path, headers = {}, body, mostBytes } = options;
    return new Promise((resolve, reject) => {
      const asked = request({
        agent: this.#agent,
        method,
        path,
        headers: {
          host: this.#origin.host,
          'user-agent': 'Rackhaus',
          'accept-encoding': 'identity',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
        // Some BMCs send more headers than most.
        maxHeaderSize: 64_000,
      });
      const giveUp = () =>
        asked.destroy(new CheckFailure('timeout', null, { answered: asked.socket?.connecting === false }));
      this.#signal.addEventListener('abort', giveUp, { once: true });
      asked.once('close', () => this.#signal.removeEventListener('abort', giveUp));
      asked.on('error', (error) => reject(protocolFailure(error)));
      asked.once('response', (response) => {
        readBody(response, mostBytes).then(
          (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
          (error: unknown) => reject(failureOf(error)),
        );
      });
      asked.end(body);
      if (this.#signal.aborted) giveUp();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

class CheckedAgent extends Agent {
  readonly #options: {
    place: Place;
    tls: TlsSettings | null;
    authorities: Authorities;
    now: number;
    signal: AbortSignal;
  };
  certificate: SeenCertificate | null = null;

  constructor(options: {
    place: Place;
    tls: TlsSettings | null;
    authorities: Authorities;
    now: number;
    signal: AbortSignal;
  }) {
    super({ keepAlive: true, maxSockets: 2 });
    this.#options = options;
  }

  override createConnection(
    _: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    if (callback === undefined) return undefined;
    this.#open().then(
      (socket) => callback(null, socket),
      // Node's types want a stream where there is none.
      (error: Error) => Reflect.apply(callback, undefined, [error]),
    );
    return undefined;
  }

  async #open(): Promise<Duplex> {
    const { place, tls, signal } = this.#options;
    const socket = await openConnection(place, signal);
    if (tls === null) return socket;
    const secured = await secure(socket, place, { ...this.#options, tls });
    this.certificate = secured.certificate;
    return secured.socket;
  }
}

function protocolFailure(error: Error): CheckFailure {
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return new CheckFailure('protocol', `not HTTP: ${error.message}`);
  return failureOf(error);
}

async function readBody(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    if (!(part instanceof Buffer)) continue;
    parts.push(part);
    bytes += part.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(parts).subarray(0, mostBytes);
}
