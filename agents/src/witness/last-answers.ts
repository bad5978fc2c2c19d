/** A round takes its time, and the gateway is asked every ten seconds: an answer may be as late as that and is no sign of anything. */
const graceMs = 10_000;
/** One device alone may have been switched off in the very minute in which a gateway answered no ping. */
const enough = 2;

/**
 * Which devices on other machines answer, by their last rounds: whether they speak for the network of this agent. What has happened
 * since the gateway fell silent decides; until something has, an answer stands until the device would have had to answer again. So
 * devices that are read once a minute speak for the network all the time, and those that are read once an hour do not hide for an
 * hour that it has gone.
 */
export class LastAnswers {
  /** When the device answered, and until when that stands, by device. */
  readonly #answered = new Map<number, { readonly at: number; readonly until: number }>();
  /** When a device that had answered in the round before did not. */
  readonly #fellSilent = new Map<number, number>();
  readonly #monotonicMs: () => number;

  constructor(options: { monotonicMs: () => number }) {
    this.#monotonicMs = options.monotonicMs;
  }

  /** Notes how a round over a device ended. */
  note(deviceId: number, answered: boolean, intervalMs: number): void {
    const now = this.#monotonicMs();
    if (answered) {
      this.#fellSilent.delete(deviceId);
      this.#answered.set(deviceId, { at: now, until: now + intervalMs + graceMs });
    } else if (this.#answered.delete(deviceId)) this.#fellSilent.set(deviceId, now);
  }

  /** It is not this agent's any more. */
  forget(deviceId: number): void {
    this.#answered.delete(deviceId);
    this.#fellSilent.delete(deviceId);
  }

  /** Whether devices show that there is a network, though the gateway has not answered since then. */
  speakForNetwork(silentSince: number): boolean {
    const answers = [...this.#answered.values()];
    if (answers.some(({ at }) => at > silentSince)) return true;
    if ([...this.#fellSilent.values()].filter((at) => at > silentSince).length >= enough) return false;
    const now = this.#monotonicMs();
    return answers.some(({ until }) => now <= until);
  }
}
