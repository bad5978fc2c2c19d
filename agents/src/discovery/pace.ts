import { pause } from '../delivery/back-off.ts';

/** Those who are asked at once are asked in one burst: a process that pings is started for each. */
const burstMs = 250;

/**
 * Holds back whoever asks addresses, so that at most so many are asked in a second. What was not used is not saved up: after a
 * pause nothing is asked faster.
 */
export class Pace {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #perBurst: number;
  #left: number;
  #nextAt: number;

  /** @param options.nowMs a clock that nobody sets */
  constructor(options: {
    perSecond: number;
    nowMs: () => number;
    wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  }) {
    this.#perSecond = options.perSecond;
    this.#nowMs = options.nowMs;
    this.#wait = options.wait ?? pause;
    this.#perBurst = Math.max(1, Math.floor((options.perSecond * burstMs) / 1000));
    this.#left = 0;
    this.#nextAt = options.nowMs();
  }

  /** Resolves when one more address may be asked, or the signal aborts. For one caller at a time. */
  async turn(signal: AbortSignal): Promise<void> {
    // What is left of a burst is for its own time.
    if (this.#left === 0 || this.#nowMs() >= this.#nextAt) {
      const waitMs = this.#nextAt - this.#nowMs();
      if (waitMs > 0) await this.#wait(waitMs, signal);
      // By the length of the burst, so that rounding does not make it faster than was said.
      this.#nextAt = Math.max(this.#nextAt, this.#nowMs()) + (this.#perBurst * 1000) / this.#perSecond;
      this.#left = this.#perBurst;
    }
    this.#left--;
  }
}
