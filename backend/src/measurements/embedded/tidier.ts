import type { Reading } from '@rackhaus/config/contract';
import type { Samples } from './samples.ts';

const roundMs = 60_000;
/** A step of tidying takes about this long; requests are answered between steps. */
const stepMs = 10;
const restMs = 20;
const expireEveryMs = 6 * 3_600_000;

/** Packs windows that are over and deletes what is too old, in small steps between requests. */
export class Tidier {
  readonly #samples: Samples;
  readonly #onError: (error: unknown) => void;
  /** Entities that have readings in windows that are over. */
  readonly #toPack = new Set<number>();
  #toExpire: number[] = [];
  #openSince = 0;
  #expiredAt = 0;
  #late = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    samples: Samples;
    onError: (error: unknown) => void;
  }) {
    this.#samples = options.samples;
    this.#onError = options.onError;
  }

  start(): void {
    this.#next(restMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** To be called after each write: readings that came late are packed in the next round. */
  wrote(readings: readonly Reading[], now: number): void {
    const open = this.#samples.openSince(now);
    this.#late ||= readings.some((reading) => reading.time < open);
  }

  /** Does all that is due, at once. */
  everything(now: number): void {
    this.#plan(now);
    while (this.#step(now));
  }

  #next(delayMs: number): void {
    this.#timer = setTimeout(() => {
      try {
        const now = Date.now();
        if (this.#toPack.size === 0 && this.#toExpire.length === 0) this.#plan(now);
        const end = performance.now() + stepMs;
        let more = true;
        while (more && performance.now() < end) more = this.#step(now);
        this.#next(more ? restMs : roundMs);
      } catch (error) {
        this.#next(roundMs);
        this.#onError(error);
      }
    }, delayMs);
  }

  #plan(now: number): void {
    const open = this.#samples.openSince(now);
    if (open !== this.#openSince || this.#late) {
      this.#openSince = open;
      this.#late = false;
      for (const entity of this.#samples.entitiesToPack(now)) this.#toPack.add(entity);
    }
    if (now - this.#expiredAt >= expireEveryMs) {
      this.#expiredAt = now;
      this.#toExpire = this.#samples.entityIds;
    }
  }

  /** Does one small thing. @returns whether there is more to do. */
  #step(now: number): boolean {
    const [entity] = this.#toPack;
    if (entity !== undefined) {
      if (!this.#samples.pack(entity, now)) this.#toPack.delete(entity);
      return true;
    }
    const old = this.#toExpire.pop();
    if (old === undefined) return false;
    this.#samples.expire(old, now);
    return true;
  }
}
