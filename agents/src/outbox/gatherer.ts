import type { Observation, Reading } from '@rackhaus/config/contract';
import type { Logger } from 'pino';
import { OncePerMinute } from '../log.ts';
import { compress } from './body.ts';
import { Lines } from './lines.ts';
import type { BatchKind, Outbox } from './outbox.ts';
import { StateMemory } from './state-memory.ts';

const maxBatchBytes = 500_000;
const maxObservationsPerBatch = 100;
/** A change of state waits no longer than the rest of its poll takes to arrive … */
const urgentWaitMs = 20;
/** … but a device that flickers does not make every reading a batch. */
const urgentSpacingMs = 100;
/** What is held in memory while the disk takes nothing. */
const maxUnsavedBytes = 8_000_000;

interface Unsaved {
  readonly kind: BatchKind;
  readonly body: Uint8Array;
}

/**
 * Gathers readings for a moment and appends them to the outbox as one compressed batch: fewer syncs, better
 * compression. A change of state (a port that goes down, a device that falls silent) goes almost at once. While the disk takes nothing, up to 8 MB wait in memory; beyond that the oldest are lost and counted.
 */
export class Gatherer {
  readonly #outbox: Outbox;
  readonly #waitMs: () => number;
  readonly #appended: (sequence: number) => void;
  readonly #log: Logger;
  readonly #diskComplaint = new OncePerMinute();
  readonly #states = new StateMemory();
  readonly #lines = new Lines();
  #observations: Observation[] = [];
  #unsaved: Unsaved[] = [];
  #unsavedBytes = 0;
  #lost = 0;
  readonly #collectors = new Set<number[]>();
  #timer: NodeJS.Timeout | null = null;
  /** Monotonic ms. */
  #flushAt = 0;
  #flushedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param options.waitMs how long the first reading of a batch waits for others
   * @param options.appended called with the sequence of each batch that is on disk
   */
  constructor(options: {
    outbox: Outbox;
    waitMs: () => number;
    appended: (sequence: number) => void;
    log: Logger;
  }) {
    this.#outbox = options.outbox;
    this.#waitMs = options.waitMs;
    this.#appended = options.appended;
    this.#log = options.log;
  }

  /** Batches that were lost because the disk took nothing. */
  get lost(): number {
    return this.#lost;
  }

  /** Notes every batch that is appended from now on; the returned function ends that and gives their sequences. */
  collect(): () => number[] {
    const sequences: number[] = [];
    this.#collectors.add(sequences);
    return () => {
      this.#collectors.delete(sequences);
      return sequences;
    };
  }

  add(readings: readonly Reading[]): void {
    let urgent = false;
    for (const reading of readings) {
      if (!hasValues(reading)) continue;
      if (this.#states.changes(reading)) urgent = true;
      this.#lines.add(reading);
      if (this.#lines.length >= maxBatchBytes) this.flush();
    }
    this.#arm(urgent);
  }

  /** Says that a device is not polled any more. */
  forget(deviceId: number): void {
    this.#states.forget(deviceId);
  }

  addObservation(observation: Observation): void {
    this.#observations.push(observation);
    if (this.#observations.length >= maxObservationsPerBatch) this.flush();
    this.#arm(false);
  }

  /** Appends what was gathered. Never throws: what the disk does not take is tried again with the next batch. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushedAt = performance.now();
    if (this.#lines.length > 0) this.#enqueue('readings', this.#lines.take());
    if (this.#observations.length > 0) this.#enqueue('observations', JSON.stringify(this.#observations));
    this.#observations = [];
    this.#save();
  }

  #arm(urgent: boolean): void {
    if (this.#lines.length === 0 && this.#observations.length === 0) return;
    const now = performance.now();
    const at = urgent
      ? Math.max(now + urgentWaitMs, this.#flushedAt + urgentSpacingMs)
      : now + this.#waitMs();
    if (this.#timer !== null) {
      if (at >= this.#flushAt) return;
      clearTimeout(this.#timer);
    }
    this.#flushAt = at;
    this.#timer = setTimeout(() => this.flush(), at - now);
  }

  #enqueue(kind: BatchKind, text: string | Uint8Array): void {
    const body = compress(text);
    this.#unsaved.push({ kind, body });
    this.#unsavedBytes += body.length;
  }

  #save(): void {
    try {
      for (let next = this.#unsaved[0]; next !== undefined; next = this.#unsaved[0]) {
        const sequence = this.#outbox.append(next.kind, next.body);
        this.#forgetFirst();
        for (const sequences of this.#collectors) sequences.push(sequence);
        this.#appended(sequence);
      }
    } catch (error) {
      while (this.#unsavedBytes > maxUnsavedBytes) {
        this.#forgetFirst();
        this.#lost++;
      }
      if (this.#diskComplaint.due())
        this.#log.error(
          { err: error, waitingInMemory: this.#unsaved.length, lost: this.#lost },
          'the outbox takes nothing: is the disk full?',
        );
    }
  }

  #forgetFirst(): void {
    const first = this.#unsaved.shift();
    if (first !== undefined) this.#unsavedBytes -= first.body.length;
  }
}

function hasValues({ values }: Reading): boolean {
  for (const _ in values) return true;
  return false;
}
