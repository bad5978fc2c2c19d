import type { Logger } from 'pino';
import { OncePerMinute } from '../log.ts';
import type { Batch, Outbox } from '../outbox/outbox.ts';
import { pause, retryDelayMs } from './back-off.ts';
import type { Sent } from './send.ts';

/** Failures in a row, and until when (monotonic ms) the lane waits because of them. */
interface Lane {
  failures: number;
  notBefore: number;
}

/** Younger batches go first; older ones are backlog. */
const freshMs = 10_000;
/** Between two batches of the backlog, at most. */
const longestBreathMs = 1000;
const maxPostponed = 1000;

/**
 * Empties the outbox towards the backend in two lanes: the newest batches at once, and beside them the backlog, oldest
 * first. What is live never waits for the past: the backlog goes one batch at a time, lets live ones pass, and after each leaves the
 * backend as long alone as it took. So it is as fast as the backend is, and no more than half of its work per agent.
 */
export class Delivery {
  readonly #outbox: Outbox;
  readonly #send: (batch: Batch, signal: AbortSignal) => Promise<Sent>;
  readonly #monotonicMs: () => number;
  readonly #random: () => number;
  readonly #log: Logger;
  readonly #complaint = new OncePerMinute();
  readonly #rejection = new OncePerMinute();
  /** Appended within the last `freshMs`, oldest first. */
  #fresh: { sequence: number; at: number }[] = [];
  readonly #inFlight = new Set<number>();
  /** Batches of the backlog that the backend choked on, and when to try them again: they must not block the others. */
  readonly #postponed = new Map<number, { until: number; failures: number }>();
  /** Called when the backend has answered for good. */
  readonly #settling = new Map<number, Set<() => void>>();
  readonly #freshLane: Lane = { failures: 0, notBefore: 0 };
  readonly #backlogLane: Lane = { failures: 0, notBefore: 0 };
  #wakeFresh: () => void = () => {};
  #stopping = new AbortController();
  #lanes: Promise<unknown> = Promise.resolve();
  /** Ends with the live batch that is under way. */
  #freshPassed: Promise<void> = Promise.resolve();

  constructor(options: {
    outbox: Outbox;
    send: (batch: Batch, signal: AbortSignal) => Promise<Sent>;
    monotonicMs: () => number;
    log: Logger;
    random?: () => number;
  }) {
    this.#outbox = options.outbox;
    this.#send = options.send;
    this.#monotonicMs = options.monotonicMs;
    this.#random = options.random ?? Math.random;
    this.#log = options.log;
  }

  /** Whether the backend took the last batch. */
  get flowing(): boolean {
    return this.#freshLane.failures === 0;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#lanes = Promise.all([this.#runFresh(), this.#runBacklog()]);
  }

  /** Ends what is under way; what was not acknowledged stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wakeFresh();
    await this.#lanes;
  }

  /** Says that a batch was appended. */
  appended(sequence: number): void {
    this.#fresh.push({ sequence, at: this.#monotonicMs() });
    this.#wakeFresh();
  }

  /** Resolves when the backend has taken these batches, or refused them for good; to false when `signal` ends the waiting. */
  async settled(sequences: readonly number[], signal: AbortSignal): Promise<boolean> {
    const waited = sequences.map((sequence) =>
      this.#outbox.get(sequence) === null ? undefined : this.#settlement(sequence, signal),
    );
    await Promise.all(waited);
    return !signal.aborted;
  }

  #settlement(sequence: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const waiting = this.#settling.get(sequence) ?? new Set();
      const end = () => {
        signal.removeEventListener('abort', end);
        waiting.delete(end);
        if (waiting.size === 0) this.#settling.delete(sequence);
        resolve();
      };
      this.#settling.set(sequence, waiting.add(end));
      signal.addEventListener('abort', end);
    });
  }

  async #runFresh(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#gate(this.#freshLane, signal);
      const batch = this.#pick(this.#freshLane, () => this.#newestFresh());
      if (batch !== null && !signal.aborted) {
        this.#freshPassed = this.#deliver(batch, this.#freshLane, signal);
        await this.#freshPassed;
      } else if (this.#freshLane.notBefore <= this.#monotonicMs()) await this.#nextAppend(signal);
    }
  }

  async #runBacklog(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#gate(this.#backlogLane, signal);
      // While the backend is away one lane asks for it.
      const away = this.#freshLane.failures > 0 && this.#fresh.length > 0;
      const batch = away ? null : this.#pick(this.#backlogLane, () => this.#oldestBacklog());
      if (batch === null) {
        await pause(1000, signal);
        continue;
      }
      await this.#freshPassed;
      if (signal.aborted) return;
      const began = this.#monotonicMs();
      await this.#deliver(batch, this.#backlogLane, signal);
      // At least a moment, so that timers and polls get their turn.
      await pause(Math.min(longestBreathMs, this.#monotonicMs() - began), signal);
    }
  }

  #nextAppend(signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#wakeFresh = resolve;
      if (signal.aborted) resolve();
    });
  }

  /** A disk that cannot be read is a reason to wait, not to end. */
  #pick(lane: Lane, choose: () => Batch | null): Batch | null {
    try {
      return choose();
    } catch (error) {
      this.#failed(lane);
      if (this.#complaint.due()) this.#log.error({ err: error }, 'the outbox cannot be read');
      return null;
    }
  }

  async #gate(lane: Lane, signal: AbortSignal): Promise<void> {
    for (;;) {
      const waitMs = lane.notBefore - this.#monotonicMs();
      if (waitMs <= 0 || signal.aborted) return;
      await pause(waitMs, signal);
    }
  }

  #newestFresh(): Batch | null {
    const oldestFresh = this.#monotonicMs() - freshMs;
    this.#fresh = this.#fresh.filter((entry) => entry.at >= oldestFresh);
    for (let index = this.#fresh.length - 1; index >= 0; index--) {
      const sequence = this.#fresh[index]?.sequence ?? 0;
      const batch = this.#inFlight.has(sequence) ? null : this.#outbox.get(sequence);
      if (batch !== null) return batch;
    }
    return null;
  }

  #oldestBacklog(): Batch | null {
    const now = this.#monotonicMs();
    const except = new Set(this.#inFlight);
    for (const entry of this.#fresh) if (entry.at >= now - freshMs) except.add(entry.sequence);
    for (const [sequence, { until }] of this.#postponed) if (until > now) except.add(sequence);
    return this.#outbox.oldest(except);
  }

  async #deliver(batch: Batch, lane: Lane, signal: AbortSignal): Promise<void> {
    this.#inFlight.add(batch.sequence);
    try {
      const sent = await this.#send(batch, signal);
      if (signal.aborted && sent.outcome.outcome === 'kept') return;
      this.#outbox.settle(batch.sequence, sent.outcome);
      if (sent.outcome.outcome === 'kept') this.#keep(batch, lane, sent);
      else this.#settled(batch, lane, sent);
    } catch (error) {
      // The outbox itself failed; the batch is still in it, and sending it again does no harm.
      this.#failed(lane);
      if (this.#complaint.due()) this.#log.error({ err: error, sequence: batch.sequence }, 'delivery failed');
    } finally {
      this.#inFlight.delete(batch.sequence);
    }
  }

  #settled(batch: Batch, lane: Lane, sent: Sent): void {
    if (sent.outcome.outcome === 'rejected' && this.#rejection.due())
      this.#log.error(
        {
          sequence: batch.sequence,
          kind: batch.kind,
          reason: sent.reason,
          rejected: this.#outbox.state().rejected,
        },
        'the backend rejected a batch; it was set aside',
      );
    if (lane === this.#freshLane && lane.failures > 0)
      this.#log.info({ waiting: this.#outbox.state().waiting }, 'the backend takes batches again');
    lane.failures = 0;
    this.#postponed.delete(batch.sequence);
    this.#fresh = this.#fresh.filter((entry) => entry.sequence !== batch.sequence);
    for (const end of [...(this.#settling.get(batch.sequence) ?? [])]) end();
  }

  #keep(batch: Batch, lane: Lane, sent: Sent): void {
    this.#failed(lane);
    if (sent.retryAfterMs !== null) {
      const notBefore = this.#monotonicMs() + sent.retryAfterMs;
      // Asked to wait with the past, what is live goes on; asked to wait with what is live, all wait.
      const held = lane === this.#freshLane ? [this.#freshLane, this.#backlogLane] : [this.#backlogLane];
      for (const each of held) each.notBefore = Math.max(each.notBefore, notBefore);
    }
    // Live batches pass and this one does not: it may be the batch.
    if (lane === this.#backlogLane && this.#freshLane.failures === 0 && sent.retryAfterMs === null)
      this.#postpone(batch.sequence);
    const due = this.#complaint.due();
    if (due || (lane === this.#freshLane && lane.failures === 1))
      this.#log.warn(
        { reason: sent.reason, waiting: this.#outbox.state().waiting },
        'the backend takes no batches',
      );
  }

  #postpone(sequence: number): void {
    const failures = (this.#postponed.get(sequence)?.failures ?? 0) + 1;
    // Forgetting is harmless: each is then tried, and postponed, once more.
    if (this.#postponed.size >= maxPostponed) this.#postponed.clear();
    this.#postponed.set(sequence, {
      failures,
      until: this.#monotonicMs() + 4 * retryDelayMs(failures, this.#random()),
    });
  }

  #failed(lane: Lane): void {
    lane.failures++;
    lane.notBefore = this.#monotonicMs() + retryDelayMs(lane.failures, this.#random());
  }
}
