import type { Sightings } from '@rackhaus/config/contract';
import type { SightResult } from '../poll/device-poller.ts';
import { share } from '../schedule/timing.ts';

/** Forwarding tables are long and change slowly. The first time is soon, but not at once for all devices. */
const everyMs = { first: 10_000, next: 60_000 };

/** When one device is asked who is behind its ports: now and then, and when somebody wants to know; not twice at a time. */
export class SightTurns {
  readonly #sight: (options: { now: boolean }) => Promise<SightResult | null>;
  readonly #problem: (problem: string) => void;
  readonly #monotonicMs: () => number;
  #dueAt: number;
  #running: Promise<unknown> | null = null;

  constructor(options: {
    deviceId: number;
    /** Null: it cannot be asked at present. */
    sight: (options: { now: boolean }) => Promise<SightResult | null>;
    problem: (problem: string) => void;
    monotonicMs: () => number;
  }) {
    this.#sight = options.sight;
    this.#problem = options.problem;
    this.#monotonicMs = options.monotonicMs;
    this.#dueAt = options.monotonicMs() + share(options.deviceId) * everyMs.first;
  }

  /** In the ordinary course. Null: it is not its turn, or there is nothing. */
  async whenDue(): Promise<Sightings | null> {
    const now = this.#monotonicMs();
    if (this.#running !== null || now < this.#dueAt) return null;
    this.#dueAt = now + everyMs.next;
    return await this.#take({ now: false });
  }

  /** After what began before somebody asked: that may miss what they did. */
  async atOnce(): Promise<Sightings | null> {
    while (this.#running !== null) await this.#running;
    return await this.#take({ now: true });
  }

  async #take(options: { now: boolean }): Promise<Sightings | null> {
    const reading = this.#sight(options);
    // Whoever asked is told of its error; who comes next only waits for its end.
    this.#running = reading.catch(() => undefined);
    try {
      const result = await reading;
      if (result?.problem) this.#problem(result.problem);
      return result?.sightings ?? null;
    } finally {
      this.#running = null;
    }
  }
}
