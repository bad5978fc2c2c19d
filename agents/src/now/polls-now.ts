import type { PolledNow, PollNowJob } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';
import { Remembered } from '../remembered.ts';

const timeoutMs = 5000;
/** Jobs are told apart for longer than anybody waits for one. */
const mostRemembered = 1000;

/** Reads devices out of turn for somebody who waits, and answers each once what was read has been delivered. */
export class PollsNow {
  readonly #read: (deviceId: number, signal: AbortSignal) => Promise<number | null>;
  readonly #client: BackendClient;
  readonly #log: Logger;
  readonly #taken = new Remembered(mostRemembered);
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  /** @param options.read resolves to when the device was read (ms since 1970) after what it said has arrived, else null */
  constructor(options: {
    read: (deviceId: number, signal: AbortSignal) => Promise<number | null>;
    client: BackendClient;
    log: Logger;
  }) {
    this.#read = options.read;
    this.#client = options.client;
    this.#log = options.log;
  }

  /** A job that came before is not done again. */
  take(jobs: readonly PollNowJob[]): void {
    for (const job of jobs) {
      if (!this.#taken.add(job.id)) continue;
      const running = this.#answer(job).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** Ends what is under way. It cannot be used again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async #answer({ id, deviceId }: PollNowJob): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const answer: PolledNow = { id, deviceId, time: await this.#read(deviceId, signal) };
      if (signal.aborted) return;
      const reply = await this.#client.request({
        method: 'POST',
        path: 'api/agent/polled',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(answer)),
        timeoutMs,
        signal,
      });
      if (reply.status !== 204)
        this.#log.warn({ status: reply.status, deviceId }, 'nobody took that a device was read out of turn');
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof BackendAwayError)
        this.#log.warn(
          { problem: error.message },
          'that a device was read out of turn could not be delivered',
        );
      else this.#log.error({ err: error, deviceId }, 'reading a device out of turn failed');
    }
  }
}
