import type { Outcome } from '../channels/sender.ts';

/** A message that waits, as far as its order matters. */
export interface Waiting {
  readonly id: number;
  readonly nextAt: number;
  readonly critical: boolean;
}

/** What a lane does with messages: see queue.ts. */
export interface LaneWork<T extends Waiting> {
  /** Those that may be sent next, the first of each incident, at most a bounded number, also where they are not due yet. */
  readonly heads: () => Promise<readonly T[]>;
  /** Sends one and writes down what came of it. */
  readonly send: (waiting: T) => Promise<Outcome['kind']>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** After so many failures in a row, the channel is taken to be dead, and not each of its messages is tried. */
const failuresUntilPause = 3;
const firstDelayMs = 5_000;
const longestDelayMs = 600_000;
/** Longest time that a lane sleeps: a clock that was set back must not hold anything for ever. */
const longestSleepMs = 60_000;

/** 5 s, 10 s, 20 s … at most 10 min, each up to a fifth more or less, so that many do not come back at once. Pure. */
export function retryDelayMs(attempts: number, random: number): number {
  return Math.min(firstDelayMs * 2 ** Math.min(attempts - 1, 20), longestDelayMs) * (0.8 + 0.4 * random);
}

/** What lies further ahead than any delay was written by a clock that has been set back since. */
function isDue(time: number, now: number): boolean {
  return time <= now || time - now > 2 * longestDelayMs;
}

/**
 * The messages of one channel, one after the other. A dead channel is tried by one message at a time, more and more seldom; a
 * new message is a reason to try at once. When it works again, all that waits goes out.
 */
export class Lane<T extends Waiting> {
  readonly #work: LaneWork<T>;
  #failures = 0;
  #pausedUntil = 0;
  /** The newest message when the channel was last found dead: what is newer may knock. */
  #knownId = 0;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(work: LaneWork<T>) {
    this.#work = work;
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  /** Sends nothing more; resolves when what is being sent has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#again = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      for (;;) {
        if (this.#stopped) return;
        const heads = await this.#work.heads();
        if (heads.length === 0) return;
        const next = this.#choose(heads);
        if (next === null) {
          this.#sleepUntil(this.#dueAt(heads));
          return;
        }
        const newest = Math.max(...heads.map(({ id }) => id));
        this.#remember(await this.#work.send(next), newest);
      }
    } catch (error) {
      this.#work.onError(error);
      this.#sleepUntil(this.#work.now() + firstDelayMs);
    }
  }

  #choose(heads: readonly T[]): T | null {
    const now = this.#work.now();
    const due = heads.filter((head) =>
      isDue(this.#pausedUntil, now) ? isDue(head.nextAt, now) : head.id > this.#knownId,
    );
    return due.find(({ critical }) => critical) ?? due[0] ?? null;
  }

  #dueAt(heads: readonly T[]): number {
    const first = Math.min(...heads.map(({ nextAt }) => nextAt));
    return Math.max(first, this.#pausedUntil);
  }

  #remember(outcome: Outcome['kind'], newestId: number): void {
    if (outcome !== 'later') {
      this.#failures = 0;
      this.#pausedUntil = 0;
      return;
    }
    this.#failures++;
    if (this.#failures < failuresUntilPause) return;
    this.#knownId = Math.max(this.#knownId, newestId);
    this.#pausedUntil =
      this.#work.now() + retryDelayMs(this.#failures - failuresUntilPause + 1, Math.random());
  }

  #sleepUntil(time: number): void {
    if (this.#stopped) return;
    const wait = Math.min(Math.max(time - this.#work.now(), 100), longestSleepMs);
    this.#timer = setTimeout(() => this.wake(), wait);
    this.#timer.unref();
  }
}
