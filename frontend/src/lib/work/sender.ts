import type { OrderStep } from '@rackhaus/config/contract';
import { type Entry, nextToSend, type Trouble } from './queue.ts';
import type { QueueStore } from './store.ts';

/** What the server said to an entry. `later`: nothing certain, it may even have been taken; its key makes sending it again harmless. */
export type Answer =
  | { readonly kind: 'taken'; readonly step: OrderStep | null }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'later' }
  | { readonly kind: 'signed-out' };

/** Why sending ended. `idle`: everything is sent that can be. */
export type Ended = 'idle' | 'later' | 'signed-out';

/** Runs `work` while nobody else in this browser does. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Sends the queue: one entry after the other in order, each until the server has certainly taken or refused it. Only one page
 * sends at a time, by `exclusive`.
 */
export class Sender {
  readonly #store: QueueStore;
  readonly #send: (entry: Entry) => Promise<Answer>;
  readonly #exclusive: Exclusive;
  readonly #taken: (entry: Entry, step: OrderStep | null) => void;

  /** `send` never throws. `taken`: is told of each entry that the server has, after it has left the queue. */
  constructor(options: {
    store: QueueStore;
    send: (entry: Entry) => Promise<Answer>;
    exclusive: Exclusive;
    taken: (entry: Entry, step: OrderStep | null) => void;
  }) {
    this.#store = options.store;
    this.#send = options.send;
    this.#exclusive = options.exclusive;
    this.#taken = options.taken;
  }

  /** Sends what this person has in the queue, until nothing is left that can go or the server does not answer. */
  drain(userId: number): Promise<Ended> {
    return this.#exclusive(async () => {
      for (;;) {
        const next = nextToSend(await this.#store.list(), userId);
        if (next === null) return 'idle';
        // Written before it is sent: from here on the server may know of it, and taking it back needs a report of its own.
        const begun = await this.#store.change(next.seq, (entry) => ({
          ...entry,
          attempts: entry.attempts + 1,
        }));
        if (begun === null || begun.trouble !== null) continue;
        const answer = await this.#send(begun);
        if (answer.kind === 'later' || answer.kind === 'signed-out') return answer.kind;
        if (answer.kind === 'trouble') {
          await this.#store.change(begun.seq, (entry) => ({ ...entry, trouble: answer.trouble }));
        } else {
          await this.#store.change(begun.seq, () => null);
          this.#taken(begun, answer.step);
        }
      }
    });
  }
}

/** Milliseconds until the next try after so many in vain: 1 s, doubling, 30 s at most, spread by `random` (0..1) over a quarter. */
export function backOff(failures: number, random: number): number {
  const base = Math.min(30_000, 1000 * 2 ** Math.min(failures, 10));
  return Math.round(base * (1 - random / 4));
}

/** One at a time within this page: for a browser without `navigator.locks` (they need https). */
export function oneAtATime(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work, work);
    last = run.catch(() => {});
    return run;
  };
}
