/** How many times faster than time passes the clock may be followed. */
const fastest = 24;

/**
 * The server's clock, but one that jumps is followed slowly: an hour for which it is wrong moves it by a day at most, so
 * that a wrong clock does not make the store delete what it should keep. After a long time without power it takes a while
 * to come up; only tidying waits for it.
 */
export class StoreClock {
  /** Milliseconds since 1970; kept over restarts. */
  #trusted: number;
  #seenAt: number;

  constructor(trusted: number, monotonic: number) {
    this.#trusted = trusted;
    this.#seenAt = monotonic;
  }

  get trusted(): number {
    return this.#trusted;
  }

  /** The time to go by: that of the clock, unless it runs ahead of what is trusted. */
  at(wall: number, monotonic: number): number {
    const reach = Math.max(0, monotonic - this.#seenAt) * fastest;
    this.#seenAt = monotonic;
    const distance = wall - this.#trusted;
    this.#trusted += Math.max(-reach, Math.min(reach, distance));
    return Math.min(wall, this.#trusted);
  }
}
