import type { ConfigurationAnswer, ConfigurationJob } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { deliverAnswer } from '../delivery/answer-delivery.ts';
import type { BackendClient } from '../delivery/backend-client.ts';
import { OutOfReachError, UnknownNameError } from '../networks/reach.ts';
import { compress, encodingOf } from '../outbox/body.ts';

/** Few enough that the polling does not notice: a session is a process of its own, and devices are slow to answer. */
const mostAtOnce = 2;
const timeoutMs = 30_000;

/** Reads configurations as the backend asks for them, two at a time, and delivers each. */
export class ConfigurationReader {
  readonly #read: (job: ConfigurationJob, stopped: AbortSignal) => Promise<ConfigurationAnswer>;
  readonly #resolve: (host: string) => Promise<string>;
  readonly #client: BackendClient;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #waiting: ConfigurationJob[] = [];

  /** @param options.resolve the address that may be asked, as that of `Reach` */
  constructor(options: {
    read: (job: ConfigurationJob, stopped: AbortSignal) => Promise<ConfigurationAnswer>;
    resolve: (host: string) => Promise<string>;
    client: BackendClient;
    log: Logger;
  }) {
    this.#read = options.read;
    this.#resolve = options.resolve;
    this.#client = options.client;
    this.#log = options.log;
  }

  take(jobs: readonly ConfigurationJob[]): void {
    this.#waiting.push(...jobs);
    this.#next();
  }

  /** Ends what is under way. It cannot be used again. */
  async stop(): Promise<void> {
    this.#waiting.length = 0;
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #next(): void {
    while (this.#running.size < mostAtOnce && !this.#stopping.signal.aborted) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const running = this.#do(job).finally(() => {
        this.#running.delete(running);
        this.#next();
      });
      this.#running.add(running);
    }
  }

  async #do(job: ConfigurationJob): Promise<void> {
    try {
      const answer = await this.#answerTo(job);
      await this.#deliver(answer);
    } catch (error) {
      // The message could quote what the device said: configurations hold secrets.
      const problem = error instanceof Error ? error.name : 'unknown';
      if (!this.#stopping.signal.aborted)
        this.#log.error({ problem, device: job.deviceId }, 'a configuration could not be read');
    }
  }

  async #answerTo(job: ConfigurationJob): Promise<ConfigurationAnswer> {
    const nothing = { id: job.id, text: null, hostKeys: [] };
    let address: string;
    try {
      address = await this.#resolve(job.address);
    } catch (error) {
      if (error instanceof UnknownNameError)
        return { ...nothing, outcome: 'unreachable', detail: error.message.slice(0, 1000) };
      if (error instanceof OutOfReachError)
        return { ...nothing, outcome: 'not-allowed', detail: error.message.slice(0, 1000) };
      throw error;
    }
    return await this.#read({ ...job, address }, this.#stopping.signal);
  }

  #deliver(answer: ConfigurationAnswer): Promise<void> {
    const body = compress(JSON.stringify(answer));
    const encoding = encodingOf(body);
    return deliverAnswer(
      {
        path: 'api/agent/configurations',
        headers: { 'content-type': 'application/json', ...(encoding && { 'content-encoding': encoding }) },
        body,
        timeoutMs,
        about: {},
        words: {
          notTaken: 'nobody took a configuration',
          waits: 'a configuration waits to be delivered',
          givenUp: 'a configuration could not be delivered',
        },
      },
      { client: this.#client, log: this.#log, signal: this.#stopping.signal },
    );
  }
}
