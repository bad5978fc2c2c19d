import type { Sightings } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { OncePerMinute } from '../log.ts';
import { compress, encodingOf } from '../outbox/body.ts';
import { pause, retryAfterMs, retryDelayMs } from './back-off.ts';
import { BackendAwayError, type BackendClient } from './backend-client.ts';
import { judge } from './send.ts';

/** What comes up in the ordinary course waits for others this long. */
const gatherMs = 1000;
/** Uncompressed; below what the backend takes even when one device is as large as the contract allows. */
const mostBytes = 2_000_000;
const mostDevices = 500;
const timeoutMs = 15_000;

interface Pending {
  readonly text: string;
  readonly content: string;
  /** Called once: whether the backend has it. */
  readonly done: ((delivered: boolean) => void)[];
}

/**
 * Brings to the backend who was seen behind which port. Only the newest of each device counts, so nothing is kept on disk:
 * what could not be delivered is sent when the backend is back, or replaced by what is newer. What did not change is not sent.
 */
export class SightingsSender {
  readonly #client: BackendClient;
  readonly #now: () => number;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  readonly #pending = new Map<number, Pending>();
  /** What the backend has of each device, without the time. */
  readonly #sent = new Map<number, string>();
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #hurry = new AbortController();

  constructor(options: { client: BackendClient; now: () => number; log: Logger }) {
    this.#client = options.client;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** Sends it with the next lot, unless the backend knows as much already. */
  offer(sightings: Sightings): void {
    const content = contentOf(sightings);
    const waiting = this.#pending.get(sightings.deviceId);
    if ((waiting?.content ?? this.#sent.get(sightings.deviceId)) === content) return;
    this.#put(sightings, content, waiting?.done ?? []);
  }

  /** Sends it at once, also when nothing changed: that is news, too. @returns whether the backend has taken it */
  deliver(sightings: Sightings, signal: AbortSignal): Promise<boolean> {
    if (this.#stopping.signal.aborted || signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (delivered: boolean) => {
        signal.removeEventListener('abort', giveUp);
        resolve(delivered);
      };
      const giveUp = () => done(false);
      signal.addEventListener('abort', giveUp);
      const waiting = this.#pending.get(sightings.deviceId);
      this.#put(sightings, contentOf(sightings), [...(waiting?.done ?? []), done]);
      this.#hurry.abort();
    });
  }

  /** Says that a device is not polled any more. */
  forget(deviceId: number): void {
    for (const done of this.#pending.get(deviceId)?.done ?? []) done(false);
    this.#pending.delete(deviceId);
    this.#sent.delete(deviceId);
  }

  /** Ends what is under way. It cannot be used again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#hurry.abort();
    await this.#running;
    for (const { done } of this.#pending.values()) for (const end of done) end(false);
    this.#pending.clear();
  }

  #put(sightings: Sightings, content: string, done: Pending['done']): void {
    this.#pending.set(sightings.deviceId, { text: JSON.stringify(sightings), content, done });
    if (this.#busy || this.#stopping.signal.aborted) return;
    this.#busy = true;
    this.#running = this.#run().catch((error: unknown) => {
      this.#log.error({ err: error }, 'forwarding tables could not be sent');
    });
  }

  async #run(): Promise<void> {
    const stopping = this.#stopping.signal;
    let failures = 0;
    try {
      await this.#wait(gatherMs);
      while (this.#pending.size > 0 && !stopping.aborted) {
        const lot = this.#nextLot();
        const { outcome, reason, waitMs } = await this.#send(lot);
        if (stopping.aborted) return;
        if (outcome === 'kept') {
          failures++;
          if (this.#complaint.due()) this.#log.warn({ reason }, 'the backend takes no forwarding tables');
          await this.#wait(Math.max(waitMs ?? 0, retryDelayMs(failures, Math.random())));
          continue;
        }
        failures = 0;
        if (outcome === 'rejected') this.#log.error({ reason }, 'the backend rejected forwarding tables');
        this.#settle(lot, outcome === 'accepted');
      }
    } finally {
      // In the same breath as the last look at what is pending: what comes next starts anew.
      this.#busy = false;
    }
  }

  #settle(lot: ReadonlyMap<number, Pending>, delivered: boolean): void {
    for (const [deviceId, sent] of lot) {
      if (delivered) this.#sent.set(deviceId, sent.content);
      for (const done of sent.done) done(delivered);
      // What came up meanwhile is newer and stays.
      const now = this.#pending.get(deviceId);
      if (now === sent) this.#pending.delete(deviceId);
    }
  }

  #nextLot(): Map<number, Pending> {
    const lot = new Map<number, Pending>();
    let bytes = 0;
    // Those that somebody waits for go first.
    const sorted = [...this.#pending].sort(([, a], [, b]) => b.done.length - a.done.length);
    for (const [deviceId, pending] of sorted) {
      bytes += pending.text.length;
      if (lot.size > 0 && (bytes > mostBytes || lot.size >= mostDevices)) break;
      lot.set(deviceId, pending);
    }
    return lot;
  }

  async #send(
    lot: ReadonlyMap<number, Pending>,
  ): Promise<{ outcome: 'accepted' | 'rejected' | 'kept'; reason: string; waitMs: number | null }> {
    const text = `[${[...lot.values()].map((pending) => pending.text).join(',')}]`;
    const body = compress(text);
    const encoding = encodingOf(body);
    try {
      const reply = await this.#client.request({
        method: 'POST',
        path: 'api/agent/sightings',
        headers: { 'content-type': 'application/json', ...(encoding && { 'content-encoding': encoding }) },
        body,
        timeoutMs,
        signal: this.#stopping.signal,
      });
      const sent = judge(reply, this.#now());
      const waitMs = retryAfterMs(reply.headers['retry-after'], this.#now());
      return { outcome: sent.outcome.outcome, reason: sent.reason, waitMs };
    } catch (error) {
      if (!(error instanceof BackendAwayError)) throw error;
      return { outcome: 'kept', reason: error.message, waitMs: null };
    }
  }

  /** Until somebody is in a hurry or it stops, at the latest. */
  async #wait(ms: number): Promise<void> {
    await pause(ms, this.#hurry.signal);
    if (this.#hurry.signal.aborted && !this.#stopping.signal.aborted) this.#hurry = new AbortController();
  }
}

function contentOf({ ports, addresses }: Sightings): string {
  return JSON.stringify([ports, addresses]);
}
