import { readFileSync } from 'node:fs';

/** The agent's bearer token, given or read from a file; does not print itself. */
export class Token {
  readonly #file: string | null;
  #value: string | null;

  constructor(from: { value: string } | { file: string }) {
    this.#file = 'file' in from ? from.file : null;
    this.#value = 'value' in from ? from.value : null;
  }

  /** Reads the file again; false while it does not exist or is empty. @throws when it cannot be read. */
  refresh(): boolean {
    if (this.#file === null) return true;
    try {
      const text = readFileSync(this.#file, 'utf8').trim();
      if (text !== '') this.#value = text;
      return text !== '';
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
  }

  reveal(): string {
    if (this.#value === null) throw new Error('there is no token yet');
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }
}
