import { AppError } from '../problem.ts';

/** Values that may wait for the store, some 50 MB as columns, before who sends is asked to hold theirs. */
const defaultMost = 4_000_000;
const afterSeconds = 2;

/**
 * How much waits for the store, of whom. From half of what may wait, who has something waiting already has to hold the rest: one
 * agent that makes up for three days does not keep the others out.
 */
export class Waiting {
  readonly #most: number;
  readonly #of = new Map<number, number>();
  #values = 0;

  /** `most`: values that may wait. */
  constructor({ most = defaultMost }: { most?: number } = {}) {
    this.#most = most;
  }

  /** @throws AppError `too-many` when the sender is to come again later */
  check(sender: number): void {
    const own = this.#of.has(sender);
    if (this.#values < (own ? this.#most / 2 : this.#most)) return;
    throw new AppError('too-many', 'The measurement store is busy.', undefined, { afterSeconds });
  }

  /** Counts values as waiting while the work goes on. */
  async during(sender: number, values: number, work: () => Promise<void>): Promise<void> {
    this.#add(sender, values);
    try {
      await work();
    } finally {
      this.#add(sender, -values);
    }
  }

  #add(sender: number, values: number): void {
    this.#values += values;
    const left = (this.#of.get(sender) ?? 0) + values;
    if (left > 0) this.#of.set(sender, left);
    else this.#of.delete(sender);
  }
}
