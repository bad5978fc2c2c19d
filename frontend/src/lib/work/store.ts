import type { Entry, NewEntry } from './queue.ts';

/**
 * Where the queue lies. Each method is one transaction, also between several pages of the same browser; what it promised is still
 * there after a crash.
 */
export interface QueueStore {
  /** Adds at the end. */
  add(entry: NewEntry): Promise<Entry>;
  /** All, in order. */
  list(): Promise<Entry[]>;
  /**
   * Changes one: `change` gets it as it is and gives what is to be there; null deletes it. `change` may be called only while the
   * transaction runs and must not wait. @returns what is there now; null when there was none or it is deleted
   */
  change(seq: number, change: (entry: Entry) => Entry | null): Promise<Entry | null>;
}

/** A queue in memory: for a browser that lets us keep nothing, and for tests. */
export class MemoryStore implements QueueStore {
  readonly #entries = new Map<number, Entry>();
  #last = 0;

  async add(entry: NewEntry): Promise<Entry> {
    const added: Entry = { ...entry, seq: ++this.#last, attempts: 0, trouble: null };
    this.#entries.set(added.seq, added);
    return added;
  }
  async list(): Promise<Entry[]> {
    return [...this.#entries.values()];
  }
  async change(seq: number, change: (entry: Entry) => Entry | null): Promise<Entry | null> {
    const entry = this.#entries.get(seq);
    if (entry === undefined) return null;
    const changed = change(entry);
    if (changed === null) this.#entries.delete(seq);
    else this.#entries.set(seq, changed);
    return changed;
  }
}
