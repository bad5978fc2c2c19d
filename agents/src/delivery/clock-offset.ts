/** A round trip says little about now after this long: both clocks drift, and either may have been set. */
const lateMs = 60_000;

interface Sample {
  /** Monotonic ms in the middle of the round trip. */
  readonly at: number;
  readonly roundTripMs: number;
  /** The backend's clock minus our monotonic one. */
  readonly ahead: number;
}

/**
 * How far this machine's clock is from the backend's, by the answers to ordinary requests: the backend's time is taken for the
 * middle of the round trip, and the quickest one of the last minute counts (as in RFC 5905, section 10). Our own clock
 * may be set at any time: samples hold on to the monotonic one.
 */
export class ClockOffset {
  readonly #now: () => number;
  readonly #monotonicMs: () => number;
  #samples: Sample[] = [];

  constructor(options: { now: () => number; monotonicMs: () => number }) {
    this.#now = options.now;
    this.#monotonicMs = options.monotonicMs;
  }

  /**
   * Notes an answer.
   * @param sentAt when it was asked for, monotonic ms
   * @param backendTime what the backend said, ms since 1970; anything else is passed over
   */
  answered(sentAt: number, backendTime: string | undefined): void {
    if (backendTime === undefined || !/^\d{1,16}$/.test(backendTime)) return;
    const now = this.#monotonicMs();
    const roundTripMs = now - sentAt;
    const at = sentAt + roundTripMs / 2;
    const sample = { at, roundTripMs, ahead: Number(backendTime) - at };
    // One that is older and was slower will never count again.
    this.#samples = this.#samples.filter((each) => each.roundTripMs < roundTripMs && each.at > now - lateMs);
    this.#samples.push(sample);
  }

  /** Seconds that our clock is ahead of the backend's; null when it has not answered for a minute. */
  seconds(): number | null {
    const now = this.#monotonicMs();
    this.#samples = this.#samples.filter((each) => each.at > now - lateMs);
    // Sorted by round trip: slower ones stay only while they are newer.
    const [quickest] = this.#samples;
    return quickest === undefined ? null : (this.#now() - now - quickest.ahead) / 1000;
  }
}
