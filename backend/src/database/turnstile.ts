/**
 * Lets one in at a time, in the order of asking. Who waits longer than `waitMs` is refused with an error: in this program
 * that means that the outer database was used inside a transaction, which waits for itself.
 */
export class Turnstile {
  readonly #waitMs: number;
  readonly #waiting: (() => void)[] = [];
  #occupied = false;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** Resolves when it is the caller's turn; the caller must then {@link leave}. */
  async enter(): Promise<void> {
    if (!this.#occupied) {
      this.#occupied = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        reject(
          new Error(
            `Waited ${this.#waitMs} ms for the database. Is the outer handle used inside a transaction, instead of the transaction's own?`,
          ),
        );
      }, this.#waitMs);
      this.#waiting.push(admit);
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#occupied = false;
    else next();
  }
}
