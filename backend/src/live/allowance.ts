/** So many at once, and so many a second on the average. */
export class Allowance {
  readonly #rate: { readonly burst: number; readonly perSecond: number };
  #left: number;
  #filledAt: number;

  /** @param now milliseconds on a clock that nobody sets */
  constructor(rate: { readonly burst: number; readonly perSecond: number }, now: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#filledAt = now;
  }

  /** Whether one more is within it; then it is used up. */
  take(now: number): boolean {
    const { burst, perSecond } = this.#rate;
    this.#left = Math.min(burst, this.#left + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
