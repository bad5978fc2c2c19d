/** Tells who shows or polls what the inventory says that it has changed. Only after the change is committed. */
export class InventoryEvents {
  readonly #listeners = new Set<() => void>();

  /** Returns how to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
