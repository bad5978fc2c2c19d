import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { agentHeaders } from '@rackhaus/config/contract';
import type { Body } from './ingest-bodies.ts';

/** As many as agents of a district have on their way at once. */
const inFlight = 6;

/** Posts bodies as an agent does, over kept connections, and keeps order as little as agents do. */
export class Sender {
  readonly #url: URL;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  readonly #outbox = randomUUID();
  #sequence = 0;

  constructor(options: { url: string; token: string }) {
    this.#url = new URL('api/agent/readings', `${options.url}/`);
    this.#token = options.token;
  }

  /** @throws when one is not acknowledged */
  async send(bodies: readonly Body[]): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await this.#post(body);
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
  }

  close(): void {
    this.#agent.destroy();
  }

  #post({ packed }: Body): Promise<void> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        this.#url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.#token}`,
            'content-type': 'text/plain; charset=utf-8',
            'content-encoding': 'zstd',
            'content-length': packed.length,
            [agentHeaders.outbox]: this.#outbox,
            [agentHeaders.sequence]: String(++this.#sequence),
          },
        },
        (reply) => {
          let text = '';
          reply.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          reply.on('end', () => {
            if (reply.statusCode === 204) resolve();
            else reject(new Error(`${reply.statusCode} ${text}`));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(packed);
    });
  }
}
