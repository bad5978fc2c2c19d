import type { Credential } from './recognise.ts';

/** Sets of credentials in the order in which they are tried: those first that devices have answered most, else as given. */
export class CredentialOrder {
  readonly #credentials: readonly Credential[];
  readonly #answers = new Map<number, number>();

  constructor(credentials: readonly Credential[]) {
    this.#credentials = credentials;
  }

  inTurn(): Credential[] {
    const count = ({ id }: Credential) => this.#answers.get(id) ?? 0;
    return [...this.#credentials].sort((a, b) => count(b) - count(a));
  }

  /** A device has answered this set. */
  answered(id: number): void {
    this.#answers.set(id, (this.#answers.get(id) ?? 0) + 1);
  }
}
