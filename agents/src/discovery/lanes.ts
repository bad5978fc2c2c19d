/** Lets so many at once through; the others wait in their order. */
export class Lanes {
  readonly #width: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];
  #emptied: PromiseWithResolvers<void> | null = null;

  constructor(width: number) {
    this.#width = width;
  }

  /** Resolves when there is room; each `enter` is followed by one `leave`. */
  async enter(): Promise<void> {
    if (this.#inside < this.#width) {
      this.#inside++;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside--;
    if (this.#inside > 0) return;
    this.#emptied?.resolve();
    this.#emptied = null;
  }

  /** Resolves when nobody is inside any more. */
  async empty(): Promise<void> {
    if (this.#inside === 0) return;
    this.#emptied ??= Promise.withResolvers<void>();
    await this.#emptied.promise;
  }
}
