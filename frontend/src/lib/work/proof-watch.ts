import { type OrderStep, OrderView } from '@rackhaus/config/contract';
import { SvelteMap } from 'svelte/reactivity';
import { type Api, ApiProblem } from '../api/api.ts';

/** Often while somebody stands there and waits, then seldom; given up after a minute: the list brings the rest. */
const soonMs = 600;
const soonFor = 12_000;
const lateMs = 3_000;
const beginsWithin = 4_000;
const givenUpAfter = 60_000;

/** Asks how the proof of steps comes out, of each until it is decided or a minute has gone. */
export class ProofWatch {
  readonly #api: Api;
  readonly #seen: (step: OrderStep) => void;
  readonly #now: () => number;
  /** Reactive: a screen says of these that they are being looked at. */
  readonly #waiting = new SvelteMap<number, { orderId: number; since: number }>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;

  constructor(options: { api: Api; seen: (step: OrderStep) => void; now: () => number }) {
    this.#api = options.api;
    this.#seen = options.seen;
    this.#now = options.now;
  }

  watch(orderId: number, stepId: number): void {
    this.#waiting.set(stepId, { orderId, since: this.#now() });
    this.#plan();
  }

  /** Whether a step is still being looked at. */
  isWatching(stepId: number): boolean {
    return this.#waiting.has(stepId);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #plan(): void {
    if (this.#timer !== null || this.#stopped) return;
    const now = this.#now();
    for (const [stepId, { since }] of this.#waiting)
      if (now - since > givenUpAfter) this.#waiting.delete(stepId);
    if (this.#waiting.size === 0) return;
    const youngest = Math.max(...[...this.#waiting.values()].map(({ since }) => since));
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        void this.#ask().finally(() => this.#plan());
      },
      now - youngest < soonFor ? soonMs : lateMs,
    );
  }

  /** Right after the report the look at the ports may not have begun: that nothing is to be seen is believed a little later. */
  #isDecided(step: OrderStep): boolean {
    const since = this.#waiting.get(step.id)?.since;
    if (since === undefined || step.proof === 'waiting') return false;
    return step.state !== 'done' || step.proof !== 'none' || this.#now() - since > beginsWithin;
  }

  async #ask(): Promise<void> {
    for (const orderId of new Set([...this.#waiting.values()].map((each) => each.orderId))) {
      try {
        const { steps } = await this.#api.get(`/api/orders/${orderId}`, OrderView);
        for (const step of steps) {
          // One end can prove the other: every step of the order is taken.
          this.#seen(step);
          if (this.#isDecided(step)) this.#waiting.delete(step.id);
        }
      } catch (error) {
        // Without a network there is nothing to be seen; the list tells when it is back.
        if (!(error instanceof ApiProblem)) throw error;
      }
    }
  }
}
