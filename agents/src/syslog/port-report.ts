import { networkInterfaces } from 'node:os';
import type { SyslogPort } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';
import { OncePerMinute } from '../log.ts';

const everyMs = 60_000;
const againMs = 5000;
const timeoutMs = 10_000;

/** Tells the backend once a minute where messages are received, so that it can tell people what to enter in their devices. */
export class PortReport {
  readonly #client: BackendClient;
  readonly #state: () => Omit<SyslogPort, 'addresses'>;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: { client: BackendClient; state: () => Omit<SyslogPort, 'addresses'>; log: Logger }) {
    this.#client = options.client;
    this.#state = options.state;
    this.#log = options.log;
  }

  start(): void {
    this.#running = this.#tell();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #tell(): Promise<void> {
    const body: SyslogPort = { ...this.#state(), addresses: ownAddresses() };
    let told = false;
    try {
      const reply = await this.#client.request({
        method: 'POST',
        path: 'api/agent/syslog-port',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(body)),
        timeoutMs,
        signal: this.#stopping.signal,
      });
      // A server from before this is not to be asked in haste.
      told = reply.status < 500 && reply.status !== 401;
    } catch (error) {
      if (!(error instanceof BackendAwayError)) throw error;
      if (this.#complaint.due())
        this.#log.debug({ problem: error.message }, 'the server was not told of the port');
    }
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(
      () => {
        this.#running = this.#tell();
      },
      told ? everyMs : againMs,
    );
  }
}

/** Of this machine: those that others can reach. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
    .slice(0, 50);
}
