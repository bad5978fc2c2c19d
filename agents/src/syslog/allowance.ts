const perSender = { perSecond: 200, burst: 2000 };
const together = { perSecond: 4000, burst: 20_000 };
const mostSenders = 20_000;
const forgottenAfterMs = 600_000;

interface Sender {
  tokens: number;
  /** Monotonic ms. */
  at: number;
  dropped: number;
}

/** How many messages are taken: so many of each sender and so many of all. What is too much is counted by sender. Time is monotonic ms. */
export class Allowance {
  readonly #senders = new Map<string, Sender>();
  #tokens = together.burst;
  #at = Number.NEGATIVE_INFINITY;
  #total = 0;

  /** All that was not taken since the start. */
  get dropped(): number {
    return this.#total;
  }

  /** Whether one more message of this sender is taken. */
  take(address: string, now: number): boolean {
    const sender = this.#of(address, now);
    sender.tokens = refilled(sender.tokens, now - sender.at, perSender);
    sender.at = now;
    this.#tokens = refilled(this.#tokens, now - this.#at, together);
    this.#at = now;
    if (sender.tokens < 1 || this.#tokens < 1) {
      sender.dropped++;
      this.#total++;
      return false;
    }
    sender.tokens--;
    this.#tokens--;
    return true;
  }

  /** Of which senders messages were not taken since the last call, and how many; forgets who has been quiet for long. */
  collect(now: number): { readonly address: string; readonly dropped: number }[] {
    const notes = [];
    for (const [address, sender] of this.#senders) {
      if (sender.dropped > 0) notes.push({ address, dropped: sender.dropped });
      sender.dropped = 0;
      if (now - sender.at > forgottenAfterMs) this.#senders.delete(address);
    }
    return notes;
  }

  #of(address: string, now: number): Sender {
    const known = this.#senders.get(address);
    if (known !== undefined) return known;
    // So many addresses are a forgery: they share one sender.
    const name = this.#senders.size >= mostSenders ? '' : address;
    const sender = this.#senders.get(name) ?? { tokens: perSender.burst, at: now, dropped: 0 };
    this.#senders.set(name, sender);
    return sender;
  }
}

function refilled(tokens: number, elapsedMs: number, rate: { perSecond: number; burst: number }): number {
  return Math.min(rate.burst, tokens + (Math.max(0, elapsedMs) / 1000) * rate.perSecond);
}
