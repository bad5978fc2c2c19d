import type { ProbeAnswer, ProbeJob } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';

const timeoutMs = 5000;

/** Does the probes that the backend asks for beside the polling, and answers each. An answer that nobody takes is dropped. */
export class Prober {
  readonly #run: (job: ProbeJob, signal: AbortSignal) => Promise<ProbeAnswer>;
  readonly #client: BackendClient;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: {
    run: (job: ProbeJob, signal: AbortSignal) => Promise<ProbeAnswer>;
    client: BackendClient;
    log: Logger;
  }) {
    this.#run = options.run;
    this.#client = options.client;
    this.#log = options.log;
  }

  take(jobs: readonly ProbeJob[]): void {
    for (const job of jobs) {
      const running = this.#answer(job).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** Ends what is under way. It cannot be used again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async #answer(job: ProbeJob): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const answer = await this.#run(job, signal);
      if (signal.aborted) return;
      const reply = await this.#client.request({
        method: 'POST',
        path: 'api/agent/probes',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(answer)),
        timeoutMs,
        signal,
      });
      if (reply.status !== 204) this.#log.warn({ status: reply.status }, 'nobody took the answer of a probe');
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof BackendAwayError)
        this.#log.warn({ problem: error.message }, 'the answer of a probe could not be delivered');
      else this.#log.error({ err: error }, 'a probe failed');
    }
  }
}
