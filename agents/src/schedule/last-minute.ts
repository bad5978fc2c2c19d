const seconds = 60;

/** Counts events of the last minute, to the second. Its size does not depend on how many there are. */
export class LastMinute {
  readonly #counts = new Uint32Array(seconds);
  /** Monotonic seconds of the newest second counted. */
  #newest = Number.NEGATIVE_INFINITY;

  add(monotonicMs: number): void {
    this.#forget(monotonicMs);
    const at = this.#newest % seconds;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  count(monotonicMs: number): number {
    this.#forget(monotonicMs);
    let sum = 0;
    for (const count of this.#counts) sum += count;
    return sum;
  }

  #forget(monotonicMs: number): void {
    const now = Math.max(this.#newest, Math.floor(monotonicMs / 1000));
    for (let second = Math.max(this.#newest + 1, now - seconds + 1); second <= now; second++)
      this.#counts[second % seconds] = 0;
    this.#newest = now;
  }
}
