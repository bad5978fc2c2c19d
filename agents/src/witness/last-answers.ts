/** A round takes its time, and the gateway is asked every ten seconds: an answer may be as late as that and is no sign of anything. */
const graceMs = 10_000;

/**
 * Which devices on other machines answer, by their last rounds. An answer stands until the device would have had to answer again; its
 * own silence ends it at once. So devices that are read once a minute speak for the network all the time, not only in the seconds
 * after they were read.
 */
export class LastAnswers {
  /** Until when the answer of a device stands, by device. */
  readonly #until = new Map<number, number>();
  readonly #monotonicMs: () => number;

  constructor(options: { monotonicMs: () => number }) {
    this.#monotonicMs = options.monotonicMs;
  }

  /** Notes how a round over a device ended. */
  note(deviceId: number, answered: boolean, intervalMs: number): void {
    if (answered) this.#until.set(deviceId, this.#monotonicMs() + intervalMs + graceMs);
    else this.#until.delete(deviceId);
  }

  /** It is not this agent's any more. */
  forget(deviceId: number): void {
    this.#until.delete(deviceId);
  }

  /** Whether the answer of any device stands. */
  any(): boolean {
    const now = this.#monotonicMs();
    return [...this.#until.values()].some((until) => now <= until);
  }
}
