import { type DiscoveryReport, DiscoveryReportReply, type FoundByAgent } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { pause, retryAfterMs, retryDelayMs } from '../delivery/back-off.ts';
import { BackendAwayError, type BackendClient } from '../delivery/backend-client.ts';
import { OncePerMinute } from '../log.ts';
import { compress, encodingOf } from '../outbox/body.ts';

const everyMs = 1000;
const timeoutMs = 15_000;
/** A person waits: what is away is asked again sooner than elsewhere. */
const longestDelayMs = 5000;
const most = { found: 100, characters: 1_000_000 } as const;
/** What is found waits no longer than this many for the backend: then nothing further is looked for. */
const mostWaiting = 500;

type Ending = Pick<DiscoveryReport, 'state' | 'problem' | 'detail'>;

/** Tells the backend about each second how far a run is and what it has found. What was not taken is told again. */
export class Reports {
  readonly #run: number;
  readonly #attempt: string;
  readonly #client: BackendClient;
  readonly #progress: () => DiscoveryReport['progress'];
  readonly #unwanted: () => void;
  readonly #signal: AbortSignal;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  readonly #waiting: { readonly found: FoundByAgent; readonly size: number }[] = [];
  #room: PromiseWithResolvers<void> | null = null;
  #ending: Ending | null = null;
  #hurry = new AbortController();
  #number = 1;

  /**
   * @param options.attempt of this doing of the run: another one begins to count anew
   * @param options.unwanted called when the backend wants no more of the run
   * @param options.signal nothing is told any more
   */
  constructor(options: {
    run: number;
    attempt: string;
    client: BackendClient;
    progress: () => DiscoveryReport['progress'];
    unwanted: () => void;
    signal: AbortSignal;
    log: Logger;
  }) {
    this.#run = options.run;
    this.#attempt = options.attempt;
    this.#client = options.client;
    this.#progress = options.progress;
    this.#unwanted = options.unwanted;
    this.#signal = options.signal;
    this.#log = options.log;
    options.signal.addEventListener('abort', () => this.#room?.resolve(), { once: true });
  }

  add(found: FoundByAgent): void {
    this.#waiting.push({ found, size: JSON.stringify(found).length });
  }

  /** Resolves when more may be found, so that what waits for a backend that is away stays bounded. */
  async room(): Promise<void> {
    if (this.#waiting.length < mostWaiting || this.#signal.aborted) return;
    this.#room ??= Promise.withResolvers<void>();
    await this.#room.promise;
  }

  /** The last report says this; {@link tell} ends when it was taken. */
  finish(ending: Ending): void {
    this.#ending = ending;
    this.#hurry.abort();
  }

  /** Tells until the run has ended and the backend knows it, or nobody wants to know. */
  async tell(): Promise<void> {
    let failures = 0;
    while (!this.#signal.aborted) {
      const lot = this.#lot();
      const last = this.#ending !== null && lot.length === this.#waiting.length;
      const { taken, reason, waitMs } = await this.#send(lot, last);
      if (this.#signal.aborted) return;
      if (!taken) {
        failures++;
        if (this.#complaint.due())
          this.#log.warn({ reason, run: this.#run }, 'what was discovered cannot be told');
        await pause(
          Math.max(waitMs ?? 0, Math.min(longestDelayMs, retryDelayMs(failures, Math.random()))),
          this.#signal,
        );
        continue;
      }
      failures = 0;
      this.#number++;
      this.#waiting.splice(0, lot.length);
      if (this.#waiting.length < mostWaiting) {
        this.#room?.resolve();
        this.#room = null;
      }
      if (last) return;
      if (this.#ending === null && this.#waiting.length < most.found) await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    await pause(everyMs, AbortSignal.any([this.#hurry.signal, this.#signal]));
  }

  #lot(): FoundByAgent[] {
    const lot: FoundByAgent[] = [];
    let characters = 0;
    for (const { found, size } of this.#waiting) {
      characters += size;
      if (lot.length > 0 && (lot.length >= most.found || characters > most.characters)) break;
      lot.push(found);
    }
    return lot;
  }

  async #send(
    found: FoundByAgent[],
    last: boolean,
  ): Promise<{ taken: boolean; reason: string; waitMs: number | null }> {
    const report: DiscoveryReport = {
      run: this.#run,
      number: this.#number,
      attempt: this.#attempt,
      ...(last && this.#ending !== null ? this.#ending : { state: 'running', problem: null, detail: null }),
      progress: this.#progress(),
      found,
    };
    const body = compress(JSON.stringify(report));
    const encoding = encodingOf(body);
    try {
      const {
        status,
        headers,
        body: answer,
      } = await this.#client.request({
        method: 'POST',
        path: 'api/agent/discovery',
        headers: { 'content-type': 'application/json', ...(encoding && { 'content-encoding': encoding }) },
        body,
        timeoutMs,
        signal: this.#signal,
      });
      if (status === 200) {
        const reply = DiscoveryReportReply.safeParse(jsonOf(answer));
        if (reply.success && !reply.data.goOn) this.#unwanted();
        return { taken: reply.success, reason: 'the answer is not as the contract says', waitMs: null };
      }
      // It will be the same for ever: the backend does not understand what was found, or knows no such run.
      if (status === 400 || status === 404 || status === 413) {
        this.#log.error(
          { status, answer: answer.toString('utf8').slice(0, 300) },
          'the backend refuses what was discovered',
        );
        this.#unwanted();
      }
      return {
        taken: false,
        reason: `the backend answered ${status}`,
        waitMs: retryAfterMs(headers['retry-after'], Date.now()),
      };
    } catch (error) {
      if (!(error instanceof BackendAwayError)) throw error;
      return { taken: false, reason: error.message, waitMs: null };
    }
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
