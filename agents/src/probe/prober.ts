import type { ProbeAnswer, ProbeJob } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';

const timeoutMs = 5000;

/** Does what the backend asks for beside the polling, and answers each. An answer that nobody takes is dropped. */
export class Prober<Job = ProbeJob, Answer = ProbeAnswer> {
  readonly #run: (job: Job, signal: AbortSignal) => Promise<Answer>;
  readonly #path: string;
  readonly #client: BackendClient;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: {
    run: (job: Job, signal: AbortSignal) => Promise<Answer>;
    /** Where answers go; left out: those of probes. */
    path?: string;
    client: BackendClient;
    log: Logger;
  }) {
    this.#run = options.run;
    this.#path = options.path ?? 'api/agent/probes';
    this.#client = options.client;
    this.#log = options.log;
  }

  take(jobs: readonly Job[]): void {
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

  async #answer(job: Job): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const answer = await this.#run(job, signal);
      if (signal.aborted) return;
      const reply = await this.#client.request({
        method: 'POST',
        path: this.#path,
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
