import { goto } from '$app/navigation';
import { page } from '$app/state';

/**
 * What the address of this page asks for. While a navigation is under way it is what that one asks for: somebody who makes
 * two choices quickly gets both.
 */
export class Address<T extends object> {
  readonly #read: (params: URLSearchParams) => T;
  readonly #write: (asked: T) => string;
  #underWay = $state.raw<T | null>(null);

  /** `read` takes the address as it is, also a senseless one; `write` returns path and query. */
  constructor(options: { read: (params: URLSearchParams) => T; write: (asked: T) => string }) {
    this.#read = options.read;
    this.#write = options.write;
  }

  get asked(): T {
    return this.#underWay ?? this.#read(new URLSearchParams(page.url.search));
  }

  /** Asks for something else too, in place of the present entry of the browser's history. */
  async change(to: Partial<T>): Promise<void> {
    const next = { ...this.asked, ...to };
    this.#underWay = next;
    try {
      await goto(this.#write(next), { replace: true, reset: false });
    } finally {
      if (this.#underWay === next) this.#underWay = null;
    }
  }
}
