import { ApiProblem } from '../api/api.ts';
import type { Said } from '../history/undo.svelte.ts';
import type { Orders } from './orders-api.ts';
import { orderProblem } from './words.ts';

/** Writes on one order, one at a time: says what was done and offers to take it back, or says why not. */
export class OrderDesk {
  readonly orders: Orders;
  #said: Said;
  #reload: () => Promise<void>;
  #busy = $state(false);

  constructor(options: { orders: Orders; said: Said; reload: () => Promise<void> }) {
    this.orders = options.orders;
    this.#said = options.said;
    this.#reload = options.reload;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** @returns what was answered; null when it was refused, which has been said then */
  async attempt<Reply extends { readonly changeId: number | null }>(
    work: () => Promise<Reply>,
    text: string,
  ): Promise<Reply | null> {
    if (this.#busy) return null;
    this.#busy = true;
    try {
      const reply = await work();
      this.#said.show({ text, changeId: reply.changeId });
      return reply;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#said.refuse(orderProblem(error));
      return null;
    } finally {
      this.#busy = false;
      await this.#reload();
    }
  }
}
