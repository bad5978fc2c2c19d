import { createSubscriber } from 'svelte/reactivity';

/** The time of this browser, for durations that grow on screen. Ticks only while somebody reads it. */
export class Clock {
  #subscribe: () => void;

  constructor(options: { everyMs: number }) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, options.everyMs);
      return () => clearInterval(timer);
    });
  }

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}
