import { SvelteSet } from 'svelte/reactivity';

/** Which rows are chosen, over all pages. Choosing with Shift takes all from the last one on. */
export class Selection {
  readonly #ids = new SvelteSet<number>();
  #anchor: number | null = null;

  get size(): number {
    return this.#ids.size;
  }
  get ids(): readonly number[] {
    return [...this.#ids];
  }
  has(id: number): boolean {
    return this.#ids.has(id);
  }

  /** Chooses a row or no longer; with `range` it and all of `shown` between it and the row before. */
  toggle(id: number, shown: readonly number[], range: boolean): void {
    const chosen = !this.#ids.has(id);
    const from = this.#anchor === null ? -1 : shown.indexOf(this.#anchor);
    const to = shown.indexOf(id);
    if (range && from >= 0 && to >= 0) {
      for (const one of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) this.#ids.add(one);
    } else this.#set(id, chosen);
    this.#anchor = id;
  }
  setAll(ids: readonly number[], chosen: boolean): void {
    for (const id of ids) this.#set(id, chosen);
  }
  clear(): void {
    this.#ids.clear();
    this.#anchor = null;
  }

  #set(id: number, chosen: boolean): void {
    if (chosen) this.#ids.add(id);
    else this.#ids.delete(id);
  }
}
