const keptGaps = 9;
const neededGaps = 3;
const leastSeconds = 10;
const mostSeconds = 3600;

/** Learns how often something speaks: the median of the last gaps between the times of its lines. */
export class LearntInterval {
  readonly #gaps: number[] = [];
  #newest: number;
  #seconds: number | null;

  constructor(options: { newest: number; seconds: number | null }) {
    this.#newest = options.newest;
    this.#seconds = options.seconds;
  }

  /** From 10 s to an hour; null: not known yet. */
  get seconds(): number | null {
    return this.#seconds;
  }

  /** Takes in times of lines in any order. @returns whether the interval is another one now */
  note(times: Iterable<number>): boolean {
    for (const time of [...new Set(times)].sort((a, b) => a - b)) {
      if (time <= this.#newest) continue;
      this.#gaps.push(time - this.#newest);
      this.#newest = time;
      if (this.#gaps.length > keptGaps) this.#gaps.shift();
    }
    if (this.#gaps.length < neededGaps) return false;
    const sorted = [...this.#gaps].sort((a, b) => a - b);
    const median = (sorted[Math.floor(sorted.length / 2)] ?? 0) / 1000;
    const seconds = Math.min(mostSeconds, Math.max(leastSeconds, Math.round(median)));
    // A second more or less is the network's.
    if (this.#seconds !== null && Math.abs(seconds - this.#seconds) <= Math.max(1, this.#seconds * 0.2))
      return false;
    this.#seconds = seconds;
    return true;
  }
}
