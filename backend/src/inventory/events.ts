import type { Committed } from '../history/changes.ts';

/** Tells who shows or polls what the inventory says that it has changed. Only after the change is committed. */
export class InventoryEvents {
  readonly #listeners = new Set<(committed: Committed) => void>();

  /** Returns how to stop it. */
  onChange(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(committed: Committed): void {
    for (const listener of this.#listeners) listener(committed);
  }
}
