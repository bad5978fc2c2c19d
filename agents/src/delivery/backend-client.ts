import * as http from 'node:http';
import * as https from 'node:https';
import { agentHeaders } from '@rackhaus/config/contract';
import { PinnedAgent } from './pinned-agent.ts';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The backend could not be asked, or did not answer in time or in full. */
export class BackendAwayError extends Error {
  override name = 'BackendAwayError';
}

/** When it was asked (monotonic ms), and the backend's clock as it says. */
type Answered = (sentAt: number, backendTime: string | undefined) => void;

const maxReplyBytes = 64_000_000;

/**
 * HTTP to the backend over connections that are kept. node:http and not fetch: half the processor time per request.
 * The token goes into the header and nowhere else; redirects are not followed, they could carry it elsewhere.
 */
export class BackendClient {
  readonly #server: URL;
  readonly #token: () => string;
  readonly #agent: http.Agent;
  readonly #answered: Answered;
  readonly #monotonicMs: () => number;

  /** @param options.answered called with every answer that says that the backend works */
  constructor(options: {
    server: URL;
    token: () => string;
    answered?: Answered;
    monotonicMs?: () => number;
    /** Of the server's certificate, as node prints it; left out: the certificate is verified as usual. */
    fingerprint?: string | undefined;
  }) {
    this.#server = options.server;
    this.#token = options.token;
    this.#answered = options.answered ?? (() => {});
    this.#monotonicMs = options.monotonicMs ?? (() => performance.now());
    const kept = { keepAlive: true, maxSockets: 8 };
    if (options.server.protocol !== 'https:') this.#agent = new http.Agent(kept);
    else
      this.#agent =
        options.fingerprint === undefined
          ? new https.Agent(kept)
          : new PinnedAgent(options.fingerprint, kept);
  }

  /** @throws BackendAwayError on anything that is not a complete reply within `timeoutMs`. */
  async request(options: {
    method: 'GET' | 'POST';
    /** Below the server's address, without a leading slash. */
    path: string;
    headers?: Readonly<Record<string, string>>;
    body?: Uint8Array;
    /** Without the key: for who has none yet. */
    anonymous?: boolean;
    timeoutMs: number;
    signal: AbortSignal;
  }): Promise<Reply> {
    try {
      return await this.#once(options);
    } catch (error) {
      // The server closed a kept connection at the moment of use. Every request may be repeated, so ask again at once.
      if (error instanceof StaleConnectionError) return await this.#once(options);
      throw error;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once(options: Parameters<BackendClient['request']>[0]): Promise<Reply> {
    const base = this.#server.href.endsWith('/') ? this.#server.href : `${this.#server.href}/`;
    const url = new URL(options.path, base);
    const { request } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const sentAt = this.#monotonicMs();
      const outgoing = request(url, {
        method: options.method,
        agent: this.#agent,
        signal: options.signal,
        headers: {
          ...options.headers,
          ...(options.anonymous ? {} : { authorization: `Bearer ${this.#token()}` }),
          ...(options.body === undefined ? {} : { 'content-length': options.body.length }),
        },
      });
      let answered = false;
      const fail = (message: string, cause?: Error) => {
        clearTimeout(timer);
        outgoing.destroy();
        reject(new BackendAwayError(`${url.origin}: ${message}`, { cause }));
      };
      const timer = setTimeout(
        () => fail(`no complete answer within ${options.timeoutMs} ms`),
        options.timeoutMs,
      );
      outgoing.on('error', (error) => {
        const stale = outgoing.reusedSocket && !answered && 'code' in error && error.code === 'ECONNRESET';
        if (!stale) return fail(error.message, error);
        clearTimeout(timer);
        reject(new StaleConnectionError(error.message));
      });
      outgoing.on('response', (incoming) => {
        answered = true;
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxReplyBytes) fail('the answer is too long');
          else chunks.push(chunk);
        });
        incoming.on('error', (error) => fail(error.message, error));
        incoming.on('end', () => {
          clearTimeout(timer);
          const time = incoming.headers[agentHeaders.time];
          if ((incoming.statusCode ?? 500) < 500)
            this.#answered(sentAt, typeof time === 'string' ? time : undefined);
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          });
        });
      });
      outgoing.end(options.body);
    });
  }
}

class StaleConnectionError extends BackendAwayError {
  override name = 'StaleConnectionError';
}
