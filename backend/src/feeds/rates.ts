interface Last {
  readonly value: number;
  readonly time: number;
}

/** After a longer silence the mean would be told as if it were now. */
const longestGapMs = 15 * 60_000;
const mostSeries = 200_000;

/**
 * Makes rates of counters: change by time between two readings of a series. A counter that went back was reset or has wrapped
 * round, which cannot be told apart: no value. So with readings that come late, because what follows them is known already.
 */
export class Rates {
  /** Least recently written first. */
  readonly #last = new Map<string, Last>();
  readonly #most: number;

  constructor(options: { most?: number } = {}) {
    this.#most = options.most ?? mostSeries;
  }

  get size(): number {
    return this.#last.size;
  }

  /** What a batch makes of counters counts only after `keep`: a batch that was not stored comes again. */
  begin(): { rate: (series: string, value: number, time: number) => number | undefined; keep: () => void } {
    const seen = new Map<string, Last>();
    return {
      rate: (series, value, time) => {
        const last = seen.get(series) ?? this.#last.get(series);
        if (!Number.isFinite(value) || (last && time <= last.time)) return undefined;
        seen.set(series, { value, time });
        if (!last || value < last.value || time - last.time > longestGapMs) return undefined;
        return ((value - last.value) * 1000) / (time - last.time);
      },
      keep: () => {
        for (const [series, next] of seen) {
          if ((this.#last.get(series)?.time ?? Number.NEGATIVE_INFINITY) >= next.time) continue;
          this.#last.delete(series);
          this.#last.set(series, next);
        }
        for (const oldest of this.#last.keys()) {
          if (this.#last.size <= this.#most) break;
          this.#last.delete(oldest);
        }
      },
    };
  }
}
