import type { Samples } from './samples.ts';

/** Everything that is open is packed this often. */
const roundMs = 10 * 60_000;
/** More than this in memory begins a round at once. */
const muchBytes = 384 * 2 ** 20;
/** A step of tidying takes about this long; requests are answered between steps. */
const stepMs = 8;
const restMs = 16;
const idleMs = 1000;
const afterErrorMs = 30_000;

/** Packs, rolls up and deletes what is due, in small steps between requests. */
export class Tidier {
  readonly #samples: Samples;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  #begunAt = Number.NEGATIVE_INFINITY;
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { samples: Samples; now: () => number; onError: (error: unknown) => void }) {
    this.#samples = options.samples;
    this.#now = options.now;
    this.#onError = options.onError;
  }

  start(): void {
    this.#begunAt = performance.now();
    this.#next(idleMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(delayMs: number): void {
    this.#timer = setTimeout(() => {
      try {
        this.#next(this.#work() ? this.#rest() : idleMs);
      } catch (error) {
        this.#next(afterErrorMs);
        this.#onError(error);
      }
    }, delayMs);
  }

  /** Much that waits is packed without rest, so that memory is given back before more comes in. */
  #rest(): number {
    return this.#samples.openBytes > muchBytes ? 0 : restMs;
  }

  #work(): boolean {
    const start = performance.now();
    const due = start - this.#begunAt >= roundMs || this.#samples.openBytes > muchBytes;
    if (!this.#busy && due) {
      this.#begunAt = start;
      this.#busy = true;
      const now = this.#now();
      this.#samples.beginRound(now);
    }
    while (this.#busy && performance.now() < start + stepMs) this.#busy = this.#samples.step(this.#now());
    return this.#busy;
  }
}
