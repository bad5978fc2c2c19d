import { Resolver } from 'node:dns/promises';

const timeoutMs = 1000;
/** A network without such names answers slowly or never: it is not asked for each of its addresses. */
const mostFailures = 3;

/** Names of addresses by DNS, as long as that is cheap. */
export class ReverseLookup {
  readonly #reverse: (address: string) => Promise<string[]>;
  #failures = 0;

  /** @param options.reverse left out: DNS as this machine is set up */
  constructor(options: { reverse?: (address: string) => Promise<string[]> } = {}) {
    const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
    this.#reverse = options.reverse ?? ((address) => resolver.reverse(address));
  }

  /** null: it has no name, or nobody could say in time. */
  async nameOf(address: string): Promise<string | null> {
    if (this.#failures >= mostFailures) return null;
    try {
      const [name] = await this.#reverse(address);
      this.#failures = 0;
      return name === undefined || name === '' ? null : name.slice(0, 255);
    } catch (error) {
      // That there is no name is an answer.
      const code = error instanceof Error && 'code' in error ? error.code : null;
      this.#failures = code === 'ENOTFOUND' || code === 'ENODATA' ? 0 : this.#failures + 1;
      return null;
    }
  }
}
