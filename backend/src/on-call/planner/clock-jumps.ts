/** Smaller ones are the clock being corrected. */
const jumpMs = 30_000;

/** Notices when the clock is set, by a second clock that only ever counts on (`steady`, ms). */
export class ClockJumps {
  readonly #now: () => number;
  readonly #steady: () => number;
  #offset: number | null = null;

  constructor(options: { now: () => number; steady: () => number }) {
    this.#now = options.now;
    this.#steady = options.steady;
  }

  /** By how many ms the clock has been set since the last call; 0: it has not. */
  since(): number {
    const offset = this.#now() - this.#steady();
    const jump = this.#offset === null ? 0 : offset - this.#offset;
    this.#offset = offset;
    return Math.abs(jump) < jumpMs ? 0 : jump;
  }
}
