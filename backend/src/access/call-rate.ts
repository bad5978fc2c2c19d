import { AppError } from '../problem.ts';

const windowMs = 60_000;

/** So many calls a minute for each who calls. In memory, and only of those who have called within it. */
export class CallRate {
  readonly #most: number;
  readonly #now: () => number;
  readonly #calls = new Map<number, number>();
  #began = 0;

  constructor(options: { most: number; now: () => number }) {
    this.#most = options.most;
    this.#now = options.now;
  }

  /** Counts a call. @throws AppError `too-many` with the time to wait */
  count(id: number): void {
    const now = this.#now();
    if (now - this.#began >= windowMs || now < this.#began) {
      this.#calls.clear();
      this.#began = now;
    }
    const calls = (this.#calls.get(id) ?? 0) + 1;
    this.#calls.set(id, calls);
    if (calls <= this.#most) return;
    const afterSeconds = Math.max(1, Math.ceil((this.#began + windowMs - now) / 1000));
    throw new AppError(
      'too-many',
      `This token may call ${this.#most} times a minute. Please wait ${afterSeconds} s.`,
      undefined,
      { afterSeconds },
    );
  }
}
