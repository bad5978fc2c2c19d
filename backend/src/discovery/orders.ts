import type { DiscoveryOrder } from '@rackhaus/config/contract';

/** What agents are to begin or to end, until they ask for it. Whoever gave an order looks after whether it was heard. */
export class DiscoveryOrders {
  readonly #waiting = new Map<number, Map<string, DiscoveryOrder>>();
  readonly #listeners = new Set<() => void>();
  readonly #tooOld = new Set<number>();

  /** An order for the same run takes the place of the one before. */
  give(agentId: number, order: DiscoveryOrder): void {
    const run = 'begin' in order ? order.begin.run : order.cancel;
    const orders = this.#waiting.get(agentId) ?? new Map<string, DiscoveryOrder>();
    this.#waiting.set(agentId, orders.set(String(run), order));
    for (const listener of this.#listeners) listener();
  }

  has(agentId: number): boolean {
    return this.#waiting.has(agentId);
  }

  /** Hands out what waits for an agent. */
  take(agentId: number): DiscoveryOrder[] {
    const orders = this.#waiting.get(agentId);
    this.#waiting.delete(agentId);
    this.#tooOld.delete(agentId);
    return [...(orders?.values() ?? [])];
  }

  /** An agent asked that would not understand orders: they are taken from it. */
  refuse(agentId: number): void {
    if (this.#waiting.delete(agentId)) this.#tooOld.add(agentId);
  }

  /** Whether the agent had to be refused an order because it is too old. */
  isTooOld(agentId: number): boolean {
    return this.#tooOld.has(agentId);
  }

  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
